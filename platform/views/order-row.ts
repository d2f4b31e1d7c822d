// Order row: one order as views know it, and how events change it.
//
// Rows are immutable: every change makes a new one, so that a message, a page of a list and the
// live view can hold the same row. INV-06: size = traded + remaining + what was reduced or
// cancelled. Nothing here looks at a clock or a book.

import type { OrderType, SelfTrade, Side, TimeInForce } from '#engine/command.ts'
import type { Event, Fill, OrderAccepted, OrderCancelled, OrderReduced } from '#engine/event.ts'
import type { OpenOrder } from '#engine/image.ts'
import { type Amount, asUnit, type PriceTicks, type SizeLots } from '#kernel/amount.ts'
import { type AccountId, asId, type MarketId, type OrderId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import type { Micros } from '#kernel/time.ts'

export type OrderStatus = 'open' | 'partially_filled' | 'filled' | 'cancelled' | 'expired'

export type OrderRow = {
  readonly id: OrderId
  readonly account: AccountId
  readonly market: MarketId
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly selfTrade: SelfTrade
  /** 0 for market orders. */
  readonly price: PriceTicks
  /** 0 for market orders by quote amount, and so is remaining. */
  readonly size: SizeLots
  readonly quoteAmount: Amount
  /** '' when the caller gave none. */
  readonly clientOrderId: string
  /** Lots that can still trade; 0 once the order is finished in any way. */
  readonly remaining: SizeLots
  readonly traded: SizeLots
  readonly quoteTraded: Amount
  readonly fee: Amount
  readonly status: OrderStatus
  /** Why it ended when it was not filled whole. */
  readonly reason: RefusalCode | null
  readonly createdAt: Micros
  readonly updatedAt: Micros
  /** The event that changed it last; of two rows of an order the larger one is newer. */
  readonly eventNo: number
}

/** One side of a trade. */
export type FillRow = {
  readonly eventNo: number
  readonly market: MarketId
  readonly tradeId: number
  readonly account: AccountId
  readonly orderId: OrderId
  readonly clientOrderId: string
  readonly side: Side
  readonly liquidity: 'maker' | 'taker'
  readonly price: PriceTicks
  readonly size: SizeLots
  readonly notional: Amount
  readonly fee: Amount
  readonly at: Micros
}

type Stamped<T> = T & { readonly eventNo: number; readonly seq: number; readonly time: Micros }

const NOTHING_YET = {
  traded: asUnit<SizeLots>(0),
  quoteTraded: asUnit<Amount>(0),
  fee: asUnit<Amount>(0),
  status: 'open',
  reason: null,
} as const

/** The order that an `accepted` event opens; its id is the event's seq. */
export function acceptedOrder(event: Stamped<OrderAccepted>): OrderRow {
  return {
    id: asId(event.seq),
    ...termsOf(event),
    remaining: event.size,
    ...NOTHING_YET,
    createdAt: event.time,
    updatedAt: event.time,
    eventNo: event.eventNo,
  }
}

/** The row of an order that the engine's image holds. */
export function imageOrder(order: OpenOrder, eventNo: number): OrderRow {
  return {
    id: order.orderId,
    ...termsOf(order),
    remaining: order.remaining,
    traded: order.traded,
    quoteTraded: order.quoteTraded,
    fee: order.fee,
    status: order.traded > 0 ? 'partially_filled' : 'open',
    reason: null,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    eventNo,
  }
}

/** True once nothing can happen to the order any more. */
export function isFinished(row: OrderRow): boolean {
  return row.status === 'filled' || row.status === 'cancelled' || row.status === 'expired'
}

/** An order by quote amount has no size: only the end of its command tells that it is filled. */
export function isByQuote(row: OrderRow): boolean {
  return row.size === 0
}

/**
 * The order after a fill. `unfinished` is for a taker by quote amount that goes on to trade or be
 * cancelled in the same command; everything else is finished when nothing remains.
 */
export function filledOrder(
  row: OrderRow,
  event: Stamped<Fill>,
  side: FillRow,
  end: 'by_remaining' | 'unfinished' = 'by_remaining',
): OrderRow {
  const remaining = side.liquidity === 'maker' ? event.makerRemaining : event.takerRemaining
  return {
    ...row,
    remaining,
    traded: asUnit(row.traded + event.size),
    quoteTraded: asUnit(row.quoteTraded + side.notional),
    fee: asUnit(row.fee + side.fee),
    status: remaining > 0 || end === 'unfinished' ? 'partially_filled' : 'filled',
    updatedAt: event.time,
    eventNo: event.eventNo,
  }
}

/** The order after its rest was cancelled; the reason says by whom or why. */
export function cancelledOrder(row: OrderRow, event: Stamped<OrderCancelled>): OrderRow {
  return {
    ...row,
    remaining: asUnit(0),
    status: 'cancelled',
    reason: event.reason,
    updatedAt: event.time,
    eventNo: event.eventNo,
  }
}

/** The order after self-trade prevention took size away; at 0 it is over. */
export function reducedOrder(row: OrderRow, event: Stamped<OrderReduced>): OrderRow {
  const over = event.remaining === 0
  return {
    ...row,
    remaining: event.remaining,
    status: over ? 'cancelled' : row.status,
    reason: over ? 'order.self_trade' : row.reason,
    updatedAt: event.time,
    eventNo: event.eventNo,
  }
}

/** One side of a fill; notional is in ledger units of the quote asset. */
export function fillRow(
  event: Stamped<Fill>,
  order: Pick<OrderRow, 'clientOrderId'>,
  liquidity: 'maker' | 'taker',
  notional: Amount,
): FillRow {
  const maker = liquidity === 'maker'
  return {
    eventNo: event.eventNo,
    market: event.market,
    tradeId: event.tradeId,
    account: maker ? event.makerAccount : event.takerAccount,
    orderId: maker ? event.makerOrderId : event.takerOrderId,
    clientOrderId: order.clientOrderId,
    side: maker === (event.takerSide === 'buy') ? 'sell' : 'buy',
    liquidity,
    price: event.price,
    size: event.size,
    notional,
    fee: maker ? event.makerFee : event.takerFee,
    at: event.time,
  }
}

/** The value of a fill in ledger units of the quote asset; exact by the engine's checks. */
export function fillNotional(event: Fill, quotePerTickLot: number): Amount {
  return asUnit(event.price * event.size * quotePerTickLot)
}

/**
 * The order and its fills as one `place` command left them, from that command's events: what the
 * answer to the command and to every repetition is made of. Undefined when it was refused.
 */
export function placedOrder(
  events: readonly Event[],
  quotePerTickLot: (market: MarketId) => number,
): { readonly order: OrderRow; readonly fills: readonly FillRow[] } | undefined {
  const accepted = events.find((event) => event.kind === 'accepted')
  if (accepted === undefined) return undefined
  const fills: FillRow[] = []
  let order = acceptedOrder(accepted)
  for (const event of events) {
    if (event.kind === 'fill' && event.takerOrderId === order.id) {
      const notional = fillNotional(event, quotePerTickLot(event.market))
      const fill = fillRow(event, order, 'taker', notional)
      fills.push(fill)
      order = filledOrder(order, event, fill)
    }
    if (event.kind === 'cancelled' && event.orderId === order.id) {
      order = cancelledOrder(order, event)
    }
    if (event.kind === 'reduced' && event.orderId === order.id) order = reducedOrder(order, event)
  }
  return { order, fills }
}

function termsOf(order: Omit<OrderAccepted, 'kind' | 'accountSeq'>) {
  return {
    account: order.account,
    market: order.market,
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce,
    postOnly: order.postOnly,
    selfTrade: order.selfTrade,
    price: order.price,
    size: order.size,
    quoteAmount: order.quoteAmount,
    clientOrderId: order.clientOrderId,
  }
}
