// The codec of orders, markets and auctions: every command and event that random runs of the model
// do not reach yet reads back as it was written, at the limits and beyond them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as choices from '#engine/codec/choices.ts'
import { NO_EXTRA } from '#engine/codec/extra.ts'
import {
  cellCount,
  commandCells,
  createCells,
  decodeCommand,
  decodeEvent,
  encodeCommand,
  encodeEvent,
} from '#engine/codec.ts'
import type { Command, CommandBody, OrderExtra } from '#engine/command.ts'
import type { Event, EventBody } from '#engine/event.ts'
import * as limits from '#engine/limits.ts'
import { REFUSALS, type RefusalCode } from '#kernel/refusals.ts'
import { asMicros } from '#kernel/time.ts'
import { limit } from '#test/support/commands.ts'

const ROOM = 64
const SAFE = Number.MAX_SAFE_INTEGER

/** Whole numbers as branded ones: what they count does not matter to a codec. */
const upTo = (max: number, min = 0) =>
  fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max)).map((n) => n as never)
const u16 = upTo(2 ** 16 - 1)
const u32 = upTo(2 ** 32 - 1)
const i32 = upTo(2 ** 31 - 1, -(2 ** 31) + 1)
const ticks = upTo(limits.PRICE_TICKS_MAX)
const lots = upTo(limits.SIZE_LOTS_MAX)
const safe = upTo(SAFE)
const yes = fc.boolean()
const of = <T>(values: readonly T[]) => fc.constantFrom(...values)
const side = of(choices.SIDES)
const market = upTo(limits.MARKETS_MAX - 1)

const extra: fc.Arbitrary<OrderExtra> = fc.record({
  triggerPrice: safe,
  triggerBy: of(choices.TRIGGERS_BY),
  stopPrice: safe,
  takeProfitPrice: safe,
  displaySize: safe,
  trail: safe,
  trailIn: of(choices.TRAILS_IN),
  expireAt: safe,
  reduceOnly: yes,
  slide: yes,
  feeIn: of(choices.FEES_IN),
  session: u32,
  key: u32,
})

const caller = {
  bodyHash: fc.string({ minLength: 24, maxLength: 24 }).map((text) => text.replace(/[^ -~]/g, '.')),
  sentAt: safe,
  sentAtGiven: yes,
  requestId: fc.string({ maxLength: 36 }),
}
const rules = {
  market: u32,
  minNotional: safe,
  collarBps: u32,
  bandBps: u32,
  bandWindowUs: safe,
  haltUs: safe,
  auctionUs: safe,
  sessionOpenUs: safe,
  sessionCloseUs: safe,
}
const tiers = fc.array(fc.record({ minNotional: safe, makerRate: i32, takerRate: i32 }), {
  maxLength: limits.FEE_TIERS_MAX + 1,
})

const COMMANDS: { readonly [K in CommandBody['kind']]?: fc.Arbitrary<object> } = {
  amend: fc.record({ account: u32, orderId: safe, price: safe, size: safe, triggerPrice: safe }),
  cancelSession: fc.record({ account: u32, session: u32 }),
  cancelAfter: fc.record({ account: u32, key: u32, cancelAfterMs: safe }),
  setMarket: fc.record(rules),
  setFees: fc.record({ market: u32, tiers }),
  setPhase: fc.record({ market: u32, phase: of(choices.PHASES), endsAt: safe }),
  setMark: fc.record({ market: u32, price: safe }),
  delistMarket: fc.record({ market: u32 }),
  freezeAccount: fc.record({ account: u32, frozen: yes }),
  closeAccount: fc.record({ ...caller, account: u32, closing: u32 }),
}

const whose = { orderId: safe, account: u16, accountSeq: safe, market, side }
const traders = { makerAccount: u16, takerAccount: u16, makerOrderId: safe, takerOrderId: safe }

const EVENTS: { readonly [K in EventBody['kind']]?: fc.Arbitrary<object> } = {
  rested: fc.record({
    ...{ orderId: safe, account: u16, market, side },
    ...{ price: ticks, remaining: lots, shown: lots, bookNumber: safe },
  }),
  fill: fc.record({
    ...{ market, tradeId: safe, takerSide: side, price: ticks, size: lots, ...traders },
    ...{ makerAccountSeq: safe, takerAccountSeq: safe },
    ...{ makerFee: upTo(SAFE, -SAFE), takerFee: safe },
    ...{ makerFeeInBase: yes, takerFeeInBase: yes, auction: yes },
    ...{ makerRemaining: lots, takerRemaining: lots, bookNumber: safe },
  }),
  cancelled: fc.record({
    ...whose,
    reason: of(Object.keys(REFUSALS) as RefusalCode[]), // Object.keys forgets the keys.
    ...{ price: ticks, remaining: lots, shown: lots, bookNumber: safe },
  }),
  triggered: fc.record({
    ...{ ...whose, triggerPrice: ticks, reference: ticks, price: ticks, leftPrice: ticks },
    ...{ shown: lots, remaining: lots, bookNumber: safe },
  }),
  amended: fc.record({
    ...{ ...whose, price: ticks, oldPrice: ticks, triggerPrice: ticks },
    ...{ size: lots, remaining: lots, shown: lots, bookNumber: safe },
  }),
  refreshed: fc.record({
    ...{ orderId: safe, account: u16, market, side, price: ticks },
    ...{ added: lots, requeued: yes, bookNumber: safe },
  }),
  prevented: fc.record({
    ...{ market, takerSide: side, selfTrade: of(choices.SELF_TRADES), price: ticks },
    ...{ size: lots, ...traders },
  }),
  exitOpened: fc.record({
    ...{ ...whose, entryOrderId: safe, selfTrade: of(choices.SELF_TRADES) },
    ...{ price: ticks, triggerPrice: ticks, triggerBy: of(choices.TRIGGERS_BY) },
    ...{ stopPrice: ticks, size: lots, makerRate: i32, takerRate: i32 },
  }),
  phaseChanged: fc.record({
    ...{ market, phase: of(choices.PHASES), endsAt: safe, reason: of(choices.PHASE_REASONS) },
  }),
  indicative: fc.record({ market, price: ticks, volume: lots }),
  uncrossed: fc.record({ market, price: ticks, volume: lots }),
  markSet: fc.record({ market, price: ticks }),
  marketChanged: fc.record({ ...rules, market }),
  feesSet: fc.record({ market, tiers }),
  marketDelisted: fc.record({ market }),
  accountFrozen: fc.record({ account: u32, frozen: yes }),
  accountClosed: fc.record({ account: u32 }),
  deadManSet: fc.record({ account: u32, key: u32, dueAt: safe }),
  deadManFired: fc.record({ account: u32, key: u32 }),
}

/** What fast-check drew has no prototype; what the codec reads has one. */
function plain<T>(value: object): T {
  return structuredClone(value) as T
}

function survives(body: object): void {
  const command = plain<Command>(body)
  const cells = createCells(ROOM)
  cells.bytes.fill(0xff)
  const count = encodeCommand(command, cells, 3)
  assert.equal(count, commandCells(command))
  assert.equal(count, cellCount(cells, 3))
  assert.deepEqual(decodeCommand(cells, 3), command)
}

function eventSurvives(body: object): number {
  const event = plain<Event>(body)
  const cells = createCells(ROOM)
  cells.bytes.fill(0xff)
  const count = encodeEvent(event, cells, 2)
  assert.equal(count, cellCount(cells, 2))
  assert.deepEqual(decodeEvent(cells, 2), event)
  return count
}

for (const [kind, fields] of Object.entries(COMMANDS)) {
  test(`a ${kind} command reads back as it was written`, () => {
    const property = fc.property(fields, safe, safe, (body, seq, time) => {
      survives({ kind, ...body, seq, time })
    })
    fc.assert(property, { seed: 4, numRuns: 200 })
  })
}

for (const [kind, fields] of Object.entries(EVENTS)) {
  test(`a ${kind} event reads back as it was written`, () => {
    const property = fc.property(fields, fc.tuple(safe, safe, safe), (body, numbers) => {
      const [eventNo, seq, time] = numbers
      eventSurvives({ kind, ...body, eventNo, seq, time })
    })
    fc.assert(property, { seed: 4, numRuns: 200 })
  })
}

test('a place command and its accepted event carry the extra in a third cell', () => {
  const property = fc.property(extra, fc.string({ maxLength: 36 }), (more, id) => {
    const clientOrderId = id.replace(/[^ -~]/g, '.')
    const place = { ...limit('buy', { clientOrderId }), extra: more, seq: 1, time: asMicros(2) }
    assert.equal(commandCells(place), 3)
    survives(place)
    const { kind: _, sentAt, sentAtGiven, bodyHash, ...shown } = place
    const rates = { makerRate: -5, takerRate: 7, accountSeq: 9, eventNo: 1 }
    assert.equal(eventSurvives({ kind: 'accepted', ...shown, ...rates }), 3)
  })
  fc.assert(property, { seed: 4, numRuns: 300 })
})

test('every type and time in force survives in two cells', () => {
  for (const type of choices.ORDER_TYPES) {
    for (const timeInForce of choices.TIMES_IN_FORCE) {
      const place = { ...limit('sell', { type, timeInForce }), seq: 1, time: asMicros(2) }
      assert.equal(commandCells(place), 2)
      survives(place)
    }
  }
})

test('an extra that says nothing is still an extra: records decode to what was encoded', () => {
  survives({ ...limit('buy'), extra: NO_EXTRA, seq: 1, time: asMicros(2) })
})

test('a command of the hot path takes as few cells as it can', () => {
  const cells = (body: object) => commandCells(plain<CommandBody>(body))
  const [account, orderId] = [16, 5]
  assert.equal(cells(limit('buy')), 2)
  assert.equal(cells({ kind: 'cancel', account, orderId }), 1)
  const amended = { price: SAFE, size: SAFE, triggerPrice: SAFE }
  assert.equal(cells({ kind: 'amend', account, orderId, ...amended }), 1)
})

test('what an iceberg shows costs a second cell, what others show costs none', () => {
  const at = { orderId: 1, account: 16, market: 0, side: 'buy', price: 7, eventNo: 1 }
  const rested = { kind: 'rested', ...at, remaining: 9, bookNumber: 3, seq: 1, time: 1 }
  assert.equal(eventSurvives({ ...rested, shown: 9 }), 1)
  assert.equal(eventSurvives({ ...rested, shown: 2 }), 2)
  const reason = 'order.expired'
  const cancelled = { ...rested, kind: 'cancelled', accountSeq: 4, reason }
  assert.equal(eventSurvives({ ...cancelled, shown: 9 }), 1)
  assert.equal(eventSurvives({ ...cancelled, shown: 2 }), 2)
  assert.equal(eventSurvives({ ...cancelled, bookNumber: 0, shown: 0 }), 1)
})

/** Refusals that the rules of docs/rules name and whose numbers stand in journals. */
const NUMBERED: readonly (readonly [RefusalCode, number])[] = [
  ['market.closed', 13],
  ['market.halted', 41],
  ['market.auction', 42],
  ['market.post_only', 43],
  ['market.delisted', 44],
  ['market.no_collar', 45],
  ['order.expired', 46],
  ['order.would_trigger', 47],
  ['order.no_reference', 48],
  ['order.not_amendable', 49],
  ['order.amend_below_filled', 50],
  ['order.reduce_only', 51],
  ['order.collar', 52],
  ['order.linked', 53],
  ['order.dead_man', 54],
  ['order.disconnected', 55],
  ['order.too_many_trailing', 56],
  ['account.frozen', 57],
  ['account.closed', 58],
  ['account.not_empty', 59],
]

test('refusals keep their numbers, each its own, and a cancelled event holds it', () => {
  for (const [code, number] of NUMBERED) assert.equal(REFUSALS[code].number, number, code)
  const numbers = Object.values(REFUSALS).map(({ number }) => number)
  assert.equal(new Set(numbers).size, numbers.length)
  assert.ok(Math.max(...numbers) < 128, 'seven bits of a cancelled event')
})

test('the new limits fit the numbers that rest on them', () => {
  assert.ok(30 * limits.DAY_NOTIONAL_MAX <= SAFE && 30 * (limits.DAY_NOTIONAL_MAX + 1) > SAFE)
  assert.ok(limits.TRIGGERS_PER_COMMAND_MAX <= limits.TRAILING_PER_MARKET_MAX)
  assert.ok(limits.TRAILING_PER_OWNER_MAX < limits.TRAILING_PER_MARKET_MAX)
  assert.ok(limits.CANCELS_PER_TICK_MAX <= limits.OPEN_ORDERS_PER_ACCOUNT_MAX)
  assert.ok(limits.DEAD_MANS_PER_ACCOUNT_MAX <= limits.DEAD_MANS_MAX)
  assert.ok(limits.CANCEL_AFTER_MS_MAX * 1_000 <= limits.PHASE_MAX_US)
  assert.ok(limits.INDICATIVE_EVERY_US <= limits.PHASE_MAX_US)
  for (const bps of [limits.COLLAR_BPS_MAX, limits.BAND_BPS_MAX, limits.TRAIL_BPS_MAX]) {
    assert.ok(bps < 10_000 && Number.isSafeInteger(limits.PRICE_TICKS_MAX * (10_000 + bps)))
  }
  assert.ok(limits.LEVELS_PER_SIDE_MAX * 2 < limits.ORDERS_MAX)
  assert.ok(limits.VOLUMES_MAX >= limits.ACCOUNTS_MAX)
})
