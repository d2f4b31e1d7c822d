// Order text: an order as the JSON text that JSON.stringify would make of orderJson.
//
// For answers about many orders at once: a plain order is put together from its parts, without an
// object in between, in a third of the time. Symbols and words of ours need no escapes. A test
// holds the two against each other for every kind of order.

import { amountText, averagePriceText, priceText, sizeText } from './decimals.ts'
import { orderJson } from './format.ts'
import { isPlain } from './format-terms.ts'
import type { Listing, Market } from './listing.ts'
import { type OrderRow, paysInBase } from './order-row.ts'

export function orderText(listing: Listing, row: OrderRow): string {
  if (row.quoteAmount !== 0 || !isPlain(row)) return JSON.stringify(orderJson(listing, row))
  const market = listing.market(row.market)
  const { base, quote } = market
  const asset = paysInBase(row) ? base : quote
  const { traded, quoteTraded } = row
  const size = sizeText(market, row.size)
  const average = traded === 0 ? 'null' : `"${averagePriceText(market, quoteTraded, traded)}"`
  return (
    `${headText(market, row, size)},"filled":"${sizeText(market, traded)}"` +
    `,"remaining":"${row.remaining === row.size ? size : sizeText(market, row.remaining)}"` +
    `,"quoteFilled":"${amountText(quote, quoteTraded)}","averagePrice":${average}` +
    `,"fee":"${amountText(asset, row.fee)}","feeAsset":"${asset.symbol}"` +
    `,"status":"${row.status}"${row.reason === null ? '' : `,"reason":"${row.reason}"`}` +
    `,"createdAt":${row.createdAt},"updatedAt":${row.updatedAt}}`
  )
}

function headText(market: Market, row: OrderRow, sizeOf: string): string {
  const clientOrderId = row.clientOrderId === '' ? 'null' : JSON.stringify(row.clientOrderId)
  const price = row.price === 0 ? 'null' : `"${priceText(market, row.price)}"`
  const size = row.size === 0 ? 'null' : `"${sizeOf}"`
  return (
    `{"id":${row.id},"clientOrderId":${clientOrderId},"account":${row.account}` +
    `,"market":"${market.symbol}","side":"${row.side}","type":"${row.type}"` +
    `,"timeInForce":"${row.timeInForce}","price":${price},"size":${size}`
  )
}
