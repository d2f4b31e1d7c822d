// Schemas of the routes of orders: bodies, answers, parameters.
//
// What a body may say is settled here and in port.ts down to the last field; whether a price fits
// its market is not: a number that is well written is never 400.

import { type Static, Type } from 'typebox'
import { CANCEL_AFTER_MS_MAX } from '#engine/limits.ts'
import {
  AccountNumber,
  CallerId,
  closed,
  LimitText,
  pageOf,
  SymbolParam,
  WholeNumber,
  WholeText,
} from '#platform/http/port.ts'
import { GROUP_MAX } from '#sequencer/port.ts'
import { AMENDABLE, EntryResult, Fill, Order, OrderStatus, Side } from './port.ts'

export const AmendBody = closed(AMENDABLE, {
  minProperties: 1,
  examples: [{ size: '0.002' }, { price: '45900.0', size: '0.003' }],
})
export type AmendBody = Static<typeof AmendBody>

export const Placed = closed({ order: Order, fills: Type.Array(Fill, { maxItems: 1_000 }) })
export type Placed = Static<typeof Placed>

export const BatchAnswer = closed({
  results: Type.Array(EntryResult, { minItems: 1, maxItems: GROUP_MAX }),
})
export type BatchAnswer = Static<typeof BatchAnswer>

export const CancelAfterBody = closed(
  {
    account: Type.Optional(AccountNumber),
    /** 0 takes the timer away. */
    cancelAfterMs: Type.Integer({ minimum: 0, maximum: CANCEL_AFTER_MS_MAX }),
  },
  { examples: [{ cancelAfterMs: 30_000 }] },
)
/** dueAt is null when there is no timer any more. */
export const CancelAfter = closed({
  dueAt: Type.Unsafe<number | null>({ type: ['integer', 'null'] }),
})
export type CancelAfter = Static<typeof CancelAfter>

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
