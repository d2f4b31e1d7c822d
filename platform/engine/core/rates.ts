// Rates: what an order of an account would pay, by the tier that its owner has reached.

import { accountAt } from './accounts.ts'
import { Market, rulesOf, SCHEDULED, tierAt } from './markets.ts'
import { FEE_IN_BASE, FEES_STORED, orderAt, paidAt, termsAt } from './orders.ts'
import { volumeOf } from './volumes.ts'

/** The rates that the running command was granted. */
@unmanaged
class Granted {
  makerRate: i32
  takerRate: i32
}

export const granted = changetype<Granted>(memory.data(8, 8))

/** Finds the rates for a new order: fixed at its acceptance. */
export function grantRates(market: Market, account: u32): void {
  granted.makerRate = market.makerRate
  granted.takerRate = market.takerRate
  if ((market.mood & SCHEDULED) !== 0) grantTier(market, account)
}

/** Writes them into an order; one with a rebate, or fees in base, has what it paid stored. */
export function putRates(slot: u32): void {
  const terms = termsAt(slot)
  terms.makerRate = granted.makerRate
  terms.takerRate = granted.takerRate
  if (granted.makerRate < 0 || (orderAt(slot).flags & FEE_IN_BASE) !== 0) storeFees(slot)
}

/** Without quote to be paid in there are no rebates. */
function storeFees(slot: u32): void {
  const order = orderAt(slot)
  const terms = termsAt(slot)
  if ((order.flags & FEE_IN_BASE) !== 0) terms.makerRate = max(terms.makerRate, 0)
  order.flags |= FEES_STORED
  const paid = paidAt(slot)
  paid.fee = 0
  paid.makerBase = 0
  paid.takerBase = 0
}

function grantTier(market: Market, account: u32): void {
  const count = rulesOf(market).tierCount
  if (count === 1) return
  const volume = volumeOf(accountAt(account).owner, market.quote)
  let nth: u32 = 0
  while (nth + 1 < count && tierAt(market, nth + 1).minNotional <= volume) nth += 1
  const tier = tierAt(market, nth)
  granted.makerRate = tier.makerRate
  granted.takerRate = tier.takerRate
}
