// Fees: the fee of a fill, and the hold that covers every fee to come.
//
// The fee is charged on what an order traded so far, less what was charged before, so that many
// small fills never cost more than one large one. INV-05: notional + fee stays within the hold,
// which is notional + the fee at the higher rate + 1.

import * as amounts from '#kernel/amount.ts'

const { feeRoundedUp } = amounts

/** What a fill adds to the fee of an order that had traded `before` and now `after`. */
export function feeBetween(before: number, after: number, rate: number): number {
  return feeRoundedUp(after, rate) - feeRoundedUp(before, rate)
}

/** What a buyer must have for a notional at the higher of the two rates. */
export function holdForNotional(notional: number, makerRate: number, takerRate: number): number {
  return notional + feeRoundedUp(notional, Math.max(makerRate, takerRate)) + 1
}

/** The greatest notional that an amount pays together with its fee. */
export function notionalWithin(amount: number, rate: number): number {
  let notional = Math.floor(amount / (1 + rate / 1_000_000))
  while (notional > 0 && notional + feeRoundedUp(notional, rate) > amount) notional -= 1
  while (notional + 1 + feeRoundedUp(notional + 1, rate) <= amount) notional += 1
  return notional
}
