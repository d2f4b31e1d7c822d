// Fold of fees: what a fill must charge, from the rates of `accepted` alone (INV-05).

import type { Fill, MarketListed } from '#engine/event.ts'

const RATE_ONE = 1_000_000n

/** What an order's fees depend on: its rates, and what they were reckoned on so far. */
type Payer = {
  readonly accepted: { readonly makerRate: number; readonly takerRate: number }
  makerAmount: bigint
  takerAmount: bigint
}

type FillOf = { readonly fill: Fill; readonly maker: Payer; readonly taker: Payer }

/** The fees that a fill must have, counting it for both orders. */
export function feesOf(
  { quotePerTickLot, lotUnits }: MarketListed,
  { fill, maker, taker }: FillOf,
) {
  const notional = BigInt(fill.price) * BigInt(fill.size) * BigInt(quotePerTickLot)
  const base = BigInt(fill.size) * BigInt(lotUnits)
  const takerAmount = fill.takerFeeInBase ? base : notional
  const makerAmount = fill.makerFeeInBase ? base : notional
  const takerFee = fill.auction ? asMaker(taker, takerAmount, 0n) : asTaker(taker, takerAmount)
  const rebateMax = fill.auction || fill.takerFeeInBase ? 0n : takerFee
  const makerFee = asMaker(maker, makerAmount, rebateMax)
  return { makerFee: Number(makerFee), takerFee: Number(takerFee) }
}

function asTaker(order: Payer, amount: bigint): bigint {
  const { takerRate } = order.accepted
  const before = feeOf(order.takerAmount, takerRate)
  order.takerAmount += amount
  return feeOf(order.takerAmount, takerRate) - before
}

function asMaker(order: Payer, amount: bigint, rebateMax: bigint): bigint {
  const { makerRate } = order.accepted
  const before = feeOf(order.makerAmount, makerRate)
  order.makerAmount += amount
  const fee = feeOf(order.makerAmount, makerRate) - before
  const isTooMuch = fee < -rebateMax
  return isTooMuch ? -rebateMax : fee
}

function feeOf(amount: bigint, rate: number): bigint {
  const product = amount * BigInt(rate)
  // Division of bigints cuts towards zero, which is down for a rebate; a fee is rounded up.
  return product > 0n ? (product + RATE_ONE - 1n) / RATE_ONE : product / RATE_ONE
}
