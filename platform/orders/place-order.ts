// Place order: the body of POST /v1/orders as a command.
//
// Amounts are parsed strictly: what the market's scales cannot hold exactly is refused, nothing is
// rounded. What is refused here was never journaled and is not remembered; every other rule is the
// engine's.

import type { PlaceOrder } from '#engine/command.ts'
import {
  type Amount,
  asUnit,
  type PriceTicks,
  parseDecimal,
  type SizeLots,
} from '#kernel/amount.ts'
import type { AccountId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { accept, type Refused, type Result, refuse } from '#kernel/result.ts'
import { asMicros } from '#kernel/time.ts'
import type { Market } from '#views/listing.ts'
import type { PlaceBody } from './schemas.ts'

export type PlaceSubmission = Omit<PlaceOrder, 'bodyHash'>

export type PlaceContext = {
  readonly market: Market
  readonly account: AccountId
  /** Microseconds; counts as sentAt when the caller gave none. */
  readonly now: number
  /** For a caller who gave no clientOrderId. */
  readonly newId: () => string
}

/** request.malformed, order.price_off_tick, size_off_lot, price_out_of_band, too_large. */
export function placeSubmission(body: PlaceBody, context: PlaceContext): Result<PlaceSubmission> {
  const { market, account } = context
  const wrong = body.type === 'limit' ? limitShape(body) : marketShape(body)
  if (wrong !== undefined) return refuse('request.malformed', { why: wrong })
  const price = ticksOf(market, body.price)
  if (!price.ok) return price
  const size = lotsOf(market, body.size)
  if (!size.ok) return size
  const quoteAmount = quoteOf(market, body.quoteAmount)
  if (!quoteAmount.ok) return quoteAmount
  return accept({
    kind: 'place',
    account,
    market: market.id,
    side: body.side,
    type: body.type,
    timeInForce: body.timeInForce ?? (body.type === 'limit' ? 'GTC' : 'IOC'),
    postOnly: body.postOnly ?? false,
    selfTrade: body.selfTrade ?? 'cancel-taker',
    price: price.value,
    size: size.value,
    quoteAmount: quoteAmount.value,
    clientOrderId: body.clientOrderId ?? context.newId(),
    sentAt: asMicros(body.sentAt ?? context.now),
    sentAtGiven: body.sentAt !== undefined,
  })
}

function limitShape({ price, size, quoteAmount, postOnly, timeInForce }: PlaceBody) {
  if (price === undefined) return 'a limit order has a price'
  if (size === undefined || quoteAmount !== undefined) return 'a limit order has a size'
  if (postOnly === true && (timeInForce ?? 'GTC') !== 'GTC') return 'postOnly goes with GTC'
  return undefined
}

function marketShape({ price, size, quoteAmount, postOnly, timeInForce }: PlaceBody) {
  if (price !== undefined) return 'a market order has no price'
  if ((size === undefined) === (quoteAmount === undefined)) return 'either size or quoteAmount'
  if (postOnly === true) return 'postOnly goes with limit orders'
  if (timeInForce === 'GTC') return 'a market order is IOC or FOK'
  return undefined
}

function ticksOf(market: Market, text: string | undefined): Result<PriceTicks> {
  if (text === undefined) return accept(asUnit(0))
  const parsed = parseDecimal(text, market.priceScale)
  if (!parsed.ok) {
    return refuseDecimal(parsed.why, 'order.price_off_tick', 'order.price_out_of_band')
  }
  const ticks = parsed.units / market.tickUnits
  if (!Number.isInteger(ticks)) return refuse('order.price_off_tick')
  return accept(asUnit(ticks))
}

function lotsOf(market: Market, text: string | undefined): Result<SizeLots> {
  if (text === undefined) return accept(asUnit(0))
  const parsed = parseDecimal(text, market.base.scale)
  if (!parsed.ok) return refuseDecimal(parsed.why, 'order.size_off_lot', 'order.too_large')
  const lots = parsed.units / market.lotUnits
  if (!Number.isInteger(lots)) return refuse('order.size_off_lot')
  return accept(asUnit(lots))
}

function quoteOf(market: Market, text: string | undefined): Result<Amount> {
  if (text === undefined) return accept(asUnit(0))
  const parsed = parseDecimal(text, market.quote.scale)
  if (!parsed.ok) return refuseDecimal(parsed.why, 'request.malformed', 'order.too_large')
  return accept(asUnit(parsed.units))
}

function refuseDecimal(
  why: 'malformed' | 'too_precise' | 'too_large',
  tooPrecise: RefusalCode,
  tooLarge: RefusalCode,
): Refused {
  if (why === 'too_precise') return refuse(tooPrecise)
  return why === 'too_large' ? refuse(tooLarge) : refuse('request.malformed', { why: 'decimal' })
}
