// What a file says of tokens and pools is held against the chain before anything starts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Deployment } from '#connectors/evm/deployment.ts'
import { checkDeployment } from '#connectors/evm/deployment-check.ts'
import { openPoolWorld } from '#connectors/evm/pools/world.ts'
import { ChainUnavailable, createRpc } from '#connectors/evm/provider.ts'
import { StartError } from '#kernel/start-error.ts'
import { startDexChain } from './dev-chain.ts'

const { chain, rpc, deployment } = await startDexChain()
const { tokens, pairs, v3 } = deployment
const [eth, pool, pair] = [tokens.ETH, v3.pools['ETH-USDC:500'], pairs['ETH-USDC']]
assert.ok(eth !== undefined && pool !== undefined && pair !== undefined)
const NOBODY = `0x${'12'.repeat(20)}`

async function said(changes: Partial<Deployment>): Promise<string> {
  try {
    await checkDeployment(rpc, { ...deployment, ...changes })
    return 'nothing'
  } catch (error) {
    assert.ok(error instanceof StartError, String(error))
    return error.message
  }
}

const withPool = (changes: object): Partial<Deployment> => ({
  v3: { ...v3, pools: { ...v3.pools, 'ETH-USDC:500': { ...pool, ...changes } } },
})

test('what was deployed fits', async () => {
  assert.equal(await said({}), 'nothing')
})

test('decimals that the token does not have stop everything, by name and number', async () => {
  for (const decimals of [6, 17, 19]) {
    assert.equal(
      await said({ tokens: { ...tokens, ETH: { ...eth, decimals } } }),
      `tokens.ETH: the file says decimals ${decimals}, the chain 18`,
    )
  }
  const deployed = { ...deployment, tokens: { ...tokens, ETH: { ...eth, decimals: 6 } } }
  await assert.rejects(openPoolWorld({ url: chain.url, deployment: deployed }), StartError)
})

test('an address without a token, or a pool of other tokens, is said by its name', async () => {
  assert.equal(
    await said({ tokens: { ...tokens, ETH: { ...eth, address: NOBODY } } }),
    `tokens.ETH: ${NOBODY} has no decimals`,
  )
  const turned = { ...pair, baseIsToken0: !pair.baseIsToken0 }
  assert.match(
    await said({ pairs: { ...pairs, 'ETH-USDC': turned } }),
    /^pairs\.ETH-USDC: the file says token0 0x\w+, the chain 0x\w+$/,
  )
  assert.equal(
    await said(withPool({ fee: 3_000 })),
    'v3.pools.ETH-USDC:500: the file says fee 3000, the chain 500',
  )
  assert.match(await said(withPool({ tickSpacing: 60 })), /tickSpacing 60, the chain 10$/)
  assert.match(await said(withPool({ address: pair.address })), /has no fee$/)
})

test('another chain is none of ours, and one that does not answer is no difference', async () => {
  assert.equal(await said({ chainId: 1 }), 'chainId: the file says 1, the chain 31337')
  const nowhere = createRpc({ url: 'http://127.0.0.1:9', chainId: 31_337, timeoutMs: 200 })
  await assert.rejects(checkDeployment(nowhere, deployment), ChainUnavailable)
})
