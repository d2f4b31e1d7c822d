// Order row: one order as views know it, and how events change it.
//
// Rows are immutable: every change makes a new one, so that whoever was given a row may keep it.
// INV-06: size = traded + remaining + what was reduced or cancelled. Nothing here looks at a clock
// or a book.

import type { OrderExtra, OrderType, SelfTrade, Side, TimeInForce } from '#engine/command.ts'
import type {
  ExitOpened,
  Fill,
  OrderAccepted,
  OrderAmended,
  OrderCancelled,
  OrderReduced,
  OrderTriggered,
} from '#engine/event.ts'
import type { OpenOrder } from '#engine/image.ts'
import { type Amount, asUnit, type PriceTicks, type SizeLots } from '#kernel/amount.ts'
import { type AccountId, asId, type MarketId, type OrderId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { asMicros, type Micros } from '#kernel/time.ts'
import type { FillRow } from './fill-row.ts'

export type OrderStatus = 'open' | 'partially_filled' | 'filled' | 'cancelled' | 'expired'

/** What most orders have at its default; session and key are the engine's alone. */
export type OrderTerms = Omit<OrderExtra, 'session' | 'key'>

export type OrderRow = OrderTerms & {
  readonly id: OrderId
  readonly account: AccountId
  readonly market: MarketId
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly selfTrade: SelfTrade
  /** Its limit, as it was amended last; 0 for orders without one. */
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
  /** In the asset of feeAsset; below 0 when rebates are more than fees. */
  readonly fee: Amount
  /** When a waiting order was triggered; 0 while it is armed, and for all others. */
  readonly triggeredAt: Micros
  readonly status: OrderStatus
  /** Why it ended when it was not filled whole. */
  readonly reason: RefusalCode | null
  readonly createdAt: Micros
  readonly updatedAt: Micros
  /** The event that changed it last; of two rows of an order the larger one is newer. */
  readonly eventNo: number
}

type Stamped<T> = T & { readonly eventNo: number; readonly seq: number; readonly time: Micros }

const PLAIN: OrderTerms = {
  triggerPrice: asUnit(0),
  triggerBy: 'last',
  stopPrice: asUnit(0),
  takeProfitPrice: asUnit(0),
  displaySize: asUnit(0),
  trail: 0,
  trailIn: 'ticks',
  expireAt: asMicros(0),
  reduceOnly: false,
  slide: false,
  feeIn: 'quote',
}

const NOTHING_YET = {
  traded: asUnit<SizeLots>(0),
  quoteTraded: asUnit<Amount>(0),
  fee: asUnit<Amount>(0),
  triggeredAt: asMicros(0),
  status: 'open',
  reason: null,
} as const

/** What of an order may change after it was opened. */
export type OrderChanges = Pick<
  OrderRow,
  | ('price' | 'size' | 'triggerPrice' | 'remaining' | 'traded' | 'quoteTraded' | 'fee')
  | ('triggeredAt' | 'status' | 'reason' | 'updatedAt' | 'eventNo')
>

/** The order that an `accepted` event opens; its id is the event's seq. */
export function acceptedOrder(event: Stamped<OrderAccepted>): OrderRow {
  const { price, size, time, eventNo } = event
  const { triggerPrice } = event.extra ?? PLAIN
  const order = { price, size, triggerPrice, remaining: size, updatedAt: time, eventNo }
  return changedOrder(event, { ...order, ...NOTHING_YET })
}

/**
 * The order that an `accepted` event opened, after what happened to it. Field by field: there are
 * many of them a second, and a spread in the middle of an object costs ten times as much.
 */
export function changedOrder(event: Stamped<OrderAccepted>, now: OrderChanges): OrderRow {
  const terms = event.extra ?? PLAIN
  return {
    id: asId(event.seq),
    account: event.account,
    market: event.market,
    side: event.side,
    type: event.type,
    timeInForce: event.timeInForce,
    postOnly: event.postOnly,
    selfTrade: event.selfTrade,
    price: now.price,
    size: now.size,
    quoteAmount: event.quoteAmount,
    clientOrderId: event.clientOrderId,
    triggerPrice: now.triggerPrice,
    triggerBy: terms.triggerBy,
    stopPrice: terms.stopPrice,
    takeProfitPrice: terms.takeProfitPrice,
    displaySize: terms.displaySize,
    trail: terms.trail,
    trailIn: terms.trailIn,
    expireAt: terms.expireAt,
    reduceOnly: terms.reduceOnly,
    slide: terms.slide,
    feeIn: terms.feeIn,
    remaining: now.remaining,
    traded: now.traded,
    quoteTraded: now.quoteTraded,
    fee: now.fee,
    triggeredAt: now.triggeredAt,
    status: now.status,
    reason: now.reason,
    createdAt: event.time,
    updatedAt: now.updatedAt,
    eventNo: now.eventNo,
  }
}

/** The exit of a bracket, an oco of the entry's account. */
export function openedExit(event: Stamped<ExitOpened>): OrderRow {
  const { orderId: id, account, market, side, selfTrade, price, size } = event
  const { triggerPrice, triggerBy, stopPrice } = event
  return {
    ...{ id, account, market, side, selfTrade, price, size, remaining: size },
    ...{ type: 'oco', timeInForce: 'GTC', postOnly: false, clientOrderId: '' },
    quoteAmount: asUnit(0),
    ...PLAIN,
    ...{ triggerPrice, triggerBy, stopPrice },
    ...NOTHING_YET,
    createdAt: event.time,
    updatedAt: event.time,
    eventNo: event.eventNo,
  }
}

/** The row of an open order of the engine's image; what its trigger made of it is seeded. */
export function imageOrder(order: OpenOrder, eventNo: number): OrderRow {
  return {
    id: order.orderId,
    ...termsOf(order),
    remaining: order.remaining,
    traded: order.traded,
    quoteTraded: order.quoteTraded,
    fee: order.fee,
    triggeredAt: order.triggered ? order.updatedAt : asMicros(0),
    status: order.traded > 0 ? 'partially_filled' : 'open',
    reason: null,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    eventNo,
  }
}

/** A buyer may pay in what he receives; everybody else pays in quote. */
export function paysInBase({ side, feeIn }: Pick<OrderRow, 'side' | 'feeIn'>): boolean {
  return feeIn === 'received' && side === 'buy'
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
    status: event.reason === 'order.expired' ? 'expired' : 'cancelled',
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

/** The order after it was changed in place; what the event does not name stays. */
export function amendedOrder(row: OrderRow, event: Stamped<OrderAmended>): OrderRow {
  const { price, triggerPrice, size, remaining } = event
  return {
    ...row,
    ...{ price, triggerPrice, size, remaining },
    updatedAt: event.time,
    eventNo: event.eventNo,
  }
}

/** The order once its trigger was met: an oco with a stop price works at that from now on. */
export function triggeredOrder(row: OrderRow, event: Stamped<OrderTriggered>): OrderRow {
  const isMoved = row.type === 'oco' && row.stopPrice > 0
  return {
    ...row,
    price: isMoved ? event.price : row.price,
    remaining: event.remaining,
    triggeredAt: event.time,
    updatedAt: event.time,
    eventNo: event.eventNo,
  }
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
    ...(order.extra === undefined ? PLAIN : withoutOrigin(order.extra)),
  }
}

function withoutOrigin({ session: _session, key: _key, ...terms }: OrderExtra): OrderTerms {
  return terms
}
