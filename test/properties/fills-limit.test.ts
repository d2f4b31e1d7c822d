// FILLS_PER_COMMAND_MAX: what one command may do, and what ticks do with the rest.
//
// INV-04 and INV-06 hold all the while: an order being drained stays outside the book, keeps its
// hold, and what is left of it rests in the end.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandBody } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import { FILLS_PER_COMMAND_MAX, OPEN_ORDERS_PER_ACCOUNT_MAX } from '#engine/limits.ts'
import { asId } from '#kernel/ids.ts'
import { limit, market, opening } from '#test/support/commands.ts'
import { createLockstep } from '#test/support/lockstep.ts'

const TICK: CommandBody = { kind: 'tick' }

/** A book with so many asks of one lot at 100, from two accounts. */
function bookOf(makers: number) {
  const lockstep = createLockstep(opening(100_000_000))
  for (let nth = 0; nth < makers; nth += 1) {
    lockstep.submit(limit('sell', { account: 17 + (nth % 2), size: 1 }))
  }
  return lockstep
}

/** A book of more than one account may hold: two more customers bring theirs. */
function deepBook(makers: number) {
  const more: CommandBody[] = [
    { kind: 'openAccount', userId: 'dan' },
    { kind: 'openAccount', userId: 'eve' },
  ]
  const lockstep = createLockstep([...opening(100_000_000), ...more, ...[19, 20].map(fund)])
  for (let nth = 0; nth < makers; nth += 1) {
    lockstep.submit(limit('sell', { account: 17 + (nth % 4), size: 1 }))
  }
  return lockstep
}

function fund(account: number): CommandBody {
  const faucet = opening(100_000_000).at(-1)
  assert.ok(faucet?.kind === 'faucet')
  return { ...faucet, account: asId(account) }
}

const count = (events: readonly Event[], kind: string) =>
  events.filter((event) => event.kind === kind).length

for (const over of [-1, 0]) {
  test(`an order of ${FILLS_PER_COMMAND_MAX + over} fills is done in one command`, () => {
    const lockstep = bookOf(FILLS_PER_COMMAND_MAX + over)
    const taken = lockstep.submit(limit('buy', { size: FILLS_PER_COMMAND_MAX + over + 5 }))
    assert.equal(count(taken.events, 'fill'), FILLS_PER_COMMAND_MAX + over)
    assert.equal(count(taken.events, 'rested'), 1, 'nobody is left to trade with: it rests at once')
    assert.equal(lockstep.engine.nextDue(), Infinity)
    assert.equal(lockstep.image().orders.length, 1)
  })
}

test('an order of one fill more waits outside the book and a tick ends it', () => {
  const lockstep = bookOf(FILLS_PER_COMMAND_MAX + 1)
  const taken = lockstep.submit(limit('buy', { size: FILLS_PER_COMMAND_MAX + 5 }))
  assert.equal(count(taken.events, 'fill'), FILLS_PER_COMMAND_MAX)
  assert.equal(count(taken.events, 'rested'), 0)
  assert.equal(lockstep.engine.nextDue(), 0)
  const waiting = lockstep.image().orders.find(({ side }) => side === 'buy')
  assert.equal(waiting?.resting, false)
  assert.equal(waiting?.remaining, 5)
  const tick = lockstep.submit(TICK)
  assert.equal(count(tick.events, 'fill'), 1)
  assert.equal(count(tick.events, 'rested'), 1)
  assert.equal(lockstep.engine.nextDue(), Infinity)
  assert.equal(lockstep.submit(TICK).events.length, 0)
  assert.equal(lockstep.image().orders[0]?.remaining, 4)
})

test('thousands of makers are drained in order, also after a restart', () => {
  const makers = 3_400
  const lockstep = deepBook(makers)
  lockstep.submit(limit('buy', { size: 3_000, account: 16 }))
  lockstep.submit(limit('buy', { size: 1_200, account: 16 }))
  assert.equal(lockstep.image().orders.filter(({ resting }) => !resting).length, 2)
  const before = lockstep.engine.fullDigest()
  lockstep.engine.restart()
  assert.equal(lockstep.engine.fullDigest(), before, 'INV-08: who waits is part of the state')
  const fills: number[] = []
  while (lockstep.engine.nextDue() === 0 && fills.length < 10) {
    fills.push(count(lockstep.submit(TICK).events, 'fill'))
    lockstep.image()
  }
  assert.equal(1_000 + 1_000 + fills.reduce((a, b) => a + b, 0), makers)
  const left = lockstep.image().orders
  assert.deepEqual(
    left.map(({ side, remaining, resting }) => ({ side, remaining, resting })),
    [
      { side: 'buy', remaining: 600, resting: true },
      { side: 'buy', remaining: 200, resting: true },
    ],
  )
})

test('an order that waits can be cancelled by its owner and frees its hold', () => {
  const lockstep = bookOf(FILLS_PER_COMMAND_MAX + 5)
  const { command } = lockstep.submit(limit('buy', { size: FILLS_PER_COMMAND_MAX + 3 }))
  const orderId = asId<never>(command.seq)
  const cancel = lockstep.submit({ kind: 'cancel', account: asId(16), orderId })
  assert.equal(cancel.code, null)
  const cancelled = cancel.events[0]
  assert.ok(cancelled?.kind === 'cancelled')
  assert.deepEqual([cancelled.remaining, cancelled.bookNumber], [3, 0])
  assert.equal(lockstep.engine.nextDue(), Infinity)
  const quote = lockstep.image().balances.find((row) => row.account === 16 && row.asset === 0)
  assert.equal(quote?.held, 0)
})

test('an immediate order ends at the limit, a fill-or-kill order is refused by it', () => {
  const lockstep = bookOf(FILLS_PER_COMMAND_MAX + 5)
  const size = FILLS_PER_COMMAND_MAX + 1
  const fok = lockstep.submit(limit('buy', { size, timeInForce: 'FOK' }))
  assert.equal(fok.code, 'order.fills_limit')
  const fokByQuote = lockstep.submit(market('buy', { quoteAmount: size * 315, timeInForce: 'FOK' }))
  assert.equal(fokByQuote.code, 'order.fills_limit')
  const ioc = lockstep.submit(limit('buy', { size, timeInForce: 'IOC' }))
  assert.equal(count(ioc.events, 'fill'), FILLS_PER_COMMAND_MAX)
  const cancelled = ioc.events.find((event) => event.kind === 'cancelled')
  assert.ok(cancelled?.kind === 'cancelled')
  assert.equal(cancelled.reason, 'order.fills_limit')
  lockstep.image()
})

test('skipping own orders counts as steps, so a command stays bounded', () => {
  const lockstep = createLockstep(opening(100_000_000))
  for (let nth = 0; nth < 999; nth += 1) lockstep.submit(limit('sell', { account: 16, size: 1 }))
  for (let nth = 0; nth < 3; nth += 1) lockstep.submit(limit('sell', { account: 17, size: 1 }))
  const take = { size: 2, selfTrade: 'cancel-maker' } as const
  assert.equal(
    lockstep.submit(limit('buy', { ...take, timeInForce: 'FOK' })).code,
    'order.fills_limit',
  )
  const { events } = lockstep.submit(limit('buy', take))
  assert.deepEqual([count(events, 'cancelled'), count(events, 'fill')], [999, 1])
  assert.equal(count(lockstep.submit(TICK).events, 'fill'), 1)
  lockstep.image()
})

test('an account has at most OPEN_ORDERS_PER_ACCOUNT_MAX open orders', () => {
  const lockstep = createLockstep(opening(100_000_000))
  for (let nth = 1; nth < OPEN_ORDERS_PER_ACCOUNT_MAX; nth += 1) lockstep.submit(limit('buy'))
  assert.equal(lockstep.submit(limit('buy')).code, null, 'the last one that fits')
  assert.equal(lockstep.submit(limit('buy')).code, 'order.too_many_open')
  const ioc = lockstep.submit(limit('buy', { timeInForce: 'IOC' }))
  assert.equal(ioc.code, null, 'an immediate order never stays open')
  assert.equal(lockstep.submit(limit('buy', { account: 17 })).code, null)
  lockstep.submit({ kind: 'cancelAll', account: asId(16), market: null, side: null })
  assert.equal(lockstep.submit(limit('buy')).code, null)
  lockstep.image()
})

test('an own order before the limit makes fill-or-kill unfillable, not too long', () => {
  const lockstep = createLockstep(opening(100_000_000))
  lockstep.submit(limit('sell', { account: 16, size: 1 }))
  for (let nth = 0; nth < FILLS_PER_COMMAND_MAX; nth += 1) {
    lockstep.submit(limit('sell', { account: 17 + (nth % 2), size: 1 }))
  }
  for (const selfTrade of ['cancel-taker', 'cancel-both', 'decrement'] as const) {
    const order = { size: FILLS_PER_COMMAND_MAX + 1, timeInForce: 'FOK', selfTrade } as const
    assert.equal(lockstep.submit(limit('buy', order)).code, 'order.fok_unfillable')
  }
})

test('who rests later stands behind, though his order is older, also after a restart', () => {
  const lockstep = bookOf(FILLS_PER_COMMAND_MAX + 1)
  const older = lockstep.submit(limit('buy', { size: FILLS_PER_COMMAND_MAX + 5 }))
  const younger = lockstep.submit(limit('buy', { account: 18, size: 5 }))
  lockstep.submit(TICK)
  lockstep.engine.restart()
  const { events } = lockstep.submit(limit('sell', { account: 17, size: 6 }))
  const makers = events.flatMap((event) => (event.kind === 'fill' ? [event.makerOrderId] : []))
  assert.deepEqual(makers, [younger.command.seq, older.command.seq], 'INV-04: time of resting')
  lockstep.image()
})
