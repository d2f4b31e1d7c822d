// Paying: the fees of fills whose orders pay otherwise than most: rebates, fees in base, auctions.
//
// What such an order paid is stored: a rebate may have been cut off, and base is not quote. A
// rebate is at most what the taker of the fill pays in quote, so that the fees account never pays.
// In an auction both pay as makers, and rebates are 0.

import { FEES } from './accounts.ts'
import { cellOf, changeCash } from './balances.ts'
import { clock } from './clock.ts'
import { signedFee } from './fees.ts'
import { Market } from './markets.ts'
import { FEE_IN_BASE, FEES_STORED, Order, orderAt, paidAt, sideOf, termsAt } from './orders.ts'

/** What the last fill charged. */
@unmanaged
class Charged {
  makerFee: i64
  takerFee: i64
}

export const charged = changetype<Charged>(memory.data(16, 8))

/** Charges both and moves the money; what was charged stands in the record above. */
export function payStored(
  market: Market,
  takerSlot: u32,
  makerSlot: u32,
  lots: i64,
  notional: i64,
  isAuction: bool,
): void {
  const base = lots * market.lotUnits
  const takerFee = charge(takerSlot, notional, base, isAuction, 0)
  const mostRebate = isAuction || isInBase(takerSlot) ? 0 : takerFee
  const makerFee = charge(makerSlot, notional, base, true, mostRebate)
  charged.takerFee = takerFee
  charged.makerFee = makerFee
  pay(market, makerSlot, base, notional, makerFee)
  pay(market, takerSlot, base, notional, takerFee)
}

/** What of a fee is paid in quote. */
export function inQuote(order: Order, fee: i64): i64 {
  return (order.flags & FEE_IN_BASE) !== 0 ? 0 : fee
}

function isInBase(slot: u32): bool {
  return (orderAt(slot).flags & FEE_IN_BASE) !== 0
}

function charge(slot: u32, notional: i64, base: i64, isMaker: bool, mostRebate: i64): i64 {
  const terms = termsAt(slot)
  const before = isMaker ? orderAt(slot).makerNotional : terms.takerNotional
  if (isMaker) orderAt(slot).makerNotional = before + notional
  else terms.takerNotional = before + notional
  terms.updatedAt = clock.time
  const rate = isMaker ? terms.makerRate : terms.takerRate
  const fee = isInBase(slot)
    ? feeInBase(slot, base, rate, isMaker)
    : max(signedFee(before + notional, rate) - signedFee(before, rate), -mostRebate)
  if ((orderAt(slot).flags & FEES_STORED) !== 0) paidAt(slot).fee += fee
  return fee
}

function feeInBase(slot: u32, base: i64, rate: i32, isMaker: bool): i64 {
  const paid = paidAt(slot)
  const before = isMaker ? paid.makerBase : paid.takerBase
  if (isMaker) paid.makerBase = before + base
  else paid.takerBase = before + base
  return signedFee(before + base, rate) - signedFee(before, rate)
}

// A buyer gets base, a seller gives it; the fee goes where it is paid.
function pay(market: Market, slot: u32, base: i64, notional: i64, fee: i64): void {
  const order = orderAt(slot)
  const sign: i64 = 1 - 2 * i64(sideOf(order))
  const quoteFee = inQuote(order, fee)
  const baseFee = fee - quoteFee
  changeCash(cellOf(order.account, market.base), sign * base - baseFee)
  changeCash(cellOf(order.account, market.quote), -sign * notional - quoteFee)
  changeCash(cellOf(FEES, market.quote), quoteFee)
  if (baseFee !== 0) changeCash(cellOf(FEES, market.base), baseFee)
}
