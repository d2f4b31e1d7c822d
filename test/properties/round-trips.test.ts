// A round trip never profits: whatever is done after whatever, nobody gains by rounding.
//
// A customer opens by any operation and closes by any other, after the fees were changed. Others
// meet him at one price, where his wealth can change by fees alone. For every pair it holds that
//   1. he has at most his fair share: fees exact to a millionth, never rounded in his favour;
//   2. he has at most what rebates the others' fees paid for: without them he never gains;
//   3. no order pays a unit too much as maker or as taker, and the fee account has what it paid;
//   4. fees pay nothing out, nothing comes to the dust account, and every asset adds up to 0.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { OrderType, SelfTrade, TimeInForce } from '#engine/command.ts'
import type { Event, Fill } from '#engine/event.ts'
import { asId } from '#kernel/ids.ts'
import { createFairShare, worthAt } from '#test/support/fair-share.ts'
import { AROUND } from '#test/support/round-trips/around.ts'
import { AT_ONCE } from '#test/support/round-trips/at-once.ts'
import { WAITING } from '#test/support/round-trips/waiting.ts'
import {
  AWKWARD_LISTINGS,
  BASE,
  cashOf,
  createWorld,
  DUST,
  FEES,
  feesSet,
  type Listing,
  MOVER,
  OTHER,
  QUOTE,
  SUB,
  type Tier,
  TRADER,
  type Way,
  type World,
} from '#test/support/round-trips/world.ts'

const SEED = Number(process.env.ROUND_TRIPS_SEED ?? 20_260_105)
/** How often each pair is tried, each time with other numbers. */
const ROUNDS = Number(process.env.ROUND_TRIPS ?? 5)
const OPERATIONS = { ...AT_ONCE, ...WAITING, ...AROUND }
const NAMES = Object.keys(OPERATIONS)
const OWN = [TRADER, SUB]
const GROUP = new Set(OWN)

const rate = {
  maker: fc.constantFrom(-100_000, -20_000, -137, -1, 0, 1, 500, 100_000),
  taker: fc.constantFrom(0, 1, 3, 1_003, 50_000, 100_000),
}
/** Volumes of a later tier are passed on the way. */
const tiers: fc.Arbitrary<readonly Tier[]> = fc
  .array(fc.tuple(rate.maker, rate.taker), { minLength: 1, maxLength: 3 })
  .map((rates) => rates.map(([maker, taker], nth) => [nth * 40_000, maker, taker] as const))

const way: fc.Arbitrary<Way> = fc.record({
  price: fc.oneof(fc.integer({ min: 4, max: 50 }), fc.integer({ min: 51, max: 70_000 })),
  size: fc.oneof(fc.integer({ min: 4, max: 20 }), fc.integer({ min: 21, max: 1_000 })),
  account: fc.constantFrom(TRADER, SUB),
  own: fc.constant(0),
  amount: fc.integer({ min: 1, max: 1_000_000 }),
  tiers,
  later: tiers,
})

/** The engine's words for orders: each is among the operations. */
const TYPES: readonly OrderType[] = [
  ...(['limit', 'market', 'stop', 'stop-limit', 'take-profit', 'take-profit-limit'] as const),
  ...(['trailing-stop', 'oco'] as const),
]
const TIMES: readonly TimeInForce[] = ['GTC', 'IOC', 'FOK', 'GTD', 'DAY']
const SELF_TRADES: readonly SelfTrade[] = [
  ...(['cancel-taker', 'cancel-maker', 'cancel-both', 'decrement'] as const),
]

/** How often pairs were judged by each of the rules, and what was met. */
const met = new Map<string, number>()
const meet = (name: string) => met.set(name, (met.get(name) ?? 0) + 1)

test('no pair of operations leaves more than there was, or fees other than they should be', (t) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [nth, first] of NAMES.entries()) {
      const turn = (nth + round) % AWKWARD_LISTINGS.length
      const listing = AWKWARD_LISTINGS[turn] as Listing // Within its length.
      const world = createWorld(listing)
      const ways = fc.sample(way, {
        seed: SEED + round * NAMES.length + nth,
        numRuns: NAMES.length,
      })
      for (const [at, second] of NAMES.entries()) {
        const chosen = ways[at] as Way // As many as names.
        const own = chosen.account === TRADER ? SUB : TRADER
        tryPair(world, { ...chosen, own }, [first, second])
      }
      assertAddsUp(world)
    }
  }
  t.diagnostic(JSON.stringify(Object.fromEntries(met)))
})

test('the pairs met what rounding depends on', () => {
  for (const name of ['fill', 'fill of an auction', 'fee in base', 'fee in quote', 'rebate']) {
    assert.ok((met.get(name) ?? 0) > 1_000, `${name}: ${met.get(name)}`)
  }
  const orders = TYPES.flatMap((type) => [`${type} buy`, `${type} sell`])
  for (const name of [...orders, ...TIMES, ...SELF_TRADES]) {
    assert.ok(met.has(name), `no operation is about ${name}`)
  }
  const pairs = ROUNDS * NAMES.length ** 2
  assert.ok(NAMES.length > 100, `${NAMES.length} operations`)
  assert.equal(met.get('pair'), pairs)
  assert.ok((met.get('without a gift') ?? 0) > 0.9 * pairs, `${met.get('without a gift')} pairs`)
  assert.ok((met.get('fees to the unit') ?? 0) > 0.05 * pairs, `${met.get('fees to the unit')}`)
})

function tryPair(world: World, way: Way, names: readonly [string, string]): void {
  world.takeLog()
  world.takeEvents()
  const before = { own: cashOf(world, OWN), fees: cashOf(world, [FEES]) }
  try {
    const [first, second] = names
    world.run(feesSet(way.tiers))
    operate(world, way, first)
    world.run(feesSet(way.later))
    operate(world, way, second)
    judge(world, way, before)
  } catch (error) {
    const commands = world.takeLog().map((body) => JSON.stringify(body))
    const what = `${names.join(', then ')}: ${JSON.stringify({ way, scales: world.scales })}`
    throw new Error(`${what}\n${commands.join('\n')}\n${String(error)}`, { cause: error })
  }
}

/** Does it, and leaves nothing open; it must have shown what it is about. */
function operate(world: World, way: Way, name: string): void {
  const operation = OPERATIONS[name]
  assert.ok(operation !== undefined, name)
  const from = world.events().length
  operation.does(world, way)
  const shown = new Set(world.events().slice(from).map(nameOf))
  for (const kind of operation.shows) assert.ok(shown.has(kind), `${name} shows ${kind}`)
  for (const account of [MOVER, OTHER, ...OWN]) {
    world.run({ kind: 'cancelAll', account: asId(account), market: null, side: null })
  }
  world.tick()
}

function nameOf(event: Event): string {
  if (event.kind === 'cancelled') return `cancelled: ${event.reason}`
  return event.kind === 'prevented' ? `prevented: ${event.selfTrade}` : event.kind
}

type Before = { readonly own: readonly bigint[]; readonly fees: readonly bigint[] }

function judge(world: World, { price }: Way, before: Before): void {
  const { scales, rates } = world
  const share = createFairShare(GROUP, { price, scales, rates })
  const charged = [0n, 0n]
  for (const event of world.takeEvents()) {
    for (const [at, fee] of feesOf(event).entries()) charged[at] = (charged[at] ?? 0n) + fee
    if (event.kind === 'accepted' && GROUP.has(event.account)) {
      meet(`${event.type} ${event.side}`)
      meet(event.timeInForce)
    }
    if (event.kind === 'prevented') meet(event.selfTrade)
    if (event.kind !== 'fill') continue
    share.read(event)
    meetFill(event)
  }
  const [quote = 0n, base = 0n] = less(cashOf(world, OWN), before.own)
  const worth = worthAt(price, scales)
  const gained = quote * worth.quote + base * worth.base
  assert.ok(share.excess(gained) <= 0n, `1: ${share.excess(gained)} more than the fair share`)
  assert.ok(share.profit(gained) <= 0n, `2: a profit of ${share.profit(gained)}`)
  const least = share.least()
  if (least !== null) {
    meet('fees to the unit')
    assert.ok(share.excess(gained) > least || share.fills() === 0, `3: ${share.excess(gained)}`)
  }
  const paid = less(cashOf(world, [FEES]), before.fees)
  assert.deepEqual(paid, charged, '3: the fee account has what fills charged')
  assert.ok(
    paid.every((amount) => amount >= 0n),
    `4: fees were paid out: ${paid}`,
  )
  meet('pair')
  if (share.edge() <= 0n) meet('without a gift')
}

/** In quote and in base: of a fill, or of a withdrawal. */
function feesOf(event: Event): readonly bigint[] {
  const fees = [0n, 0n]
  const add = (asset: number, fee: number) => {
    fees[asset] = (fees[asset] ?? 0n) + BigInt(fee)
  }
  if (event.kind === 'posting' && event.account === FEES) add(event.asset, event.amount)
  if (event.kind !== 'fill') return fees
  add(event.makerFeeInBase ? BASE : QUOTE, event.makerFee)
  add(event.takerFeeInBase ? BASE : QUOTE, event.takerFee)
  return fees
}

function meetFill({ auction, makerFee, makerFeeInBase, takerFeeInBase }: Fill): void {
  meet(auction ? 'fill of an auction' : 'fill')
  meet(makerFeeInBase || takerFeeInBase ? 'fee in base' : 'fee in quote')
  if (makerFee < 0) meet('rebate')
}

function less(after: readonly bigint[], before: readonly bigint[]): bigint[] {
  return after.map((amount, at) => amount - (before[at] ?? 0n))
}

function assertAddsUp(world: World): void {
  const { balances, orders } = world.image()
  const sums = new Map<number, bigint>()
  for (const { asset, cash } of balances) sums.set(asset, (sums.get(asset) ?? 0n) + BigInt(cash))
  for (const [asset, sum] of sums) assert.equal(sum, 0n, `INV-01: asset ${asset} sums to ${sum}`)
  const dust = balances.filter(({ account, cash }) => account === DUST && cash !== 0)
  assert.deepEqual([dust, orders], [[], []], '4: no dust, and nothing is left open')
}
