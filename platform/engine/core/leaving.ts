// Leaving: what an order with an extra is taken out of when it is over.

import { noteOver } from './brackets.ts'
import { forgetExpiry } from './expiry.ts'
import { extraOf, freeExtra } from './extras.ts'
import { ARMED, LINKED, orderAt } from './orders.ts'
import { disarm } from './triggers.ts'

/** The order is over: nothing waits for it any more. */
export function dropExtra(slot: u32): void {
  const order = orderAt(slot)
  if (extraOf(order).expireAt !== 0) forgetExpiry(slot)
  if ((order.flags & ARMED) !== 0) disarm(slot)
  if ((order.flags & LINKED) !== 0) noteOver(slot)
  freeExtra(slot)
}
