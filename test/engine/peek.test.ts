// Peek: what is read where it stands is what decodeEvent reads, and an order that live orders keep
// is the row that its events make.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as choices from '#engine/codec/choices.ts'
import * as peek from '#engine/codec/peek.ts'
import { createCells, decodeEvent, encodeEvent } from '#engine/codec.ts'
import type { OrderExtra } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import { PRICE_TICKS_MAX, SIZE_LOTS_MAX } from '#engine/limits.ts'
import { REFUSALS, type RefusalCode } from '#kernel/refusals.ts'
import { createLiveOrders } from '#views/live/live-orders.ts'
import { acceptedOrder, cancelledOrder } from '#views/order-row.ts'

const AT = 2
const PLAIN = { noNullPrototype: true }
const branded = (min: number, max: number) =>
  fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max)).map((n) => n as never)
const upTo = (max: number) => branded(0, max)
const safe = upTo(Number.MAX_SAFE_INTEGER)
const lots = upTo(SIZE_LOTS_MAX)
const of = <T>(values: readonly T[]) => fc.constantFrom(...values)
const stamp = { eventNo: safe, seq: safe, time: safe }
const account = upTo(0xffff)
const market = upTo(0xff)
const side = of(choices.SIDES)
const price = upTo(PRICE_TICKS_MAX)

const extra: fc.Arbitrary<OrderExtra> = fc.record(
  {
    ...{ triggerPrice: safe, stopPrice: safe, takeProfitPrice: safe, displaySize: safe },
    ...{ triggerBy: of(choices.TRIGGERS_BY), trail: safe, trailIn: of(choices.TRAILS_IN) },
    ...{ expireAt: safe, reduceOnly: fc.boolean(), slide: fc.boolean() },
    ...{ feeIn: of(choices.FEES_IN), session: upTo(2 ** 32 - 1), key: upTo(2 ** 32 - 1) },
  },
  PLAIN,
)

const accepted = fc
  .record(
    {
      ...{ kind: fc.constant('accepted' as const), ...stamp, account, accountSeq: safe, market },
      ...{ side, type: of(choices.ORDER_TYPES), timeInForce: of(choices.TIMES_IN_FORCE) },
      ...{ postOnly: fc.boolean(), selfTrade: of(choices.SELF_TRADES), price, size: safe },
      ...{ quoteAmount: safe, makerRate: branded(-5_000, 5_000), takerRate: branded(0, 5_000) },
      clientOrderId: fc.stringMatching(/^[A-Za-z0-9._:-]{0,36}$/),
      extra: fc.option(extra, { nil: undefined }),
    },
    PLAIN,
  )
  .map(({ extra: own, ...event }) => (own === undefined ? event : { ...event, extra: own }))

const rested = fc.record(
  {
    ...{ kind: fc.constant('rested' as const), ...stamp, orderId: safe, account, market, side },
    ...{ price, remaining: safe, shown: safe, bookNumber: safe },
  },
  PLAIN,
)

/** Codes of refusals that an event has room for. */
const reasons = Object.entries(REFUSALS)
  .filter(([, { number }]) => number < 128)
  .map(([code]) => code as RefusalCode)

const cancelled = fc
  .record(
    {
      ...{
        kind: fc.constant('cancelled' as const),
        ...stamp,
        orderId: safe,
        account,
        market,
        side,
      },
      ...{ accountSeq: safe, price, remaining: lots, reason: of(reasons), bookNumber: safe },
      shown: fc.option(lots, { nil: undefined }),
    },
    PLAIN,
  )
  .map(({ shown, ...event }) => {
    const whole = event.bookNumber === 0 ? (0 as never) : event.remaining
    return { ...event, shown: shown ?? whole }
  })

const balance = fc.record(
  {
    ...{ kind: fc.constant('balance' as const), ...stamp, account, accountSeq: safe },
    ...{ asset: upTo(31), cash: branded(-Number.MAX_SAFE_INTEGER, 2 ** 53 - 1), held: safe },
  },
  PLAIN,
)

const READ = { accepted: peek.accepted, rested: peek.rested, cancelled: peek.cancelled } as const

function cellsOf(event: Event) {
  const cells = createCells(8)
  encodeEvent(event, cells, AT)
  return cells
}

test('every field that is peeked at is the one that is decoded', () => {
  fc.assert(
    fc.property(fc.oneof(accepted, rested, cancelled, balance), (event) => {
      const cells = cellsOf(event)
      const whole = decodeEvent(cells, AT)
      assert.deepEqual(whole, event)
      assert.equal(peek.type(cells, AT), peek.TYPE[event.kind])
      assert.deepEqual(
        [peek.eventNo(cells, AT), peek.seq(cells, AT), peek.time(cells, AT)],
        [event.eventNo, event.seq, event.time],
      )
      const fields = { ...READ, balance: peek.balance }[event.kind]
      for (const [name, read] of Object.entries(fields)) {
        if (['idLength', 'idByte', 'triggerPrice', 'reason', 'lots'].includes(name)) continue
        const value: unknown = read(cells as never, AT)
        assert.equal(value, whole[name as keyof typeof whole], name)
      }
      if (event.kind === 'rested') assert.equal(peek.rested.lots(cells, AT), event.shown)
      if (event.kind === 'cancelled') {
        assert.equal(peek.cancelled.lots(cells, AT), 0 - event.shown)
        assert.equal(peek.cancelled.reason(cells, AT), REFUSALS[event.reason].number)
      }
      if (event.kind !== 'accepted') return
      const own = 'extra' in event ? (event.extra.triggerPrice as number) : 0
      assert.equal(peek.accepted.triggerPrice(cells, AT), own)
      const from = peek.accepted.idByte(AT)
      const id = cells.bytes.subarray(from, from + peek.accepted.idLength(cells, AT))
      assert.equal(Buffer.from(id).toString('latin1'), event.clientOrderId)
    }),
    { numRuns: 1_000 },
  )
})

test('an order that live orders keep is the row that its events make', () => {
  fc.assert(
    fc.property(accepted, cancelled, (opening, ending) => {
      const orders = createLiveOrders(undefined, 3)
      orders.accept(cellsOf(opening), AT)
      const row = acceptedOrder(opening)
      assert.deepEqual(orders.rows.order(row.id), row)
      const { id, account: of_, market: where } = row
      assert.deepEqual(orders.heads.order(id), {
        ...{ id, account: of_, market: where, isFinished: false },
      })
      const end = { ...ending, orderId: id }
      orders.cancel(cellsOf(end), AT)
      assert.deepEqual(orders.rows.order(id), cancelledOrder(row, end))
      assert.equal(orders.heads.order(id)?.isFinished, true)
      if (opening.clientOrderId === '') return
      const named = orders.rows.orderByClientId(opening.account, opening.clientOrderId)
      assert.deepEqual(named, cancelledOrder(row, end))
    }),
    { numRuns: 1_000 },
  )
})
