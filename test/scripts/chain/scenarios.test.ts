// Scenarios on a real Hardhat chain: what each of them says has happened has happened on chain.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { parseUnits } from 'ethers'
import { readHead } from '#connectors/evm/heads.ts'
import { createKeys } from '#connectors/evm/keys.ts'
import { read } from '#connectors/evm/provider.ts'
import { writeChainFile } from '#scripts/chain/chain-file.ts'
import { createChainControl } from '#scripts/chain/control.ts'
import { deploy } from '#scripts/chain/deploy.ts'
import { startLocalChain } from '#scripts/chain/local-chain.ts'
import { POOLS, V3_POOLS } from '#scripts/chain/local-pools.ts'
import { main } from '#scripts/chain/scenario-command.ts'
import { createActor } from '#scripts/chain/scenarios/actor.ts'
import { createScenarios } from '#scripts/chain/scenarios/scenarios.ts'
import { balanceOf, poolNames } from '#scripts/chain/scenarios/world.ts'

const MNEMONIC = 'test test test test test test test test test test test junk'
const SOMEBODY = '0x5000000000000000000000000000000000000005'
const GWEI = 10n ** 9n

const funded = { mnemonic: MNEMONIC, count: 1 }
const chain = await startLocalChain({ port: 0, chainId: 31_337, rollsBack: true, funded })
after(() => chain.stop())
const { rpc } = chain
const control = createChainControl(rpc, 'hardhat')
const deployer = createKeys(MNEMONIC).wallet('deployer', 0)
await control.setBalance(deployer.address, 10n ** 24n)
const seeds = { pools: POOLS, v3Pools: V3_POOLS, mints: [], instanceId: `0x${'cd'.repeat(32)}` }
const deployment = await deploy({ rpc, deployer, ...seeds })
const world = { rpc, control, deployment }
const scenarios = createScenarios(world)
const usdc = deployment.tokens.USDC?.address ?? ''
const somebody = await createActor(world, SOMEBODY)
const head = () => readHead(rpc, 'latest')
const owned = () => balanceOf(rpc, usdc, SOMEBODY)

/** Whatever a test does to the chain is gone after it. */
async function restored(t: TestContext) {
  const mark = await scenarios.snapshot()
  t.after(() => scenarios.back(mark))
}

test('back leads to the marked state, once', async () => {
  const mark = await scenarios.snapshot()
  const before = await head()
  await somebody.fund('USDC', 5n)
  assert.equal(await owned(), 5n)
  await scenarios.back(mark)
  assert.deepEqual([await owned(), (await head()).hash], [0n, before.hash])
  await assert.rejects(scenarios.back(mark), { message: `the chain has no mark ${mark}` })
})

test('a journey in time ends in a block of that time', async (t) => {
  await restored(t)
  const { timestamp } = await head()
  const there = await scenarios.travel(86_400)
  assert.ok(there.timestamp - timestamp >= 86_400 && there.timestamp - timestamp < 86_430)
  assert.deepEqual(there.timestamp, (await head()).timestamp)
})

test('a reorganisation takes exactly so many blocks back and mines other ones', async () => {
  await somebody.fund('USDC', 7n)
  const kept = await head()
  await somebody.fund('USDC', 11n)
  await somebody.fund('USDC', 13n)
  const { number, hash } = await head()
  const { common, before, after: new_ } = await scenarios.reorg({ blocks: number - kept.number })
  assert.deepEqual([common, before.number, before.hash], [kept.number, number, hash])
  assert.equal(await owned(), 7n)
  assert.deepEqual([new_.number, (await head()).hash], [number + 1, new_.hash])
  assert.notEqual((await readHead(rpc, number)).hash, hash)
  assert.equal((await readHead(rpc, kept.number)).hash, kept.hash)
})

test('empty blocks are replaced by other empty blocks', async () => {
  for (const mined of [1, 1, 3]) {
    await control.mine(mined)
    const { number, hash } = await head()
    const { common } = await scenarios.reorg({ blocks: 1 })
    assert.equal(common, number - mined) // What was mined in one go is taken back in one go.
    assert.notEqual((await readHead(rpc, number)).hash, hash)
  }
})

test('a reorganisation since a mark is one too, and none goes below the deployment', async () => {
  const mark = await scenarios.snapshot()
  const before = await owned()
  await somebody.fund('USDC', 17n)
  await scenarios.reorg({ mark })
  assert.equal(await owned(), before)
  await assert.rejects(scenarios.reorg({ blocks: 1_000 }), /blocks stand upon the deployment/)
})

test('requests that come at once each leave a state to go back to', async (t) => {
  await restored(t)
  const before = await owned()
  await somebody.fund('USDC', 100n)
  const start = await head()
  await Promise.all(Array.from({ length: 8 }, () => control.mine(1)))
  await control.rollBack(5)
  assert.equal((await head()).number, start.number + 3)
  assert.equal(await owned(), before + 100n)
})

test('a spike of the base fee stays for its blocks and then falls', async (t) => {
  await restored(t)
  const {
    before,
    after: spiked,
    block,
  } = await scenarios.gasSpike({
    ...{ baseFeeWei: 500n * GWEI, blocks: 3 },
  })
  assert.ok(before < 500n * GWEI)
  for (const number of [block - 2, block - 1, block]) {
    assert.equal((await readHead(rpc, number)).baseFeePerGas, spiked)
  }
  await control.mine(1)
  assert.ok((await head()).baseFeePerGas < spiked)
})

for (const [name, percent, trades] of [
  ['BTC-USDC', -20, 1],
  ['BTC-USDC', 35, 3],
  ['ETH-USDC', -90, 1],
  ['ETH-USDC:500', -20, 4],
  ['BTC-USDC:3000', 10, 1],
  ['BTC-USDC:500', -3, 1],
] as const) {
  test(`the price of ${name} moves by ${percent} % in ${trades} trades`, async (t) => {
    await restored(t)
    const other = name === 'BTC-USDC' ? 'BTC-USDC:500' : 'BTC-USDC'
    const calm = await scenarios.price(other)
    const {
      before,
      after: moved,
      transactions,
    } = await scenarios.depeg({
      ...{ pool: name, percent, trades },
    })
    assert.equal(transactions.length, trades)
    assert.ok(Math.abs(moved / before - (1 + percent / 100)) < 1e-6, `${before} to ${moved}`)
    assert.deepEqual([await scenarios.price(name), await scenarios.price(other)], [moved, calm])
  })
}

test('a price moves neither by nothing nor below nothing', async () => {
  for (const percent of [0, -100, 10_001, Number.NaN]) {
    await assert.rejects(scenarios.depeg({ pool: 'ETH-USDC', percent }), /cannot move by/)
  }
  await assert.rejects(scenarios.depeg({ pool: 'ETH-EUR', percent: 1 }), {
    message: `there is no pool ETH-EUR: ${poolNames(deployment).join(', ')}`,
  })
})

// Where liquidity is dense around the price, only a great swap is worth the fees of an attack.
for (const [pool, swap] of [
  ['ETH-USDC', '50000'],
  ['ETH-USDC:500', '900000'],
  ['BTC-USDC:3000', '1500000'],
] as const) {
  test(`a sandwich in ${pool} takes from who takes any price, not from who minds`, async (t) => {
    await restored(t)
    const amountIn = parseUnits(swap, 6)
    const plan = { pool, attack: amountIn }
    const hit = await scenarios.sandwich({ ...plan, victim: { amountIn } })
    assert.equal(hit.isVictimReverted, false)
    assert.ok(hit.attackerProfit > 0n, String(hit.attackerProfit))
    assert.ok(hit.victimReceived > 0n && hit.victimReceived < (hit.victimQuoted ?? 0n))
    const missed = await scenarios.sandwich({ ...plan, victim: { amountIn, tolerance: 5_000 } })
    assert.deepEqual([missed.isVictimReverted, missed.victimReceived], [true, 0n])
    assert.ok(missed.attackerProfit < 0n)
  })
}

test('a sandwich leaves the chain mining by itself, also when it fails', async () => {
  const victim = { from: SOMEBODY, to: usdc, data: '0x' }
  const plan = { pool: 'ETH-USDC', attack: 10n ** 9n, victim }
  assert.equal((await scenarios.sandwich(plan)).isVictimReverted, true)
  await assert.rejects(scenarios.sandwich({ ...plan, victim: { ...victim, to: '0x1' } }))
  const { number } = await head()
  await somebody.approve('USDC', deployment.router, 1n)
  assert.equal((await head()).number, number + 1)
  assert.equal(await read(rpc, 'hardhat_getAutomine', []), true)
})

test('the command does all of it on the chain of chain.json', async (t) => {
  await restored(t)
  const folder = mkdtempSync(join(tmpdir(), 'scenarios-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeChainFile(folder, { rpcUrl: chain.url, deployment })
  const printed = t.mock.method(console, 'log', () => {})
  const run = async (line: string) => {
    assert.equal(await main([...line.split(' '), '--data', folder, '--json']), 0, line)
    return JSON.parse(String(printed.mock.calls.at(-1)?.arguments[0]))
  }
  const { mark } = await run('snapshot')
  await run('depeg --pool ETH-USDC --percent -20 --trades 2')
  await run('reorg --blocks 1')
  assert.equal((await run('gas-spike --gwei 70.5')).after, '70500000000')
  await run('travel --seconds 60')
  const { attackerProfit } = await run('sandwich --pool ETH-USDC:500 --amount 20000.5')
  assert.match(attackerProfit, /^-?\d+[.]\d+ USDC$/)
  assert.deepEqual(await run(`back --mark ${mark}`), { mark })
  await run(`reorg --mark ${await scenarios.snapshot()}`)
})

test('the command refuses what does not fit in one line', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'scenarios-'))
  t.after(() => rmSync(folder, { recursive: true }))
  await assert.rejects(main(['snapshot', '--data', folder]), { name: 'StartError' })
  writeChainFile(folder, { rpcUrl: chain.url, deployment })
  for (const [line, message] of [
    ['travel', /--seconds is missing/],
    ['reorg --blocks 0', /whole number from 1, not '0'/],
    ['depeg --pool ETH-USDC --percent much', /'much' is no decimal/],
    ['gas-spike --gwei 0.0000000001', /at most 9 decimals/],
    ['reorg --blocks 100000', /stand upon the deployment/],
  ] as const) {
    const args = [...line.split(' '), '--data', folder]
    await assert.rejects(main(args), { name: 'StartError', message })
  }
  const told = t.mock.method(console, 'error', () => {})
  assert.equal(await main(['travel', '--mark', '0x1']), 2)
  assert.match(String(told.mock.calls[0]?.arguments[0]), /Unknown option '--mark'/)
})
