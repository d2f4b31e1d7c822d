// crossbook/hardhat as a program sees it: the fixture in the same process as the network.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDex } from 'crossbook/hardhat'
import { network } from 'hardhat'
import { balanceOf } from '#scripts/chain/scenarios/world.ts'

const DOLLARS = 10n ** 6n
const SOMEBODY = '0x5000000000000000000000000000000000000005'
const POOL = {
  market: 'BTC-USDC',
  base: 'BTC',
  quote: 'USDC',
  baseAmount: 10n ** 8n,
  quoteAmount: 50_000n * DOLLARS,
}

test('the same things stand at the same addresses, on a network of their own each', async () => {
  const options = { pools: [POOL], v3Pools: [{ ...POOL, fee: 100 as const }], accounts: [] }
  const [first, second] = await Promise.all([network.create(), network.create()])
  const dex = await createDex(first.provider, options)
  assert.deepEqual((await createDex(second.provider, options)).deployment, dex.deployment)
  assert.deepEqual(dex.pools, ['BTC-USDC', 'BTC-USDC:100'])
  assert.equal(await dex.scenarios.price('BTC-USDC'), 50_000)
  await assert.rejects(createDex(first.provider), { message: /has the pools already/ })
})

test('the accounts of the network have tokens, and anybody can get some', async () => {
  const { provider } = await network.create()
  const dex = await createDex(provider, { v3Pools: [] })
  const rpc = {
    chainId: 31_337,
    ask: async (method: string, params: readonly unknown[]) => {
      return { kind: 'ok' as const, result: await provider.request({ method, params }) }
    },
  }
  const accounts: string[] = await provider.request({ method: 'eth_accounts' })
  const owned = (asset: string, holder = '') => balanceOf(rpc, dex.token(asset), holder)
  assert.equal(await owned('USDC', accounts.at(-1)), 1_000_000n * DOLLARS)
  for (const asset of ['USDC', 'BTC', 'ETH']) {
    await dex.fund(SOMEBODY, asset, 123n)
    assert.equal(await owned(asset, SOMEBODY), 123n)
  }
  const blocks = dex.scenarios.reorg({ blocks: 1 })
  await assert.rejects(blocks, /anvil_rollback/) // Hardhat itself goes back to marks alone.
  const mark = await dex.scenarios.snapshot()
  await dex.fund(SOMEBODY, 'USDC', 1n)
  await dex.scenarios.reorg({ mark })
  assert.equal(await owned('USDC', SOMEBODY), 123n)
})
