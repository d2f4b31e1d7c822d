// Intents of all orders: every type with every time in force, and shapes that do not fit.
//
// Prices are around 100 ticks in every world, so that stops and their takers meet. Most triggers
// are on the side where they wait; some would fire at once and are refused.

import fc from 'fast-check'
import type { PlaceOrder } from '#engine/command.ts'
import { FILLS_PER_COMMAND_MAX } from '#engine/limits.ts'
import type { ExtraIntent, OrderIntent } from './intents-order.ts'
import { account, is, market, of, selfTrades, side } from './picks.ts'
import type { Scale } from './scale.ts'

type Draft = { -readonly [K in keyof Omit<OrderIntent, 'extra'>]: OrderIntent[K] } & {
  extra: Draftable
}
type Draftable = { -readonly [K in keyof ExtraIntent]: ExtraIntent[K] }

type Spoil = (order: Draft, tick: number) => void

// What makes an order wrong, or takes it to an edge.
const SPOILS: Readonly<Record<string, Spoil>> = {
  'no size': (order) => Object.assign(order, { size: 0 }),
  'a price too many': (order, tick) => Object.assign(order, { price: 99 * tick }),
  'no price': (order) => Object.assign(order, { price: 0 }),
  'a price out of band': (order) => Object.assign(order, { price: 2_147_483_648 }),
  'the highest price': (order) => Object.assign(order, { price: 2_147_483_647 }),
  'too large': (order) => Object.assign(order, { size: 1_000_000_000_001 }),
  large: (order) => Object.assign(order, { size: 1_000_000_000_000 }),
  tiny: (order) => Object.assign(order, { size: 1, price: order.price === 0 ? 0 : 1 }),
  'both amounts': (order) => Object.assign(order, { size: 1, quoteAmount: 100 }),
  'another time in force': (order) => Object.assign(order, { timeInForce: another(order) }),
  'post-only': (order) => Object.assign(order, { postOnly: true }),
  slide: (order) => Object.assign(order.extra, { slide: true }),
  'an end': (order) => Object.assign(order.extra, { expireIn: 1_000 }),
  'no trigger': (order) => Object.assign(order.extra, { triggerPrice: 0 }),
  'a trigger out of band': (order) => Object.assign(order.extra, { triggerPrice: 2_147_483_648 }),
  'a trigger': (order, tick) => Object.assign(order.extra, { triggerPrice: 97 * tick }),
  'a stop price': (order, tick) => Object.assign(order.extra, { stopPrice: 97 * tick }),
  'a profit': (order, tick) => Object.assign(order.extra, { takeProfitPrice: 103 * tick }),
  'no trail': (order) => Object.assign(order.extra, { trail: 0 }),
  'a long trail': (order) => Object.assign(order.extra, { trail: 5_001, trailIn: 'bps' }),
  'a trail beyond the price': (order, tick) =>
    Object.assign(order.extra, { trail: 200 * tick, trailIn: 'ticks' }),
  'shows too much': (order) => Object.assign(order.extra, { displaySize: order.size + 1 }),
  'shows little': (order) => Object.assign(order.extra, { displaySize: 1 }),
  'reduce-only': (order) => Object.assign(order.extra, { reduceOnly: true }),
}

const SPOILT = Object.keys(SPOILS)

const type = fc.oneof(
  is(40, 'limit' as const),
  is(9, 'market' as const),
  is(6, 'stop' as const, 'oco' as const, 'trailing-stop' as const),
  is(4, 'stop-limit' as const, 'take-profit' as const, 'take-profit-limit' as const),
)
const waits = fc.oneof(is(6, 'GTC' as const), is(2, 'GTD' as const, 'DAY' as const))
const goes = fc.oneof(is(3, 'IOC' as const), is(2, 'FOK' as const))
const expireIn = fc.oneof(
  of(20, fc.integer({ min: 1, max: 60_000 })),
  is(3, 1, 1_000_000, 1e11),
  is(1, 0, -1),
)
const rarely = fc.oneof(is(12, false), is(1, true))

// Numbers that choose; what of them matters depends on the type.
const dice = fc.record({
  account,
  market,
  side,
  type,
  selfTrade: selfTrades(),
  waits,
  goes,
  limitGoes: fc.oneof(is(7, false), is(1, true)),
  at: fc.integer({ min: 96, max: 104 }),
  away: fc.integer({ min: 1, max: 6 }),
  further: fc.integer({ min: 0, max: 3 }),
  wrongSide: fc.oneof(is(7, false), is(1, true)),
  lots: fc.oneof(
    of(20, fc.integer({ min: 1, max: 20 })),
    of(2, fc.integer({ min: 30, max: 400 })),
    is(1, 1_100, 2_500),
  ),
  quote: fc.double({ min: 0, max: 0.2, noNaN: true, noDefaultInfinity: true }),
  byQuote: fc.boolean(),
  postOnly: fc.oneof(is(7, false), is(2, true)),
  slide: fc.boolean(),
  iceberg: fc.oneof(is(4, 0), of(1, fc.integer({ min: 1, max: 5 }))),
  bracket: fc.oneof(is(6, false), is(1, true)),
  stopPrice: fc.boolean(),
  triggerBy: fc.oneof(is(3, 'last' as const), is(1, 'mark' as const)),
  trailIn: fc.constantFrom('ticks' as const, 'bps' as const),
  expireIn,
  reduceOnly: rarely,
  received: rarely,
  session: fc.oneof(is(6, 0), is(1, 1, 2)),
  key: fc.oneof(is(6, 0), is(1, 1, 2)),
  /** One field is set to something else. */
  spoilt: fc.oneof(is(30, ''), is(1, ...SPOILT)),
})

type Dice = typeof dice extends fc.Arbitrary<infer T> ? T : never

/** Orders of every type. */
export function depthOrders(scale: Scale): fc.Arbitrary<OrderIntent> {
  return dice.map((thrown) => orderOf(scale, thrown))
}

/** Buys that would meet more of a crowd than one command may. */
export function sweeps(): fc.Arbitrary<OrderIntent> {
  const goes = fc.constantFrom('IOC' as const, 'FOK' as const, 'GTC' as const)
  const who = { account: fc.constantFrom(16, 17, 18), selfTrade: selfTrades() }
  return fc.record({ ...who, timeInForce: goes }).map((thrown) => ({
    ...thrown,
    ...{ market: 0, side: 'buy', postOnly: false, size: FILLS_PER_COMMAND_MAX + 150 },
    ...{ type: thrown.timeInForce === 'GTC' ? 'limit' : 'market', quoteAmount: 0 },
    price: thrown.timeInForce === 'GTC' ? 102 : 0,
  }))
}

function orderOf(scale: Scale, thrown: Dice): OrderIntent {
  const order = plainOrder(scale, thrown)
  const { tick } = scale
  const { reduceOnly, received, session, key, triggerBy } = thrown
  if (order.timeInForce === 'GTD') order.extra.expireIn = thrown.expireIn
  if (reduceOnly && order.quoteAmount === 0) order.extra.reduceOnly = true
  if (received) order.extra.feeIn = 'received'
  if (session !== 0) order.extra.session = session
  if (key !== 0) order.extra.key = key
  if (triggerBy === 'mark') order.extra.triggerBy = 'mark'
  giveTrigger(order, thrown, tick)
  if (order.type === 'limit') giveDepth(order, thrown, scale)
  if (thrown.bracket && (order.type === 'limit' || order.type === 'market')) {
    makeBracket(order, thrown, tick)
  }
  spoil(order, thrown.spoilt, tick)
  const { extra, ...plain } = order
  return Object.keys(extra).length === 0 ? plain : order
}

function plainOrder({ lot, tick, funds }: Scale, thrown: Dice): Draft {
  const { account: who, market: where, side: way, selfTrade, at } = thrown
  const isMarket = thrown.type === 'market'
  const goesNow = isMarket || (thrown.type === 'limit' && thrown.limitGoes)
  const byQuote = isMarket && thrown.byQuote && !thrown.bracket
  const hasPrice = thrown.type === 'oco' || thrown.type.endsWith('limit')
  return {
    account: who,
    market: where,
    side: way,
    type: thrown.type,
    timeInForce: goesNow ? thrown.goes : thrown.waits,
    postOnly: false,
    selfTrade,
    price: hasPrice ? at * tick : 0,
    size: byQuote ? 0 : thrown.lots * lot,
    quoteAmount: byQuote ? 1 + Math.floor(thrown.quote * funds) : 0,
    extra: {},
  }
}

// A stop to buy waits above, one to sell below; for taking profit it is the other way round.
function giveTrigger(order: Draft, thrown: Dice, tick: number): void {
  const { away, further, wrongSide, stopPrice, at } = thrown
  const buys = order.side === 'buy'
  const takes = order.type.startsWith('take-profit')
  const up = (buys !== takes) !== wrongSide
  const trigger = (100 + (up ? away : -away)) * tick
  if (order.type === 'trailing-stop') {
    order.extra.trailIn = thrown.trailIn
    order.extra.trail = thrown.trailIn === 'ticks' ? away * tick : away * 100
  } else if (order.type === 'oco') {
    order.extra.triggerPrice = (at + (buys !== wrongSide ? away : -away)) * tick
    if (stopPrice) order.extra.stopPrice = order.extra.triggerPrice + (buys ? further : -further)
  } else if (order.type !== 'limit' && order.type !== 'market') {
    order.extra.triggerPrice = trigger
    if (order.price !== 0) order.price = trigger + (buys ? further : -further) * tick
  }
  if (order.type === 'oco' && thrown.postOnly) order.postOnly = true
  if (order.postOnly && thrown.slide) order.extra.slide = true
}

function giveDepth(order: Draft, thrown: Dice, { lot }: Scale): void {
  const stays = order.timeInForce !== 'IOC' && order.timeInForce !== 'FOK'
  if (!stays) return
  if (thrown.postOnly) order.postOnly = true
  if (thrown.postOnly && thrown.slide) order.extra.slide = true
  if (thrown.iceberg > 0) order.extra.displaySize = Math.min(order.size, thrown.iceberg * lot)
}

function makeBracket(order: Draft, thrown: Dice, tick: number): void {
  const { at, away, further, stopPrice } = thrown
  order.side = 'buy'
  delete order.extra.feeIn
  order.extra.takeProfitPrice = (at + 1 + further) * tick
  order.extra.triggerPrice = (at - away) * tick
  if (stopPrice) order.extra.stopPrice = order.extra.triggerPrice - further
}

function spoil(order: Draft, how: string, tick: number): void {
  SPOILS[how]?.(order, tick)
}

function another({ timeInForce }: Draft): PlaceOrder['timeInForce'] {
  return timeInForce === 'IOC' || timeInForce === 'FOK' ? 'GTC' : 'FOK'
}
