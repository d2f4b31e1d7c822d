// Terms: collars, the two prices of an order, what it holds, and when it ends.
//
// V is what an order is worth for limits, W the worst price it may ever trade at.

import type { Side } from '#engine/command.ts'
import { PRICE_TICKS_MAX } from '#engine/limits.ts'
import { bestPrice, opposite } from './book.ts'
import { feeOn, paysInBase } from './fees.ts'
import { hold } from './ledger.ts'
import type { Market, Order, Request, World } from './world.ts'

const BPS = 10_000
const DAY_US = 86_400_000_000

export const FIXED_TRIGGERS = ['stop', 'stop-limit', 'take-profit', 'take-profit-limit', 'oco']
const WAITING = ['stop', 'stop-limit', 'take-profit', 'take-profit-limit', 'trailing-stop']

/** Does it only wait, to be triggered? */
export function onlyWaits({ type }: Request): boolean {
  return WAITING.includes(type)
}

/** A limit or market order that opens an exit for what it buys. */
export function isBracket({ extra }: Request): boolean {
  return extra.takeProfitPrice !== 0
}

/** May it stay when its command is over? */
export function mayWait({ timeInForce }: Request): boolean {
  return timeInForce === 'GTC' || timeInForce === 'GTD' || timeInForce === 'DAY'
}

/** Does it work with a limit price of its own? */
export function hasLimit({ request, triggered }: Order): boolean {
  const { type, extra } = request
  if (type === 'oco') return !triggered || extra.stopPrice !== 0
  return type === 'limit' || type === 'stop-limit' || type === 'take-profit-limit'
}

/** The worst price for a market order from this price. */
export function collared({ rules }: Market, side: Side, price: number): number {
  const { collarBps } = rules
  if (side === 'buy') {
    return Math.min(PRICE_TICKS_MAX, Math.floor((price * (BPS + collarBps)) / BPS))
  }
  return Math.max(1, Math.ceil((price * (BPS - collarBps)) / BPS))
}

/** W of a market order now; without anybody to meet it does not matter. */
export function marketWorst(market: Market, side: Side): number {
  const best = bestPrice(market, opposite(side))
  if (market.rules.collarBps === 0 || best === undefined) {
    return side === 'buy' ? PRICE_TICKS_MAX : 1
  }
  return collared(market, side, best)
}

/** W, but for market orders. */
export function worstPrice(order: Order): number {
  const { type, side, extra } = order.request
  if (order.triggered || type.endsWith('limit')) return order.price
  if (type !== 'oco') return order.collaredTrigger
  if (side === 'sell') return order.price
  return Math.max(order.price, extra.stopPrice === 0 ? order.collaredTrigger : extra.stopPrice)
}

/** V, but for market orders. */
export function valuePrice(order: Order): number {
  if (order.request.type === 'trailing-stop') return order.firstTrigger
  return order.price !== 0 ? order.price : order.trigger
}

/** Quote units of lots at a price. */
export function notionalOf({ market }: Order, price: number, lots: number): bigint {
  return BigInt(price) * BigInt(lots) * BigInt(market.listing.quotePerTickLot)
}

/** What so many lots of an order need to be held, W being what it is. */
export function needFor(order: Order, lots: number): bigint {
  if (lots === 0) return 0n
  if (order.request.side === 'sell') return BigInt(lots) * BigInt(order.market.listing.lotUnits)
  const notional = notionalOf(order, worstPrice(order), lots)
  if (paysInBase(order)) return notional
  return notional + feeOn(notional, Math.max(order.makerRate, order.takerRate)) + 1n
}

/** The asset an order holds. */
export function holdAsset({ request, market }: Order) {
  return request.side === 'buy' ? market.listing.quote : market.listing.base
}

/** Sets what an order holds to a new amount. */
export function setHeld(world: World, order: Order, held: bigint): void {
  hold(world.ledger, order.account, holdAsset(order), held - order.held)
  order.held = held
}

/** After a fill, a reduction or a trigger: what its rest needs, for a buy at most what is left. */
export function holdLess(world: World, order: Order, spent: bigint): void {
  if (order.request.type === 'market') return // Over with its command, and so is its hold.
  const needed = needFor(order, order.remaining)
  const left = order.held - spent
  setHeld(world, order, order.request.side === 'buy' && left < needed ? left : needed)
}

/** When an order ends by itself; 0: it does not. */
export function endOf({ timeInForce, extra }: Request, market: Market, time: number): number {
  if (timeInForce === 'GTD') return extra.expireAt
  if (timeInForce !== 'DAY') return 0
  return firstAfter(time, market.rules.sessionCloseUs)
}

/** The first instant after a time that is so many microseconds into a UTC day. */
export function firstAfter(time: number, ofDay: number): number {
  const today = Math.floor(time / DAY_US) * DAY_US + ofDay
  return today > time ? today : today + DAY_US
}

/** Distance that a trailing stop keeps from its peak or trough. */
export function distance({ extra }: Request, extreme: number): number {
  if (extra.trailIn === 'ticks') return extra.trail
  return Math.max(1, Math.floor((extreme * extra.trail) / BPS))
}

/** The trigger of a trailing stop whose peak or trough is this. */
export function trailed(request: Request, extreme: number): number {
  const away = distance(request, extreme)
  return request.side === 'sell' ? extreme - away : extreme + away
}
