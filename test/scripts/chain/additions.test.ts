// Tokens and pools put on a chain that runs: they can be traded, and the executor lists them.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { Interface } from 'ethers'
import { readArtifact } from '#connectors/evm/artifacts.ts'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { createKeys } from '#connectors/evm/keys.ts'
import { read } from '#connectors/evm/provider.ts'
import { text } from '#connectors/evm/quantity.ts'
import { addV3Pool } from '#scripts/chain/additions.ts'
import { readChainFile, writeChainFile } from '#scripts/chain/chain-file.ts'
import { createChainControl } from '#scripts/chain/control.ts'
import { deploy } from '#scripts/chain/deploy.ts'
import { main } from '#scripts/chain/deploy-command.ts'
import { startLocalChain } from '#scripts/chain/local-chain.ts'
import { createScenarios } from '#scripts/chain/scenarios/scenarios.ts'

const MNEMONIC = 'test test test test test test test test test test test junk'
const funded = { mnemonic: MNEMONIC, count: 1 }
const chain = await startLocalChain({ port: 0, chainId: 31_337, funded })
after(() => chain.stop())
const { rpc } = chain
const control = createChainControl(rpc, 'hardhat')
const deployer = createKeys(MNEMONIC).wallet('deployer', 0)
await control.setBalance(deployer.address, 10n ** 24n)
const seeds = { pools: [], mints: [], instanceId: `0x${'ef'.repeat(32)}` }
const folder = mkdtempSync(join(tmpdir(), 'additions-'))
after(() => rmSync(folder, { recursive: true }))
writeChainFile(folder, { rpcUrl: chain.url, deployment: await deploy({ rpc, deployer, ...seeds }) })
const world = () => ({ rpc, control, deployment: readChainFile(folder).deployment })
const executor = new Interface([...readArtifact('SwapExecutor').abi])

async function run(t: TestContext, line: string) {
  const printed = t.mock.method(console, 'log', () => {})
  assert.equal(await main([...line.split(' '), '--data', folder]), 0, line)
  const said = printed.mock.calls.map(({ arguments: [row] }) => String(row))
  printed.mock.restore()
  return said
}

async function isListed(pool: string): Promise<boolean> {
  const data = executor.encodeFunctionData('listingOf', [pool])
  const call = { to: world().deployment.executor, data }
  const answer = text(await read(rpc, 'eth_call', [call, 'latest']))
  return !/^0x0*$/.test(answer)
}

test('a token and its pools of both kinds stand, are listed and can be traded', async (t) => {
  const gasOf = () => read(rpc, 'eth_getBalance', [deployer.address, 'latest'])
  const gas = await gasOf()
  const [token = ''] = await run(t, 'deploy token EURC --decimals 6')
  assert.match(token, /^EURC +0x[0-9a-fA-F]{40} +EURC +6$/)
  const amounts = '--base-amount 50000 --quote-amount 54000.5'
  const [pair = ''] = await run(t, `deploy pool EURC-USDC ${amounts}`)
  assert.match(pair, /^EURC-USDC +0x[0-9a-fA-F]{40} 1[.]08001$/)
  await run(t, `deploy pool EURC-USDC --fee 500 ${amounts}`)
  await run(t, 'deploy pool ETH-EURC --base-amount 10 --quote-amount 20000')
  assert.equal(await gasOf(), gas) // The owner's own ether is as it was.
  const { deployment } = world()
  const pools = [...Object.values(deployment.pairs), ...Object.values(deployment.v3.pools)]
  assert.equal(pools.length, 3)
  for (const { address } of pools) assert.ok(await isListed(address), address)
  assert.equal(await isListed(tokenOf(deployment, 'EURC').address), false)
  const scenarios = createScenarios(world())
  for (const pool of ['EURC-USDC', 'EURC-USDC:500', 'ETH-EURC']) {
    const { before, after: moved } = await scenarios.depeg({ pool, percent: -10 })
    assert.ok(Math.abs(moved / before - 0.9) < 1e-6, pool)
  }
  assert.equal((await run(t, 'list')).length, 4 + 3)
  const tall = JSON.parse((await run(t, 'list --json')).at(-1) ?? '')
  assert.deepEqual(Object.keys(tall), ['name', 'address', 'price'])
})

test('what does not fit is one line, and nothing stands of it', async () => {
  const before = readChainFile(folder)
  for (const [line, message] of [
    ['token usd', /2 to 10 capitals, not 'usd'/],
    ['token USDC', /USDC is there already/],
    ['token GBPC --decimals 19', /at most 18 decimals/],
    ['pool ETHUSDC --base-amount 1 --quote-amount 1', /'ETHUSDC' is no BASE-QUOTE/],
    ['pool ETH-XYZ --base-amount 1 --quote-amount 1', /no token XYZ/],
    ['pool ETH-ETH --base-amount 1 --quote-amount 1', /ETH-ETH is no market/],
    ['pool ETH-BTC --base-amount 1', /--quote-amount is missing/],
    ['pool ETH-BTC --base-amount 1 --quote-amount 0.5', /at least one coin/],
    ['pool ETH-BTC --fee 400 --base-amount 1 --quote-amount 1', /--fee is one of 100, 500/],
    ['pool EURC-USDC --base-amount 1 --quote-amount 1', /EURC-USDC is there already/],
  ] as const) {
    const args = ['deploy', ...line.split(' '), '--data', folder]
    await assert.rejects(main(args), { name: 'StartError', message })
  }
  const [one, coin] = [10n ** 18n, 10n ** 8n]
  const seed = { market: 'ETH-BTC', base: 'ETH', quote: 'BTC', fee: 100 as const }
  const short = { ...seed, baseAmount: one, quoteAmount: coin - 1n }
  await assert.rejects(addV3Pool(world(), short), /at least one coin/)
  assert.deepEqual(readChainFile(folder), before)
})

test('the chain of the demo, whose node has no accounts, is left alone', async (t) => {
  const demo = await startLocalChain({ port: 0, chainId: 31_337 })
  t.after(demo.stop)
  const own = mkdtempSync(join(tmpdir(), 'additions-demo-'))
  t.after(() => rmSync(own, { recursive: true }))
  writeChainFile(own, { rpcUrl: demo.url, deployment: world().deployment })
  const token = ['deploy', 'token', 'GBPC', '--data', own]
  await assert.rejects(main(token), { message: /is not one that npm run chain started/ })
  await demo.stop()
  await assert.rejects(main(token), { name: 'StartError', message: /did not do it/ })
})

test('a command that is none is exit code 2 and the usage', async (t) => {
  const told = t.mock.method(console, 'error', () => {})
  for (const line of ['deploy', 'deploy token', 'deploy market A-B', 'list all', 'list --colour']) {
    assert.equal(await main(line.split(' ')), 2, line)
    assert.match(String(told.mock.calls.at(-1)?.arguments[0]), /^usage: npm run chain -- deploy/)
  }
})
