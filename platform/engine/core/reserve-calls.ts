// Reserve calls: room for as much as the limits allow, before the first command comes.
//
// A table that is full moves to a larger place, which takes milliseconds once it is long. An engine
// that serves has room for all from the start: pages that nobody touched take no memory. Engines of
// tests and replays stay small and grow as they need. Nothing of it can be seen from outside.

import { reserveBalances } from './balances.ts'
import { reserveExtras } from './extras.ts'
import { reserveOrders } from './orders.ts'
import { reserveOutcomes } from './outcomes.ts'

export function reserve(): void {
  reserveOrders()
  reserveExtras()
  reserveBalances()
  reserveOutcomes()
}
