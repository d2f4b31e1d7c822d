// Firing: one batch of due triggers, in the order of the rules.
//
// A triggered order leaves the book if it stood there, gets the price it works at, and joins the
// queue; a later tick takes it in.

import { TRIGGERS_PER_COMMAND_MAX } from '#engine/limits.ts'
import { asUnit } from '#kernel/amount.ts'
import { reviewOrder } from './brackets-list.ts'
import { leaveBook, whose } from './ends.ts'
import { waitInQueue } from './take-in.ts'
import { collared, holdLess } from './terms.ts'
import { isDue, isTrailing, isUpwards, REFERENCES, referenceOf } from './triggers.ts'
import type { Market, Order, World } from './world.ts'
import { drop, emit } from './world.ts'

/** Fires at most one batch. */
export function fireBatch(world: World): void {
  const due = dueTriggers(world)
  for (const order of due.slice(0, TRIGGERS_PER_COMMAND_MAX)) fire(world, order)
}

/** Could something fire now? */
export function isAnyDue({ markets }: World): boolean {
  return markets.some(({ phase, armed }) => phase === 'continuous' && armed.some(isDue))
}

/** Everything that could fire now, in the order in which it would. */
function dueTriggers({ markets }: World): Order[] {
  const open = markets.filter(({ phase }) => phase === 'continuous')
  return open.flatMap((market) => inFiringOrder(market).filter(isDue))
}

/** All that is armed in a market, in the order of firing as if all were due. */
export function inFiringOrder({ armed }: Market): Order[] {
  const by = (name: string) => armed.filter(({ request }) => request.extra.triggerBy === name)
  const fixed = REFERENCES.flatMap((name) => byTrigger(by(name).filter((o) => !isTrailing(o))))
  const trailing = REFERENCES.flatMap((name) => byId(by(name).filter(isTrailing)))
  return [...fixed, ...trailing]
}

// Upwards the lowest first, then downwards the highest first; a sort keeps the order of arming.
function byTrigger(orders: readonly Order[]): Order[] {
  const up = orders.filter(({ request }) => isUpwards(request))
  const down = orders.filter(({ request }) => !isUpwards(request))
  return [
    ...up.sort((a, b) => a.trigger - b.trigger),
    ...down.sort((a, b) => b.trigger - a.trigger),
  ]
}

function byId(orders: readonly Order[]): Order[] {
  return [...orders].sort((a, b) => a.orderId - b.orderId)
}

function fire(world: World, order: Order): void {
  const leftPrice = order.stands === 'book' ? order.price : 0
  const reference = metBy(order)
  drop(order.market.armed, order)
  const left = leaveBook(order)
  order.price = worksAt(order)
  order.triggered = true
  order.due = false
  order.updatedAt = world.time
  emit(world, {
    kind: 'triggered',
    ...whose(world, order),
    triggerPrice: asUnit(order.trigger),
    reference: asUnit(reference),
    leftPrice: asUnit(leftPrice),
    remaining: asUnit(order.remaining),
    ...left,
  })
  holdLess(world, order, 0n)
  waitInQueue(world, order)
  reviewOrder(world, order)
}

function metBy({ market, request }: Order): number {
  const by = request.extra.triggerBy
  if (request.type === 'trailing-stop') return referenceOf(market, by)
  return isUpwards(request) ? market.ranges[by].high : market.ranges[by].low
}

function worksAt(order: Order): number {
  const { market, request, trigger, price, collaredTrigger } = order
  const { type, side, extra } = request
  if (type === 'stop-limit' || type === 'take-profit-limit') return price
  if (type === 'oco' && extra.stopPrice !== 0) return extra.stopPrice
  if (type !== 'trailing-stop' || market.rules.collarBps === 0) return collaredTrigger
  const now = collared(market, side, trigger)
  return side === 'buy' ? Math.min(now, collaredTrigger) : now
}
