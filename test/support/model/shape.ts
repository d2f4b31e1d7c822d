// Shape: which fields an order of a type has, and which make sense together.
//
// Prices that are needed and missing are not a matter of shape: they are out of band.

import { PRICE_TICKS_MAX, TRAIL_BPS_MAX } from '#engine/limits.ts'
import { isBracket, mayWait, onlyWaits } from './terms.ts'
import type { Request } from './world.ts'

const FIELDS = ['price', 'size', 'quoteAmount'] as const
const EXTRA_FIELDS = [
  'triggerPrice',
  'stopPrice',
  'takeProfitPrice',
  'displaySize',
  'trail',
] as const
type Name = (typeof FIELDS)[number] | (typeof EXTRA_FIELDS)[number]

const BRACKET: Name[] = ['takeProfitPrice', 'triggerPrice', 'stopPrice']
const NAMED: Readonly<Record<Request['type'], readonly Name[]>> = {
  limit: ['price', 'size', 'displaySize'],
  market: ['size', 'quoteAmount'],
  stop: ['size', 'triggerPrice'],
  'take-profit': ['size', 'triggerPrice'],
  'stop-limit': ['size', 'triggerPrice', 'price'],
  'take-profit-limit': ['size', 'triggerPrice', 'price'],
  'trailing-stop': ['size', 'trail'],
  oco: ['size', 'price', 'triggerPrice', 'stopPrice'],
}

/** Is something there that does not belong, or missing that is not a price? */
export function isMalformed(request: Request): boolean {
  const { type, timeInForce, quoteAmount, size, extra } = request
  if (FIELDS.some((name) => request[name] !== 0 && !isNamed(request, name))) return true
  if (EXTRA_FIELDS.some((name) => extra[name] !== 0 && !isNamed(request, name))) return true
  if (type === 'market' ? (size === 0) === (quoteAmount === 0) : size === 0) return true
  if (type === 'market' ? mayWait(request) : type !== 'limit' && !mayWait(request)) return true
  if (request.postOnly && ((type !== 'limit' && type !== 'oco') || !mayWait(request))) return true
  if (extra.slide && !request.postOnly) return true
  if (extra.displaySize > size) return true
  if (extra.displaySize !== 0 && !mayWait(request)) return true
  if (extra.expireAt !== 0 && timeInForce !== 'GTD') return true
  if (type === 'trailing-stop' && !isTrail(request)) return true
  if (extra.reduceOnly && quoteAmount !== 0) return true
  return type === 'oco' ? breaksOco(request) : isBracket(request) && breaksBracket(request)
}

/** Must be, or is, a price that is not one: both are out of band. */
export function isOutOfBand(request: Request): boolean {
  const { type, price, extra } = request
  const { triggerPrice, stopPrice, takeProfitPrice } = extra
  const bracket = isBracket(request)
  const needsTrigger = bracket || type === 'oco' || (onlyWaits(request) && !isTrailing(request))
  const needsPrice = type === 'oco' || type.endsWith('limit')
  if (isNoPrice(price) && (needsPrice || price !== 0)) return true
  if (isNoPrice(triggerPrice) && (needsTrigger || triggerPrice !== 0)) return true
  if (isNoPrice(stopPrice) && stopPrice !== 0) return true
  return isNoPrice(takeProfitPrice) && takeProfitPrice !== 0
}

export function isNoPrice(price: number): boolean {
  return price < 1 || price > PRICE_TICKS_MAX
}

/** Does an oco with these prices have its stop on the wrong side of its limit? */
export function breaksOco({ side, price, extra }: Request): boolean {
  const { triggerPrice } = extra
  if (price === 0 || triggerPrice === 0) return false
  return side === 'sell' ? triggerPrice >= price : price >= triggerPrice
}

function breaksBracket({ side, type, price, quoteAmount, extra }: Request): boolean {
  const { triggerPrice, takeProfitPrice, feeIn } = extra
  if (side !== 'buy' || quoteAmount !== 0 || feeIn !== 'quote') return true
  if (triggerPrice !== 0 && triggerPrice >= takeProfitPrice) return true
  if (type === 'market' || price === 0) return false
  return price >= takeProfitPrice || (triggerPrice !== 0 && triggerPrice >= price)
}

function isTrail({ extra }: Request): boolean {
  const most = extra.trailIn === 'ticks' ? PRICE_TICKS_MAX : TRAIL_BPS_MAX
  return extra.trail >= 1 && extra.trail <= most
}

function isTrailing({ type }: Request): boolean {
  return type === 'trailing-stop'
}

function isNamed(request: Request, name: Name): boolean {
  const mayBracket = request.type === 'limit' || (request.type === 'market' && request.size !== 0)
  if (BRACKET.includes(name) && mayBracket) return isBracket(request)
  return NAMED[request.type].includes(name)
}
