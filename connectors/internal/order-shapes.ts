// Order shapes: the API's orders and fills as the Venue port tells them.
//
// Products of decimals are exact, made with bigint: a fill's quote is price times size to the last
// digit. A trade id is unique in its market only, so a fill's id names the market, too.

import type { AmendBody, Fill as ApiFill, Order as ApiOrder, PlaceBody } from '#client/shapes.ts'
import type { Amendment, Fill, Order, OrderRequest } from '../venue.ts'

export function toOrder(order: ApiOrder): Order {
  const { status, reason, size, price, triggerPrice, updatedAt } = order
  const over = status === 'filled' ? 'filled' : 'cancelled'
  return {
    clientOrderId: order.clientOrderId ?? String(order.id),
    venueOrderId: String(order.id),
    symbol: order.market,
    side: order.side,
    state: status === 'open' || status === 'partially_filled' ? 'open' : over,
    filledBase: order.filled,
    filledQuote: order.quoteFilled,
    ...(reason === undefined ? {} : { code: reason }),
    ...(size === null ? {} : { size }),
    ...(price === null ? {} : { limitPrice: price }),
    ...(triggerPrice === undefined ? {} : { triggerPrice }),
    updatedAt,
  }
}

/** The body of PATCH /v1/orders. */
export function toAmendBody({ size, limitPrice, triggerPrice }: Amendment): AmendBody {
  return {
    ...(size === undefined ? {} : { size }),
    ...(limitPrice === undefined ? {} : { price: limitPrice }),
    ...(triggerPrice === undefined ? {} : { triggerPrice }),
  }
}

export function toFill(fill: ApiFill): Fill {
  return {
    fillId: `${fill.market}/${fill.id}`,
    clientOrderId: fill.clientOrderId ?? String(fill.orderId),
    symbol: fill.market,
    side: fill.side,
    base: fill.size,
    quote: timesDecimal(fill.price, fill.size),
    fee: { asset: fill.feeAsset, amount: fill.fee },
    liquidity: fill.liquidity,
    at: fill.at,
  }
}

/** The body of POST /v1/orders; without a limit price it is a market order. */
export function toPlaceBody(request: OrderRequest, account: number | undefined): PlaceBody {
  const { quantity, limitPrice, postOnly } = request
  return {
    clientOrderId: request.clientOrderId,
    sentAt: request.sentAt,
    ...(account === undefined ? {} : { account }),
    market: request.symbol,
    side: request.side,
    type: request.type ?? (limitPrice === undefined ? 'market' : 'limit'),
    ...(quantity.in === 'base' ? { size: quantity.amount } : { quoteAmount: quantity.amount }),
    ...(limitPrice === undefined ? {} : { price: limitPrice }),
    timeInForce: request.timeInForce,
    ...(postOnly === true ? { postOnly } : {}),
    ...(request.stays === 'always' ? { stays: true } : {}),
    ...termsOf(request),
  }
}

const TERMS = [
  ...(['triggerPrice', 'triggerBy', 'stopPrice', 'takeProfitPrice', 'displaySize'] as const),
  ...(['trail', 'trailBps', 'expireAt', 'reduceOnly', 'slide', 'selfTrade', 'feeIn'] as const),
]

/** Terms have the API's names; only those that are given are sent. */
function termsOf(request: OrderRequest): Pick<PlaceBody, (typeof TERMS)[number]> {
  const given = TERMS.filter((term) => request[term] !== undefined)
  return Object.fromEntries(given.map((term) => [term, request[term]]))
}

/** The exact product of two decimals that are not negative, without surplus zeros. */
export function timesDecimal(a: string, b: string): string {
  const [wholeA = '', fractionA = ''] = a.split('.')
  const [wholeB = '', fractionB = ''] = b.split('.')
  const scale = fractionA.length + fractionB.length
  const units = BigInt(wholeA + fractionA) * BigInt(wholeB + fractionB)
  const digits = units.toString().padStart(scale + 1, '0')
  if (scale === 0) return digits
  const fraction = digits.slice(-scale).replace(/0+$/, '')
  return digits.slice(0, -scale) + (fraction === '' ? '' : `.${fraction}`)
}
