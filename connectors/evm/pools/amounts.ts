// Amounts: between the decimal strings of a venue and the smallest units of a pool.
//
// A limit price bounds the side that is not exact: what we get rounds up, what we pay rounds down,
// so the average price is never worse than the limit by even one unit.

import type { OrderRequest, Quantity, Side } from '../../venue.ts'
import { parseChainAmount } from '../chain-amount.ts'

/** Which side is exact; the other has the bound. */
export type SwapAmounts =
  | { readonly kind: 'exact-in'; readonly amountIn: bigint; readonly minOut: bigint }
  | { readonly kind: 'exact-out'; readonly amountOut: bigint; readonly maxIn: bigint }

export type Decimals = { readonly base: number; readonly quote: number }

export type AmountsRequest = {
  readonly side: Side
  readonly quantity: Quantity
  readonly limitPrice: string
}

const PRICE_DECIMALS = 18

export type SwapRefusal =
  | 'order.type_unsupported'
  | 'swap.limit_required'
  | 'swap.no_profit'
  | 'request.malformed'

/** Why an order cannot be a swap at all; undefined when it can. */
export function swapRefusal(request: OrderRequest): SwapRefusal | undefined {
  if (rests(request) || request.minProfit !== undefined) return 'order.type_unsupported'
  return request.limitPrice === undefined ? 'swap.limit_required' : undefined
}

/** Nothing rests on a pool. */
export function rests({ timeInForce, postOnly }: OrderRequest): boolean {
  return (timeInForce !== 'IOC' && timeInForce !== 'FOK') || postOnly === true
}

/** Undefined when a number is malformed, too precise or zero. */
export function swapAmounts(request: AmountsRequest, decimals: Decimals): SwapAmounts | undefined {
  const { side, quantity, limitPrice } = request
  const units = parseChainAmount(quantity.amount, decimals[quantity.in])
  const price = parseChainAmount(limitPrice, PRICE_DECIMALS)
  if (units === undefined || price === undefined || units === 0n || price === 0n) return undefined
  const pays = side === 'buy' ? 'quote' : 'base'
  if (quantity.in === pays) {
    const minOut = atPriceUp(units, quantity.in, price, decimals)
    return { kind: 'exact-in', amountIn: units, minOut }
  }
  const maxIn = atPriceDown(units, quantity.in, price, decimals)
  return { kind: 'exact-out', amountOut: units, maxIn }
}

/** The least output of an input at a request's limit; 0n when the limit is malformed. */
export function leastOut(
  amountIn: bigint,
  { side, limitPrice }: Pick<AmountsRequest, 'side' | 'limitPrice'>,
  decimals: Decimals,
): bigint {
  const price = parseChainAmount(limitPrice, PRICE_DECIMALS)
  if (price === undefined || price === 0n) return 0n
  return atPriceUp(amountIn, side === 'buy' ? 'quote' : 'base', price, decimals)
}

/** Of an output that was named: all of it for an order that is whole or nothing. */
export function leastOfNamed({ timeInForce }: OrderRequest, named: bigint, least: bigint): bigint {
  return timeInForce === 'FOK' && named > least ? named : least
}

/** The other asset's units at a price, rounded down. */
function atPriceDown(units: bigint, of: Quantity['in'], price: bigint, decimals: Decimals): bigint {
  const { multiply, divide } = ratio(of, price, decimals)
  return (units * multiply) / divide
}

function atPriceUp(units: bigint, of: Quantity['in'], price: bigint, decimals: Decimals): bigint {
  const { multiply, divide } = ratio(of, price, decimals)
  return (units * multiply + divide - 1n) / divide
}

function ratio(of: Quantity['in'], price: bigint, decimals: Decimals) {
  const up = price * 10n ** BigInt(decimals.quote)
  const down = 10n ** BigInt(PRICE_DECIMALS + decimals.base)
  return of === 'base' ? { multiply: up, divide: down } : { multiply: down, divide: up }
}
