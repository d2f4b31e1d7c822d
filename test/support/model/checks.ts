// Checks: what the market's phase, its collar, and room on the exchange allow a new order.

import {
  OPEN_ORDERS_PER_ACCOUNT_MAX,
  OPEN_ORDERS_PER_OWNER_MAX,
  ORDERS_MAX,
  TRAILING_PER_MARKET_MAX,
  TRAILING_PER_OWNER_MAX,
} from '#engine/limits.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { isBracket, mayWait, onlyWaits } from './terms.ts'
import { isTrailing } from './triggers.ts'
import type { Order, Request, World } from './world.ts'

/** The phase, then the collar. */
export function refuseOfMarket(order: Order): RefusalCode | null {
  const { market, request } = order
  return refusePhase(order) ?? (needsCollar(request) && market.rules.collarBps === 0 ? NO : null)
}

const NO: RefusalCode = 'market.no_collar'

/** Does its price after a trigger come from the collar? */
export function needsCollar(request: Request): boolean {
  const { type, extra } = request
  if (type === 'oco' || isBracket(request)) return extra.stopPrice === 0
  return type === 'stop' || type === 'take-profit' || type === 'trailing-stop'
}

function refusePhase({ market, request }: Order): RefusalCode | null {
  switch (market.phase) {
    case 'closed':
      return 'market.closed'
    case 'halted':
      return 'market.halted'
    case 'pre-open':
    case 'auction':
      return mayWait(request) ? null : 'market.auction'
    case 'post-only':
      return request.postOnly || onlyWaits(request) ? null : 'market.post_only'
    case 'continuous':
      return null
  }
}

/** Only orders that may stay are counted, and brackets, whose exits do. */
export function refuseCapacity(world: World, order: Order): RefusalCode | null {
  const { request } = order
  if (!mayWait(request) && !isBracket(request)) return null
  const places = isBracket(request) ? 2 : 1
  const taken = { all: 0, ofAccount: 0, ofOwner: 0 }
  for (const one of placesTaken(world)) {
    taken.all += 1
    if (one.account === order.account) taken.ofAccount += 1
    if (one.owner === order.owner) taken.ofOwner += 1
  }
  if (taken.ofAccount + places > OPEN_ORDERS_PER_ACCOUNT_MAX) return 'order.too_many_open'
  if (taken.ofOwner + places > OPEN_ORDERS_PER_OWNER_MAX) return 'order.too_many_open'
  if (isTrailing(order) && isOneTooMany(order)) return 'order.too_many_trailing'
  return taken.all + places > ORDERS_MAX ? 'capacity.exhausted' : null
}

/** Open orders, and for each exit that was not opened yet the entry of its bracket. */
function* placesTaken({ orders, brackets }: World): Iterable<Order> {
  yield* orders.values()
  for (const { entry, exit } of brackets) if (exit === null) yield entry
}

function isOneTooMany({ market, owner }: Order): boolean {
  const trailing = market.armed.filter(isTrailing)
  const own = trailing.filter((order) => order.owner === owner)
  return trailing.length >= TRAILING_PER_MARKET_MAX || own.length >= TRAILING_PER_OWNER_MAX
}
