// The local chain as a process: it starts, deploys at the given prices, and never outlives its
// parent.

import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { readHead } from '#connectors/evm/heads.ts'
import { createKeys } from '#connectors/evm/keys.ts'
import { createRpc, read } from '#connectors/evm/provider.ts'
import { readReserves } from '#connectors/evm/uniswap-v2/pool-state.ts'
import { createChainControl } from '#scripts/chain/control.ts'
import { deploy, readInstance } from '#scripts/chain/deploy.ts'
import { startLocalChain } from '#scripts/chain/local-chain.ts'

const MNEMONIC = 'test test test test test test test test test test test junk'
const ROOT = resolve(import.meta.dirname, '../../..')

async function startAndDeploy(t: { after(end: () => Promise<void>): void }) {
  const chain = await startLocalChain({ port: 0, chainId: 31_337 })
  t.after(chain.stop)
  const deployer = createKeys(MNEMONIC).wallet('deployer', 0)
  await createChainControl(chain.rpc, 'hardhat').setBalance(deployer.address, 10n ** 24n)
  const instanceId = `0x${'ab'.repeat(32)}`
  const pools = [
    {
      market: 'ETH-USDC',
      base: 'ETH',
      quote: 'USDC',
      baseAmount: 7n * 10n ** 18n,
      quoteAmount: 21_000n * 10n ** 6n,
    },
  ]
  const deployment = await deploy({ rpc: chain.rpc, deployer, instanceId, pools, mints: [] })
  return { chain, deployment, instanceId }
}

test('the same options give the same addresses and reserves on the next chain', async (t) => {
  const [first, second] = [await startAndDeploy(t), await startAndDeploy(t)]
  assert.deepEqual(first.deployment, second.deployment)
  for (const { chain, deployment } of [first, second]) {
    const pair = deployment.pairs['ETH-USDC']
    const head = await readHead(chain.rpc, 'latest')
    const slots = await readReserves(chain.rpc, pair?.address ?? '', head)
    const [base, quote] = pair?.baseIsToken0 ? slots : [slots[1], slots[0]]
    assert.deepEqual([base, quote], [7n * 10n ** 18n, 21_000n * 10n ** 6n])
    assert.equal(tokenOf(deployment, 'ETH').decimals, 18)
  }
})

test('the marker tells the instance, and an empty chain has none', async (t) => {
  const { chain, deployment, instanceId } = await startAndDeploy(t)
  const { address } = deployment.instance
  assert.equal(await readInstance(chain.rpc, address), instanceId)
  const empty = await startLocalChain({ port: 0, chainId: 31_337 })
  t.after(empty.stop)
  assert.equal(await readInstance(empty.rpc, address), undefined)
})

test('an idle chain mines nothing', async (t) => {
  const chain = await startLocalChain({ port: 0, chainId: 31_337 })
  t.after(chain.stop)
  await new Promise((done) => setTimeout(done, 1_500))
  assert.equal(await read(chain.rpc, 'eth_blockNumber', []), '0x0')
})

test('a port in use is one clear line', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await assert.rejects(startLocalChain({ port, chainId: 31_337 }), {
    name: 'StartError',
    message: `port ${port} of the local chain is in use (CHAIN_PORT)`,
  })
})

test('the chain ends when its parent is killed', async (t) => {
  const parentFile = fileURLToPath(new URL('./chain-parent.ts', import.meta.url))
  const parent = fork(parentFile, { cwd: ROOT })
  const [told] = await once(parent, 'message')
  const { pid, url } = told as { pid: number; url: string } // by chain-parent.ts
  t.after(() => isAlive(pid) && process.kill(pid, 'SIGKILL')) // A failure must not leave it.
  const rpc = createRpc({ url, chainId: 31_337, timeoutMs: 60_000 })
  assert.equal(await read(rpc, 'eth_chainId', []), '0x7a69')
  parent.kill('SIGKILL')
  for (let tries = 0; isAlive(pid) && tries < 600; tries++) {
    await new Promise((done) => setTimeout(done, 100))
  }
  assert.equal(isAlive(pid), false)
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
