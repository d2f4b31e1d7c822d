// What one tick does at most, and how much of everything there may be, at the limits' edges.
//
// Engine and model go side by side: both answer alike, and are alike when a test ends.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandBody } from '#engine/command.ts'
import {
  CANCELS_PER_TICK_MAX,
  DEAD_MANS_PER_ACCOUNT_MAX,
  FEE_TIERS_MAX,
  FILLS_PER_COMMAND_MAX,
  TRAILING_PER_MARKET_MAX,
  TRIGGERS_PER_COMMAND_MAX,
} from '#engine/limits.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { limit, opening } from '#test/support/commands.ts'
import { amend, cancel, order, phase, rules } from '#test/support/example.ts'
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

const many = (count: number) => Array.from({ length: count }, (_, nth) => nth)

for (const over of [-1, 0, 1]) {
  test(`${TRIGGERS_PER_COMMAND_MAX + over} due triggers fire in batches of the limit`, () => {
    const { image, run, count } = createRun([rules({ collarBps: 100 })])
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
    const { run } = createRun([rules({ collarBps: 100 })])
    run(limit('sell', { account: 17, price: 100, size: 1 }))
    run(limit('buy', { account: 18, price: 100, size: 1 }))
    const trailing = order('sell', { type: 'trailing-stop', size: 4 }, { trail: 5 })
    const codes = many(TRAILING_PER_MARKET_MAX + over).map(() => run(trailing).code)
    assert.equal(codes.at(-1), over > 0 ? 'order.too_many_trailing' : null)
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
