// Digests of orders that wait, hide, expire and come in pairs.
//
// Whatever changes in them changes both digests, and a restored engine has the same. Every field of
// rows.ts that is logical is changed once in a live engine, and put back.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_EXTRA } from '#engine/codec/extra.ts'
import type { CommandBody, OrderExtra } from '#engine/command.ts'
import { openSlots } from '#engine/image-of.ts'
import { isSet, orderReader } from '#engine/order-state.ts'
import type { RowField } from '#engine/rows.ts'
import {
  BRACKET,
  EXTRA_ROW,
  FLAGS,
  ORDER,
  REFERENCE,
  readField,
  TIMER,
  writeField,
} from '#engine/rows.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { limit, opening, START_US } from '#test/support/commands.ts'
import { copyOf, createExchange, digestOf } from '#test/support/exchange.ts'

type PlainExtra = {
  [K in keyof OrderExtra]?: OrderExtra[K] extends number ? number : OrderExtra[K]
}

// Every number of an extra is a brand of number.
const extra = (more: PlainExtra) => ({ ...NO_EXTRA, ...more }) as OrderExtra

const collar: CommandBody = {
  kind: 'setMarket',
  market: asId(0),
  minNotional: asUnit(10),
  collarBps: 500,
  bandBps: 0,
  bandWindowUs: 0,
  haltUs: 0,
  auctionUs: 0,
  sessionOpenUs: 0,
  sessionCloseUs: 0,
}

/** An iceberg, a GTD order, stops by last and mark, a bracket that needs attention, a timer. */
function createState() {
  const exchange = createExchange(opening())
  const run = (body: CommandBody) => assert.equal(exchange.run(body), 'done', body.kind)
  const expireAt = START_US + 3_600_000_000
  const gtd = { timeInForce: 'GTD', extra: extra({ expireAt, session: 3, key: 4 }) } as const
  const stop = (triggerPrice: number) => ({
    ...limit('sell', { account: 17, price: 0, size: 10 }),
    type: 'stop' as const,
    extra: extra({ triggerPrice, stopPrice: 0 }),
  })
  run(collar)
  run(limit('sell', { price: 100 }))
  run(limit('buy', { account: 17, price: 100 }))
  run({ kind: 'setMark', market: asId(0), price: asUnit(100) })
  run(limit('sell', { price: 110, size: 40, extra: extra({ displaySize: 5 }) }))
  run(limit('buy', { account: 18, price: 80, ...gtd }))
  run(stop(95))
  const trailing = extra({ trail: 3, triggerBy: 'mark' })
  run({ ...stop(0), type: 'trailing-stop', extra: trailing })
  const exits = extra({ takeProfitPrice: 120, triggerPrice: 70, stopPrice: 60 })
  run(limit('buy', { account: 18, price: 99, size: 10, extra: exits }))
  run(limit('sell', { account: 16, price: 99, size: 4 }))
  run({ kind: 'cancelAfter', account: asId(17), key: 5, cancelAfterMs: 1_000 })
  // Crosses the stop at 95, so that it is due and a range is wider than its point.
  run(limit('buy', { account: 16, price: 94, size: 4 }))
  run(limit('sell', { account: 17, price: 94, size: 12, timeInForce: 'IOC' }))
  exchange.events()
  return exchange
}

const exchange = createState()
const { engine } = exchange
const { core } = engine
const { calls } = core
const before = { full: digestOf(engine), business: digestOf(engine, 'business') }

function assertSeen(what: string, address: number, field: RowField): void {
  const was = readField(core, address, field)
  writeField(core, address, field, was + 1)
  assert.notEqual(digestOf(engine), before.full, `${what} is in the full digest`)
  assert.notEqual(digestOf(engine, 'business'), before.business, `${what} is in the business one`)
  writeField(core, address, field, was)
  assert.equal(digestOf(engine), before.full, `${what} was put back`)
}

const slots = openSlots(engine).filter((slot) =>
  isSet(orderReader(engine, slot).order('flags'), FLAGS.hasExtra),
)

test('every field of the extra of every order is in both digests', () => {
  assert.ok(slots.length >= 4)
  for (const slot of slots) {
    const resting = orderReader(engine, slot).order('level') !== 0
    for (const [name, field] of Object.entries(EXTRA_ROW)) {
      // What an order shows counts in the book only.
      if (name === 'shown' && !resting) continue
      assertSeen(`${name} of slot ${slot}`, calls.extraAddress(slot), field)
    }
  }
})

test('that an order was triggered is in both digests', () => {
  const address = calls.orderAddress(slots[0] ?? 0)
  const was = readField(core, address, ORDER.flags)
  writeField(core, address, ORDER.flags, was | (1 << FLAGS.triggered))
  assert.notEqual(digestOf(engine, 'business'), before.business)
  writeField(core, address, ORDER.flags, was)
})

test('every field of brackets, timers and pending ranges is in both digests', () => {
  const timer = calls.timerAddress(calls.firstTimer(17))
  for (const [name, field] of Object.entries(TIMER)) assertSeen(`timer ${name}`, timer, field)
  const bracket = calls.bracketAddress(calls.attentionHead())
  for (const [name, field] of Object.entries(BRACKET)) {
    assertSeen(`bracket ${name}`, bracket, field)
  }
  const range = calls.referenceAddress(0, 0)
  for (const [name, field] of Object.entries(REFERENCE)) assertSeen(`range ${name}`, range, field)
})

test('INV-08: a restored engine has the same digest, and goes on alike', () => {
  let other = createExchange([], copyOf(engine))
  for (const tick of [0, 1, 2, 3, 4]) {
    assert.equal(digestOf(other.engine), digestOf(engine), `after tick ${tick}`)
    assert.equal(exchange.run({ kind: 'tick' }), 'done')
    other = createExchange([], copyOf(other.engine))
    assert.equal(other.run({ kind: 'tick' }), 'done')
  }
})
