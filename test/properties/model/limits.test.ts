// What one tick does at most, and how much of everything there may be, at the limits' edges.
//
// Engine and model go side by side: both answer alike, and are alike when a test ends.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandBody } from '#engine/command.ts'
import type { EngineImage } from '#engine/image.ts'
import {
  CANCELS_PER_TICK_MAX,
  DEAD_MANS_PER_ACCOUNT_MAX,
  FEE_TIERS_MAX,
  FILLS_PER_COMMAND_MAX,
  OPEN_ORDERS_PER_OWNER_MAX,
  TRAILING_PER_MARKET_MAX,
  TRAILING_PER_OWNER_MAX,
  TRIGGERS_PER_COMMAND_MAX,
} from '#engine/limits.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { caller, faucet, limit, openAccount, opening } from '#test/support/commands.ts'
import { amend, cancel, mark, order, phase, rules } from '#test/support/example.ts'
import { createLockstep } from '#test/support/lockstep.ts'

const TICK: CommandBody = { kind: 'tick' }

/** Without invariants after every command: here are thousands. */
function createRun(before: readonly CommandBody[] = []) {
  const first = [...opening(100_000_000), ...before]
  const { engine, image, submit } = createLockstep(first)
  let seq = first.length
  const run = (body: CommandBody) => {
    const answer = submit(body)
    seq = answer.command.seq
    return answer
  }
  const count = (kind: string, body = TICK) =>
    run(body).events.filter((event) => event.kind === kind).length
  return { engine, image, run, count, seq: () => seq }
}

/** More customers with funds, from account 19 on. */
const people = (count: number): CommandBody[] => [
  ...many(count).map((nth) => openAccount(`p${nth}`)),
  ...many(count).map((nth) => faucet(19 + nth, 1_000_000)),
]
const COLLAR = rules({ collarBps: 100 })
const trailing = (account: number, triggerBy: 'last' | 'mark' = 'last', size = 4) =>
  order('sell', { type: 'trailing-stop', account, size }, { trail: 5, triggerBy })

const many = (count: number) => Array.from({ length: count }, (_, nth) => nth)

/** Account 19 is of the owner of 16. */
const SUB: readonly CommandBody[] = [
  { kind: 'openSubAccount', account: asId(16), name: 'sub', requestId: '', ...caller() },
  faucet(19, 1_000_000),
]
const TOO_MANY = 'order.too_many_trailing'
const TOO_MANY_OPEN = 'order.too_many_open'
const armedIn = ({ orders }: EngineImage) => orders.filter(({ armed }) => armed).length

test('all accounts of an owner have OPEN_ORDERS_PER_OWNER_MAX open orders', () => {
  const subs = many(4).flatMap((nth) => [
    { ...SUB[0], name: `sub-${nth}`, requestId: `sub-${nth}`, ...caller(`sub-${nth}`) },
    faucet(19 + nth, 1_000_000),
  ]) as CommandBody[]
  const { engine, image, run } = createRun(subs)
  const accounts = [16, 19, 20, 21, 22]
  const bid = (account: number) => run(limit('buy', { account, price: 1, size: 20 })).code
  for (const nth of many(OPEN_ORDERS_PER_OWNER_MAX - 1)) {
    assert.equal(bid(accounts[nth % accounts.length] ?? 0), null)
  }
  const exits = { takeProfitPrice: 3, triggerPrice: 1, stopPrice: 1 }
  assert.equal(run(order('buy', { account: 22, price: 2 }, exits)).code, TOO_MANY_OPEN)
  assert.equal(bid(16), null, 'the last one that fits')
  engine.restart()
  for (const account of accounts) assert.equal(bid(account), TOO_MANY_OPEN)
  assert.equal(bid(17), null, 'another owner')
  run({ kind: 'cancelAll', account: asId(19), market: null, side: null })
  assert.equal(bid(16), null)
  image()
})

for (const over of [-1, 0, 1]) {
  test(`${TRIGGERS_PER_COMMAND_MAX + over} due triggers fire in batches of the limit`, () => {
    const { image, run, count } = createRun([COLLAR])
    run(limit('sell', { account: 17, price: 100, size: 1 }))
    run(limit('buy', { account: 18, price: 100, size: 1 }))
    const total = TRIGGERS_PER_COMMAND_MAX + over
    for (const _ of many(total)) run(order('sell', { type: 'stop' }, { triggerPrice: 90 }))
    run(limit('buy', { account: 17, price: 90, size: 1 }))
    run(limit('sell', { account: 18, price: 90, size: 1 }))
    const first = Math.min(total, TRIGGERS_PER_COMMAND_MAX)
    assert.equal(count('triggered'), first)
    for (const _ of many(first)) assert.equal(count('cancelled'), 1, 'nobody buys')
    assert.equal(count('triggered'), total - first)
    image()
  })

  test(`an uncross of ${FILLS_PER_COMMAND_MAX + over} pairs stops before one too many`, () => {
    const { engine, image, run, count, seq } = createRun()
    const total = FILLS_PER_COMMAND_MAX + over
    const bodies = many(total).map((nth) => limit('sell', { account: 16 + (nth % 2), size: 1 }))
    run(phase('auction'))
    for (const body of bodies) run(body)
    run(limit('buy', { account: 18, size: total }))
    run(phase('continuous'))
    const { events } = run(TICK)
    const last = events.findLast(({ kind }) => kind === 'fill' || kind === 'phaseChanged')
    assert.equal(last?.kind, over > 0 ? 'fill' : 'phaseChanged', `of command ${seq()}`)
    assert.equal(engine.nextUrgent(), over > 0 ? 0 : Infinity)
    assert.equal(count('fill'), Math.max(0, over))
    image()
  })

  test(`a tick cancels at most ${CANCELS_PER_TICK_MAX} of ${over} more or less`, () => {
    const { image, run, count } = createRun()
    const total = CANCELS_PER_TICK_MAX + over
    for (const nth of many(total)) run(limit('buy', { account: 16 + (nth % 2), size: 2 }))
    run({ kind: 'delistMarket', market: asId(0) })
    const first = Math.min(total, CANCELS_PER_TICK_MAX)
    assert.equal(count('cancelled'), first)
    assert.equal(count('cancelled'), total - first)
    image()
  })

  test(`a market arms no more trailing stops than the limit, and ${over} is told apart`, () => {
    // One owner more than it takes, so that nobody meets a limit of his own.
    const owners = 1 + TRAILING_PER_MARKET_MAX / TRAILING_PER_OWNER_MAX
    const { image, run } = createRun([COLLAR, ...people(owners - 3), mark(100)])
    const places = many(TRAILING_PER_MARKET_MAX + over)
    const codes = places.map((nth) => run(trailing(16 + (nth % owners), 'mark')).code)
    assert.equal(codes.pop(), over > 0 ? TOO_MANY : null)
    assert.ok(codes.every((code) => code === null))
    assert.equal(armedIn(image()), Math.min(TRAILING_PER_MARKET_MAX, places.length))
  })

  test(`an owner arms no more trailing stops in a market, and ${over} is told apart`, () => {
    const { image, run } = createRun([COLLAR, ...SUB, mark(100)])
    run(limit('sell', { account: 17, price: 100, size: 1 }))
    run(limit('buy', { account: 18, price: 100, size: 1 }))
    const total = TRAILING_PER_OWNER_MAX + over
    const codes = many(total).map(
      (nth) => run(trailing(nth % 3 === 0 ? 19 : 16, nth % 2 === 0 ? 'last' : 'mark')).code,
    )
    assert.equal(codes.pop(), over > 0 ? TOO_MANY : null)
    assert.ok(codes.every((code) => code === null))
    assert.equal(run(trailing(17)).code, null, 'another owner')
    assert.equal(armedIn(image()), Math.min(TRAILING_PER_OWNER_MAX, total) + 1)
  })

  test(`an account sets no more timers than the limit, and ${over} is told apart`, () => {
    const { image, run } = createRun()
    const codes = many(DEAD_MANS_PER_ACCOUNT_MAX + over).map(
      (nth) =>
        run({ kind: 'cancelAfter', account: asId(16), key: nth + 1, cancelAfterMs: 1_000 }).code,
    )
    assert.equal(codes.at(-1), over > 0 ? 'capacity.exhausted' : null)
    image()
  })

  test(`a schedule has no more tiers than the limit, and ${over} is told apart`, () => {
    const { image, run } = createRun()
    const rate = asUnit<never>(0)
    const tiers = many(FEE_TIERS_MAX + over).map((nth) => ({
      minNotional: asUnit<never>(nth),
      makerRate: rate,
      takerRate: rate,
    }))
    const { code } = run({ kind: 'setFees', market: asId(0), tiers })
    assert.equal(code, over > 0 ? 'market.invalid' : null)
    image()
  })
}

test('at the limit of an owner only what arms one more is refused', () => {
  const { image, run, count, seq } = createRun([COLLAR, ...SUB, mark(100)])
  const here = (account: number, size?: number) => run(trailing(account, 'mark', size)).code
  const oldest = seq() + 1
  for (const nth of many(TRAILING_PER_OWNER_MAX)) assert.equal(here(nth % 2 === 0 ? 16 : 19), null)
  for (const account of [16, 19]) assert.equal(here(account), TOO_MANY)
  assert.equal(here(16, 1e9), TOO_MANY, 'asked before the funds')
  const stop = order('sell', { type: 'stop', size: 4 }, { triggerPrice: 90, triggerBy: 'mark' })
  assert.equal(run(stop).code, null, 'another type')
  assert.equal(run(amend(oldest, { size: 5 })).code, null, 'none more')
  const there = { market: asId<never>(1) }
  run({ ...COLLAR, ...there } as CommandBody)
  run({ ...mark(100), ...there } as CommandBody)
  assert.equal(run({ ...trailing(16, 'mark'), ...there }).code, null, 'another market')
  assert.equal(run(cancel(oldest)).code, null)
  assert.equal(here(19), null, 'in its place')
  assert.equal(here(16), TOO_MANY)
  run(mark(95))
  assert.equal(here(16), TOO_MANY, 'due, and armed until a tick')
  assert.equal(count('triggered'), TRAILING_PER_OWNER_MAX)
  for (const _ of many(TRAILING_PER_OWNER_MAX)) assert.equal(here(16), null, 'none is armed')
  assert.equal(here(19), TOO_MANY)
  image()
})

test('an order that waits for a tick is cancelled, not amended, and nobody meets it', () => {
  const { image, run, seq } = createRun()
  const total = FILLS_PER_COMMAND_MAX + 5
  for (const nth of many(total)) run(limit('sell', { account: 17 + (nth % 2), size: 1 }))
  run(limit('buy', { size: total + 10 }))
  const id = seq()
  assert.equal(run(amend(id, { size: 2_000 })).code, 'order.not_amendable')
  run(limit('sell', { account: 17, price: 90, size: 1 }))
  assert.equal(run(cancel(id)).code, null)
  image()
})
