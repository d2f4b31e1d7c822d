// Fees: the fee of an amount, and the hold that covers every fee to come.
//
// The fee is charged on what an order traded so far, less what was charged before, so that many
// small fills never cost more than one large one. INV-05: notional + fee stays within the hold,
// which is notional + the fee at the higher rate + 1. Rates are in 1e-6; a negative one is a rebate
// and rounded against the customer like every other.

const RATE_ONE: i64 = 1_000_000
/** As much as a rate may be below 0, so that what is divided is not negative. */
const REBATE_MAX: i64 = 100_000

/** The fee on an amount, rounded up; the rate is not negative. */
export function feeRoundedUp(amount: i64, rate: i32): i64 {
  const whole = amount / RATE_ONE
  const rest = (amount - whole * RATE_ONE) * rate
  return whole * rate + (rest + RATE_ONE - 1) / RATE_ONE
}

/** The same for a rate of either sign: ceil for a fee, and so floor of what a rebate pays. */
export function signedFee(amount: i64, rate: i32): i64 {
  const whole = amount / RATE_ONE
  const rest = (amount - whole * RATE_ONE) * rate + REBATE_MAX * RATE_ONE
  return whole * rate + (rest + RATE_ONE - 1) / RATE_ONE - REBATE_MAX
}

/** What a fill adds to the fee of an order that had traded `before` and now `after`. */
export function feeBetween(before: i64, after: i64, rate: i32): i64 {
  const charged = before === 0 ? 0 : feeRoundedUp(before, rate)
  return feeRoundedUp(after, rate) - charged
}

/** What a buyer must have for a notional at the higher of the two rates; a rebate counts as 0. */
export function holdForNotional(notional: i64, makerRate: i32, takerRate: i32): i64 {
  return notional + feeRoundedUp(notional, max(makerRate, takerRate)) + 1
}

/** The greatest notional that an amount pays together with its fee. */
export function notionalWithin(amount: i64, rate: i32): i64 {
  let notional = i64(f64(amount) / (1 + f64(rate) / f64(RATE_ONE)))
  while (notional > 0 && notional + feeRoundedUp(notional, rate) > amount) notional -= 1
  while (notional + 1 + feeRoundedUp(notional + 1, rate) <= amount) notional += 1
  return notional
}
