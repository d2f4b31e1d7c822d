// Schemas of orders and fills, for routes, client and OpenAPI alike.
//
// What a body may say is settled here down to the last field; whether a price fits its market is
// not: a number that is well written is never 400.

import { type Static, Type } from 'typebox'
import {
  AccountNumber,
  CallerId,
  closed,
  Decimal,
  DecimalInput,
  DecimalOrNull,
  Instant,
  LimitText,
  oneOf,
  pageOf,
  SymbolParam,
  WholeNumber,
  WholeText,
} from '#platform/http/port.ts'
import { ClientOrderId, Fill, Side } from './port.ts'

export const OrderType = oneOf(['limit', 'market'])
export const TimeInForce = oneOf(['GTC', 'IOC', 'FOK'])
/** What an order that is shown may be: all that the engine knows. */
const ShownType = oneOf([
  'limit',
  'market',
  'stop',
  'stop-limit',
  'take-profit',
  'take-profit-limit',
  'trailing-stop',
  'oco',
])
const ShownTimeInForce = oneOf(['GTC', 'IOC', 'FOK', 'GTD', 'DAY'])
export const SelfTrade = oneOf(['cancel-taker', 'cancel-maker', 'cancel-both', 'decrement'])
export const OrderStatus = oneOf(['open', 'partially_filled', 'filled', 'cancelled', 'expired'])

export const PlaceBody = closed({
  clientOrderId: Type.Optional(CallerId),
  sentAt: Type.Optional(Instant),
  account: Type.Optional(AccountNumber),
  market: SymbolParam,
  side: Side,
  type: OrderType,
  size: Type.Optional(DecimalInput),
  quoteAmount: Type.Optional(DecimalInput),
  price: Type.Optional(DecimalInput),
  timeInForce: Type.Optional(TimeInForce),
  postOnly: Type.Optional(Type.Boolean()),
  selfTrade: Type.Optional(SelfTrade),
})
export type PlaceBody = Static<typeof PlaceBody>

/** price is null for market orders; size and remaining are null for orders by quote amount. */
export const Order = closed({
  id: WholeNumber,
  clientOrderId: ClientOrderId,
  account: AccountNumber,
  market: Type.String({ maxLength: 20 }),
  side: Side,
  type: ShownType,
  timeInForce: ShownTimeInForce,
  price: DecimalOrNull,
  size: DecimalOrNull,
  quoteAmount: Type.Optional(Decimal),
  filled: Decimal,
  remaining: DecimalOrNull,
  quoteFilled: Decimal,
  averagePrice: DecimalOrNull,
  fee: Decimal,
  status: OrderStatus,
  reason: Type.Optional(Type.String({ maxLength: 64 })),
  createdAt: Instant,
  updatedAt: Instant,
})
export type Order = Static<typeof Order>

export const Placed = closed({ order: Order, fills: Type.Array(Fill, { maxItems: 1_000 }) })
export type Placed = Static<typeof Placed>

export const OneOrder = closed({ order: Order })
export const OrderPage = closed({ ...pageOf(Order).properties, asOfSeq: WholeNumber })
export const Cancelled = closed({ cancelled: WholeNumber })

export const OrderParams = closed({ id: WholeText })
export const ClientIdParams = closed({ clientOrderId: CallerId })
export const AccountQuery = closed({ account: Type.Optional(WholeText) })
export const OrdersQuery = closed({
  account: Type.Optional(WholeText),
  market: Type.Optional(SymbolParam),
  status: Type.Optional(OrderStatus),
  after: Type.Optional(WholeText),
  limit: Type.Optional(LimitText),
})
export const CancelAllQuery = closed({
  account: Type.Optional(WholeText),
  market: Type.Optional(SymbolParam),
  side: Type.Optional(Side),
})
