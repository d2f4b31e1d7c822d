// ChainReset: one chain follows another and no token is lost or made, whatever was in flight.
// INV-12: custody and deposit addresses hold what the ledger owes, before and after.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Wallet as RandomWallet } from 'ethers'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { transferCall } from '#connectors/evm/erc20.ts'
import { createSender } from '#scripts/chain/sender.ts'
import { createAudit } from '#scripts/demo/audit.ts'
import { loadPrices } from '#scripts/demo/prices.ts'
import { custodyEqual, ledgerSumsZero } from '#scripts/demo/proofs.ts'
import { openWorld, type World, type WorldDeps } from '#scripts/demo/world.ts'
import type { Reply, Sequencer } from '#sequencer/port.ts'
import { CUSTOMER, clock, createSmallPlatform, until } from '#test/wallet/small-platform.ts'
import { paidTo } from '#test/wallet/small-wallet.ts'

let platform = await createSmallPlatform()
const { keys, folder: dataFolder } = platform
const prices = loadPrices(new Map(), {})
const lines: string[] = []
/** Kinds of commands that are not submitted any more, as if the process had ended before. */
const lost = new Set<string>()
const ghosts: (() => void)[] = []
const isStuck = () => ghosts.length > 0
const nothing: Reply = { seq: 0, code: null, duplicate: false, events: [] }
let world: World = await openWorld(deps())
platform.beforeClose(() => world.close())

function deps(): WorldDeps {
  const { sequencer, views, pool } = platform
  const submit: Sequencer['submit'] = (body) =>
    lost.has(body.kind)
      ? new Promise((resolve) => ghosts.push(() => resolve(nothing)))
      : sequencer.submit(body)
  const log = (line: string) => void lines.push(line)
  return {
    ...{ sequencer: { submit }, views, pool, keys, prices, dataFolder, clock, log },
    chainPort: 0,
  }
}

const bot = keys.wallet('bots', 0)
const USDC = 10n ** 6n
const UNIT = 10n ** 10n // Of WETH in one ledger unit of ETH.

async function send(payments: readonly (readonly [asset: string, to: string, amount: bigint])[]) {
  const { rpc, deployment } = world.chain
  const sender = await createSender(rpc, bot)
  for (const [asset, to, amount] of payments) {
    await sender.send(transferCall(tokenOf(deployment, asset).address, to, amount))
  }
  await sender.settled()
}

const addressOf = async (asset: string) =>
  (await world.wallet.depositAddress(CUSTOMER, asset)) ?? ''
const holdings = async (holder: string) => {
  const { balances, deployment, heads } = world.chain
  const { number } = await heads.refresh()
  const tokens = ['USDC', 'BTC', 'ETH'].map((asset) => tokenOf(deployment, asset).address)
  return balances(
    tokens.map((token) => ({ token, holder })),
    number,
  )
}

/** What everybody holds but custody and deposit addresses, the pairs' reserves, and all of V3. */
async function outside() {
  const { chain } = world
  const market = (symbol: string) => {
    const { reserveBase, reserveQuote } = chain.pools.get(symbol) ?? {}
    return [reserveBase, reserveQuote]
  }
  await chain.heads.refresh()
  const bots = await holdings(bot.address)
  const v3 = Object.values(chain.deployment.v3.pools).map(({ address }) => address)
  const parts = await Promise.all([keys.address('providers', 0), ...v3].map(holdings))
  const provided = [0, 1, 2].map((at) => parts.reduce((sum, held) => sum + (held[at] ?? 0n), 0n))
  return { bots, pools: [market('BTC-USDC'), market('ETH-USDC')], provided }
}

async function assertWhole() {
  assert.equal(await custodyEqual({ views: platform.views, world }), true)
  assert.equal(ledgerSumsZero(platform.views), true)
}

async function restart() {
  lines.length = 0
  await world.close()
  world = await openWorld(deps())
  assertEqualSums()
}

function assertEqualSums() {
  const sums = lines.filter((line) => line.startsWith('chain reset'))
  assert.equal(sums.length, 3, sums.join('\n'))
  for (const line of sums) assert.match(line, /, equal$/)
}

test('a deposit of each token is credited once and swept; dust of ETH is carried', async () => {
  const [usdc, btc, eth] = ['USDC', 'BTC', 'ETH'].map((symbol) => platform.cash(symbol))
  const to = await addressOf('USDC')
  assert.equal(await addressOf('ETH'), to)
  await send([
    ['USDC', to, 25n * USDC],
    ['BTC', to, 1_000n],
    ['ETH', to, 3n * UNIT + 4n],
    ['ETH', to, UNIT - 3n],
  ])
  await world.settled()
  assert.deepEqual(
    ['USDC', 'BTC', 'ETH'].map((symbol) => platform.cash(symbol)),
    [(usdc ?? 0) + 25_000_000, (btc ?? 0) + 1_000, (eth ?? 0) + 4],
  )
  assert.equal(world.wallet.dust('ETH'), 1n)
  await assertWhole()
  let left: readonly bigint[] = []
  await until(() => {
    void holdings(to).then((found) => {
      left = found
    })
    return left.length === 3 && left.every((amount) => amount === 0n)
  }, 'the deposits are not swept')
  await assertWhole()
})

test('a new chain has the wallets and pools of the one before, with equal sums', async () => {
  const before = await outside()
  await restart()
  assert.deepEqual(await outside(), before)
  await assertWhole()
})

test('tokens sent straight to custody and a sweep under way do not disturb a reset', async () => {
  const cash = platform.cash('USDC')
  const gift = 9n * USDC
  await send([
    ['USDC', keys.address('custody', 0), gift],
    ['USDC', await addressOf('USDC'), 8n * USDC],
  ])
  await world.settled()
  assert.equal(platform.cash('USDC'), cash + 8_000_000)
  assert.equal(world.wallet.dust('USDC'), gift)
  await assertWhole()
  await restart()
  assert.equal(world.wallet.dust('USDC'), gift)
  await assertWhole()
})

const custodyPaid = async (to: string) => paidTo(world.chain, keys.address('custody', 0), to)

test('after a kill the new chain pays what was open and credits what was missing', async () => {
  const before = platform.cash('USDC')
  const people = Array.from({ length: 3 }, () => RandomWallet.createRandom().address)
  const [mined = '', alsoMined = '', unsigned = ''] = people
  for (const kind of ['credit', 'settleWithdrawal']) lost.add(kind)
  const recorded = (await holdings(bot.address))[0] ?? 0n
  await send([['USDC', await addressOf('USDC'), 7n * USDC]])
  await until(isStuck, 'the deposit came to no row')
  await platform.withdraw('USDC', 2_000_000, mined)
  await platform.withdraw('USDC', 2_000_000, alsoMined)
  await until(
    () => platform.views.openWithdrawals().every(({ signed }) => signed !== null),
    'signed',
  )
  lost.add('signWithdrawal')
  await platform.withdraw('USDC', 2_000_000, unsigned)
  await send([['USDC', await addressOf('USDC'), 6n * USDC]]) // In no row: it never happened.
  await kill()
  lines.length = 0
  world = await openWorld(deps())
  assertEqualSums()
  await world.settled()
  for (const to of people) assert.deepEqual(await custodyPaid(to), [2_000_000n])
  assert.equal(platform.cash('USDC'), before + 7_000_000 - 6_000_030)
  assert.equal((await holdings(bot.address))[0], recorded - 7n * USDC)
  await assertWhole()
})

test('a payment that was recorded before the kill is settled and not made again', async () => {
  const before = platform.cash('USDC')
  const to = RandomWallet.createRandom().address
  lost.add('settleWithdrawal')
  const id = await platform.withdraw('USDC', 2_000_000, to)
  await until(isStuck, 'the payment came to no row')
  assert.deepEqual(await custodyPaid(to), [2_000_000n])
  await kill()
  world = await openWorld(deps())
  await world.settled()
  assert.equal(platform.views.withdrawal(id)?.status, 'settled')
  assert.deepEqual(await custodyPaid(to), [])
  assert.equal(platform.cash('USDC'), before - 2_000_010)
  await assertWhole()
})

/** The chain's process is killed, the ledger opened anew; what the old wallet does now is lost. */
async function kill() {
  for (const kind of ['chainReset', 'failWithdrawal']) lost.add(kind)
  process.kill(world.chain.local.pid, 'SIGKILL')
  await world.chain.local.ended
  platform = await platform.reopen()
  for (const answer of ghosts.splice(0)) answer()
  await world.close()
  lost.clear()
}

test('a chain over its ceiling is replaced while all trade, and nothing leaks', async () => {
  const audit = createAudit({ views: platform.views, keys, world })
  await audit.begin()
  const replaced = Promise.withResolvers<void>()
  const unwatch = world.watch({
    ...{ ceilingMb: 1, lookMs: 300 },
    onEnding: audit.chainEnds,
    async onNewChain() {
      await audit.chainBegins()
      replaced.resolve()
    },
  })
  const instance = world.wallet.status().instance
  const before = platform.cash('USDC')
  let isOver = false
  const over = replaced.promise.then(unwatch).then(() => {
    isOver = true
  })
  const rounds = { all: 0, after: 0 }
  while (rounds.after < 3) {
    rounds.all += 1
    if (isOver) rounds.after += 1
    await platform.withdraw('USDC', 1_000_000, keys.address('swappers', 0))
    const address = await addressOf('USDC')
    await send([['USDC', address, 2n * USDC]]).then(
      () => {},
      (error) => assert.equal(error.name, 'ChainUnavailable'),
    )
  }
  await over
  assert.notEqual(world.wallet.status().instance, instance)
  const leaks = await audit.end()
  assert.deepEqual(leaks, { USDC: 0n, BTC: 0n, ETH: 0n, native: 0n })
  const credited = platform.cash('USDC') - before + rounds.all * 1_000_010
  assert.ok(credited >= 6_000_000 && credited <= rounds.all * 2_000_000, `${credited}`)
  await assertWhole()
})

test('a chain that dies is followed by another one', async () => {
  const next = Promise.withResolvers<void>()
  const unwatch = world.watch({ lookMs: 100, onNewChain: () => next.resolve() })
  const { pid } = world.chain.local
  process.kill(pid, 'SIGKILL')
  const paid = platform.withdraw('USDC', 1_000_000, keys.address('swappers', 0))
  await next.promise
  await unwatch()
  assert.notEqual(world.chain.local.pid, pid)
  await paid
  await world.settled()
  assert.equal(platform.views.openWithdrawals().length, 0)
  await assertWhole()
})
