// Own book: the bot's orders and fills on the simulated exchange, folded from the engine's events.
//
// It never decides anything: what an order is, is what the engine said of it. An order that is over
// leaves the table once its end has been told.

import type { Event } from '#engine/event.ts'
import type { Fill, Order, Side } from '../venue.ts'
import { BOT } from './engine-room.ts'
import type { Listed } from './scales.ts'

export type OwnOrder = {
  readonly id: number
  readonly clientOrderId: string
  readonly market: number
  readonly side: Side
  /** Ticks at which it stands or works; 0 for market orders. */
  price: number
  /** Its limit in ticks as it was given last; 0 for orders without one. */
  limit: number
  /** Lots of the whole order, what it has traded included. */
  size: number
  remaining: number
  filled: number
  /** Ticks times lots. */
  paid: number
  /** It stands in the book. */
  isResting: boolean
  /** Ticks of a fixed trigger it waits for; 0: none, or a trailing one. */
  trigger: number
  isArmed: boolean
  readonly isTrailing: boolean
  readonly isPostOnly: boolean
  /** Its trigger is met by prices at or below it. */
  readonly firesDown: boolean
  state: Order['state']
  code: string | undefined
  updatedAt: number
}

/** Saved by a version that kept fewer of its terms. */
type SavedOrder = Omit<OwnOrder, Added> & Partial<Pick<OwnOrder, Added>>
type Added = 'limit' | 'size' | 'isPostOnly' | 'updatedAt'

export type OwnChange =
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'fill'; readonly fill: Fill }
  | {
      readonly kind: 'balance'
      readonly asset: number
      readonly units: number
      readonly held: number
    }

export type OwnBook = {
  /** Those that are open. */
  readonly orders: ReadonlyMap<number, OwnOrder>
  byClientId(id: string): OwnOrder | undefined
  /** What the events mean for the bot; an order is told once, as it is at the end. */
  take(events: readonly Event[]): OwnChange[]
  toOrder(order: OwnOrder): Order
}

const ARMED = new Set(['stop', 'stop-limit', 'take-profit', 'take-profit-limit', 'trailing-stop'])

/** With the orders that were open in a saved room. */
export function createOwnBook(
  markets: readonly Listed[],
  saved: readonly SavedOrder[] = [],
): OwnBook {
  const orders = new Map(saved.map((order) => [order.id, { ...termsOf(order), ...order }]))
  const ids = new Map(saved.map(({ id, clientOrderId }) => [clientOrderId, id]))
  const listedOf = (market: number) => markets[market] ?? unlisted(market)
  const toOrder = (order: OwnOrder): Order => {
    const { quote, instrument, sizeText, priceText, quotePerTickLot } = listedOf(order.market)
    const { size, limit, trigger, updatedAt } = order
    return {
      ...{ clientOrderId: order.clientOrderId, venueOrderId: String(order.id) },
      ...{ symbol: instrument.symbol, side: order.side, state: order.state },
      filledBase: sizeText(order.filled),
      filledQuote: quote.textOf(order.paid * quotePerTickLot),
      ...(order.code === undefined ? {} : { code: order.code }),
      ...(size === 0 ? {} : { size: sizeText(size) }),
      ...(limit === 0 ? {} : { limitPrice: priceText(limit) }),
      ...(trigger === 0 ? {} : { triggerPrice: priceText(trigger) }),
      updatedAt,
    }
  }
  return {
    ...{ orders, toOrder },
    byClientId: (id) => orders.get(ids.get(id) ?? -1),
    take(events) {
      const changes: OwnChange[] = []
      const touched = new Set<OwnOrder>()
      for (const event of events) {
        const order = fold(orders, event)
        if (order !== undefined) touched.add(Object.assign(order, { updatedAt: event.time }))
        if (order !== undefined && event.kind === 'accepted') ids.set(order.clientOrderId, order.id)
        if (event.kind === 'fill') {
          const fill = fillOf(orders, event, listedOf(event.market))
          if (fill !== undefined) changes.push({ kind: 'fill', fill })
        }
        if (event.kind === 'balance' && event.account === BOT) {
          const { asset, cash: units, held } = event
          changes.push({ kind: 'balance', asset, units, held })
        }
      }
      const told = [...touched].map((order) => ({ kind: 'order', order: toOrder(order) }) as const)
      for (const order of touched) {
        if (order.state === 'open') continue
        orders.delete(order.id)
        ids.delete(order.clientOrderId)
      }
      return [...changes, ...told]
    },
  }
}

function termsOf({ filled, remaining, price, isResting }: SavedOrder): Pick<OwnOrder, Added> {
  const limit = isResting ? price : 0
  return { size: filled + remaining, limit, isPostOnly: false, updatedAt: 0 }
}

function unlisted(market: number): never {
  throw new Error(`no market ${market}`)
}

/** The bot's order that the event changed. */
function fold(orders: Map<number, OwnOrder>, event: Event): OwnOrder | undefined {
  switch (event.kind) {
    case 'accepted':
      return event.account === BOT ? accepted(orders, event) : undefined
    case 'exitOpened':
      return event.account === BOT ? exitOpened(orders, event) : undefined
    case 'fill':
      return filled(orders, event)
    case 'rested':
      return changed(orders.get(event.orderId), { isResting: true, price: event.price })
    case 'triggered': {
      const { price } = event
      return changed(orders.get(event.orderId), { isArmed: false, isResting: false, price })
    }
    case 'amended': {
      const { price, size, remaining, triggerPrice: trigger } = event
      return changed(orders.get(event.orderId), { price, limit: price, size, remaining, trigger })
    }
    case 'reduced':
      return changed(orders.get(event.orderId), { remaining: event.remaining })
    case 'cancelled': {
      const code = event.reason
      return changed(orders.get(event.orderId), { state: 'cancelled', code, isResting: false })
    }
    default:
      return undefined
  }
}

function changed(order: OwnOrder | undefined, change: Partial<OwnOrder>): OwnOrder | undefined {
  return order === undefined ? undefined : Object.assign(order, change)
}

function accepted(orders: Map<number, OwnOrder>, event: Extract<Event, { kind: 'accepted' }>) {
  const { seq: id, clientOrderId, market, side, price, size, type, extra } = event
  const { postOnly: isPostOnly } = event
  const order: OwnOrder = {
    ...{ id, clientOrderId, market, side, price, limit: price, size, remaining: size },
    ...{ filled: 0, paid: 0, updatedAt: event.time },
    ...{ isResting: false, trigger: extra?.triggerPrice ?? 0, state: 'open', code: undefined },
    ...{ isArmed: ARMED.has(type) || type === 'oco', isTrailing: type === 'trailing-stop' },
    ...{ firesDown: (side === 'sell') !== type.startsWith('take-profit'), isPostOnly },
  }
  orders.set(id, order)
  return order
}

function exitOpened(orders: Map<number, OwnOrder>, event: Extract<Event, { kind: 'exitOpened' }>) {
  const { orderId: id, market, side, price, size, triggerPrice: trigger } = event
  const order: OwnOrder = {
    ...{ id, clientOrderId: String(id), market, side, price, limit: price, size },
    ...{ remaining: size, filled: 0, paid: 0, updatedAt: event.time },
    ...{ isResting: false, trigger, state: 'open', code: undefined },
    ...{ isArmed: true, isTrailing: false, isPostOnly: false, firesDown: side === 'sell' },
  }
  orders.set(id, order)
  return order
}

function filled(orders: Map<number, OwnOrder>, event: Extract<Event, { kind: 'fill' }>) {
  const isMaker = orders.has(event.makerOrderId)
  const order = orders.get(isMaker ? event.makerOrderId : event.takerOrderId)
  if (order === undefined) return undefined
  order.filled += event.size
  order.paid += event.price * event.size
  order.remaining = Math.max(0, order.remaining - event.size)
  const left = isMaker ? event.makerRemaining : event.takerRemaining
  if (left === 0 && order.remaining === 0) order.state = 'filled'
  if (left === 0) order.isResting = false
  return order
}

function fillOf(
  orders: ReadonlyMap<number, OwnOrder>,
  event: Extract<Event, { kind: 'fill' }>,
  { base, quote, instrument, quotePerTickLot, sizeText }: Listed,
): Fill | undefined {
  const isMaker = orders.has(event.makerOrderId)
  const order = orders.get(isMaker ? event.makerOrderId : event.takerOrderId)
  if (order === undefined) return undefined
  const fee = isMaker ? event.makerFee : event.takerFee
  const feeOf = (isMaker ? event.makerFeeInBase : event.takerFeeInBase) ? base : quote
  const sign = fee < 0 ? '-' : ''
  return {
    fillId: `${instrument.symbol}/${event.tradeId}`,
    ...{ clientOrderId: order.clientOrderId, symbol: instrument.symbol, side: order.side },
    base: sizeText(event.size),
    quote: quote.textOf(event.price * event.size * quotePerTickLot),
    fee: { asset: feeOf.symbol, amount: sign + feeOf.textOf(Math.abs(fee)) },
    liquidity: isMaker ? 'maker' : 'taker',
    at: event.time,
  }
}
