// Rates: what an order of an account would pay, by the tier that its owner has reached.

import { accountAt } from './accounts.ts'
import { Market, rulesOf, SCHEDULED, tierAt } from './markets.ts'
import { FEE_IN_BASE, FEES_STORED, Order, orderAt, paidAt, slotOf, termsAt } from './orders.ts'
import { volumeOf } from './volumes.ts'

/** The rates that the running command was granted. */
@unmanaged
class Granted {
  makerRate: i32
  takerRate: i32
  /** Fees are taken out of what a buyer receives. */
  inBase: u32
}

export const granted = changetype<Granted>(memory.data(12, 4))

/** Finds the rates for a new order: fixed at its acceptance. */
export function grantRates(market: Market, account: u32): void {
  granted.makerRate = market.makerRate
  granted.takerRate = market.takerRate
  granted.inBase = 0
  if ((market.mood & SCHEDULED) !== 0) grantTier(market, account)
}

/** A buyer pays in base: without quote to be paid in there are no rebates. */
export function grantInBase(): void {
  granted.makerRate = max(granted.makerRate, 0)
  granted.inBase = 1
}

/** The rates that an order has already. */
export function grantAgain(order: Order): void {
  const terms = termsAt(slotOf(order))
  granted.makerRate = terms.makerRate
  granted.takerRate = terms.takerRate
  granted.inBase = u32((order.flags & FEE_IN_BASE) !== 0)
}

/** Writes them into an order; one with a rebate, or fees in base, has what it paid stored. */
export function putRates(slot: u32): void {
  const terms = termsAt(slot)
  terms.makerRate = granted.makerRate
  terms.takerRate = granted.takerRate
  if (granted.inBase !== 0) orderAt(slot).flags |= FEE_IN_BASE
  if (granted.makerRate < 0 || granted.inBase !== 0) storeFees(slot)
}

/** From now on what the order pays is stored. */
export function storeFees(slot: u32): void {
  const order = orderAt(slot)
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
