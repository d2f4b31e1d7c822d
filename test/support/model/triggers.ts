// Triggers: what is armed, what is due, and how references settle at the end of a command.
//
// A fixed trigger is due when the range its reference went through has touched it; a trailing stop
// remembers by itself that it was met.

import { collared, trailed } from './terms.ts'
import type { Market, Order, Request, World } from './world.ts'

export const REFERENCES = ['last', 'mark'] as const
export type ReferenceName = (typeof REFERENCES)[number]

/** The price of a reference; 0: none yet. */
export function referenceOf(market: Market, by: ReferenceName): number {
  return by === 'last' ? market.lastPrice : market.mark
}

export function isTrailing({ request }: Order): boolean {
  return request.type === 'trailing-stop'
}

/** Is it met by a price that rises to it? */
export function isUpwards({ side, type }: Request): boolean {
  const takesProfit = type === 'take-profit' || type === 'take-profit-limit'
  return (side === 'buy') !== takesProfit
}

/** Would an armed order with this trigger be due? */
export function touches(market: Market, request: Request, trigger: number): boolean {
  const by = request.extra.triggerBy
  if (referenceOf(market, by) === 0) return false
  const { low, high } = market.ranges[by]
  return isUpwards(request) ? trigger <= high : trigger >= low
}

/** Is an armed order due? */
export function isDue(order: Order): boolean {
  return isTrailing(order) ? order.due : touches(order.market, order.request, order.trigger)
}

/** Arms an order, behind all that were armed before. */
export function arm(order: Order): void {
  order.market.armed.push(order)
}

/** Sets a trailing stop to the reference that it begins with. */
export function beginTrailing(order: Order): void {
  const { market, request } = order
  order.extreme = referenceOf(market, request.extra.triggerBy)
  order.trigger = trailed(request, order.extreme)
  order.firstTrigger = order.trigger
  order.collaredTrigger = collared(market, request.side, order.trigger)
}

/** Notes what every market is like before a command. */
export function noteReferences({ markets }: World): void {
  for (const market of markets) {
    market.before = { last: market.lastPrice, mark: market.mark, began: false }
  }
}

/** The end of a command: ranges and trailing stops take in where the references went. */
export function settleReferences({ markets }: World): void {
  for (const market of markets) for (const by of REFERENCES) settle(market, by)
}

function settle(market: Market, by: ReferenceName): void {
  const price = referenceOf(market, by)
  const range = market.ranges[by]
  const armed = market.armed.filter(({ request }) => request.extra.triggerBy === by)
  const trailing = armed.filter(isTrailing)
  if (market.phase !== 'continuous') {
    setRange(range, price, price)
    for (const order of trailing) order.due = false
    return
  }
  const { began } = market.before
  const before = market.before[by]
  if (began || before === 0) setRange(range, price, price)
  else setRange(range, Math.min(range.low, price), Math.max(range.high, price))
  if (began || before !== price) for (const order of trailing) follow(order, price)
  const fixed = armed.filter((order) => !isTrailing(order))
  if (!fixed.some(isDue)) setRange(range, price, price)
}

function follow(order: Order, price: number): void {
  if (order.due) return
  const sells = order.request.side === 'sell'
  if (sells ? price <= order.trigger : price >= order.trigger) {
    order.due = true
    return
  }
  order.extreme = sells ? Math.max(order.extreme, price) : Math.min(order.extreme, price)
  order.trigger = trailed(order.request, order.extreme)
}

function setRange(range: { low: number; high: number }, low: number, high: number): void {
  range.low = low
  range.high = high
}
