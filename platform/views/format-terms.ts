// Format of order terms: what most orders do without, as the API's JSON.
//
// A field that is at its default is left out, so that a plain limit order stays short. The ids of
// a bracket's two orders follow from one another.

import { EXIT_ID_FIRST } from '#kernel/ids.ts'
import { priceText, sizeText } from './decimals.ts'
import type { Market } from './listing.ts'
import type { OrderRow, OrderTerms } from './order-row.ts'

/** Whether nothing of an order is told by orderTermsJson. */
export function isPlain(row: OrderRow): boolean {
  const isTold = row.triggerPrice + row.takeProfitPrice + row.displaySize + row.trail > 0
  const isMarked = row.reduceOnly || row.slide || row.feeIn !== 'quote'
  return !isTold && !isMarked && row.expireAt === 0 && row.id < EXIT_ID_FIRST
}

export type OrderTermsJson = {
  readonly triggerPrice?: string
  readonly triggerBy?: OrderTerms['triggerBy']
  readonly stopPrice?: string
  readonly takeProfitPrice?: string
  readonly displaySize?: string
  readonly trail?: string
  readonly trailBps?: number
  readonly expireAt?: number
  readonly reduceOnly?: boolean
  readonly slide?: boolean
  readonly feeIn?: OrderTerms['feeIn']
  readonly triggeredAt?: number
  readonly entryOrderId?: number
  readonly exitOrderId?: number
}

export function orderTermsJson(market: Market, row: OrderRow): OrderTermsJson {
  const price = (ticks: number) => priceText(market, ticks)
  const { triggerPrice, stopPrice, takeProfitPrice, displaySize, expireAt, triggeredAt } = row
  return {
    ...(triggerPrice === 0 ? {} : { triggerPrice: price(triggerPrice) }),
    ...(triggerPrice === 0 && row.trail === 0 ? {} : { triggerBy: row.triggerBy }),
    ...(stopPrice === 0 ? {} : { stopPrice: price(stopPrice) }),
    ...(takeProfitPrice === 0 ? {} : { takeProfitPrice: price(takeProfitPrice) }),
    ...(displaySize === 0 ? {} : { displaySize: sizeText(market, displaySize) }),
    ...trailJson(market, row),
    ...(expireAt === 0 ? {} : { expireAt }),
    ...(row.reduceOnly ? { reduceOnly: true } : {}),
    ...(row.slide ? { slide: true } : {}),
    ...(row.feeIn === 'quote' ? {} : { feeIn: row.feeIn }),
    ...(triggeredAt === 0 ? {} : { triggeredAt }),
    ...bracketJson(row),
  }
}

function trailJson(market: Market, { trail, trailIn }: OrderTerms) {
  if (trail === 0) return {}
  return trailIn === 'bps' ? { trailBps: trail } : { trail: priceText(market, trail) }
}

function bracketJson({ id, takeProfitPrice }: OrderRow) {
  if (id >= EXIT_ID_FIRST) return { entryOrderId: id - EXIT_ID_FIRST }
  return takeProfitPrice === 0 ? {} : { exitOrderId: EXIT_ID_FIRST + id }
}
