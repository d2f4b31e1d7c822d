// Take in: a working order meets the book, and what becomes of its rest.
//
// It happens when an order is placed, amended out of its place, or reached in the queue. The phase
// decides whether it matches, rests or is sent away.

import { LEVELS_PER_SIDE_MAX } from '#engine/limits.ts'
import { asUnit } from '#kernel/amount.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { insert, nextBookNumber, wouldTake } from './book.ts'
import { cancel, close } from './ends.ts'
import { decrement, fill, tellPrevented } from './fill.ts'
import { breach } from './phases.ts'
import { hasLimit, mayWait } from './terms.ts'
import { arm } from './triggers.ts'
import { type Plan, planMatch, type Step } from './walk.ts'
import type { Order, World } from './world.ts'
import { drop, emit } from './world.ts'

/** Takes an order in under the phase of its market. */
export function takeIn(world: World, order: Order): void {
  const { market, request, price } = order
  if (market.phase === 'continuous') {
    match(world, order)
  } else if (!mayStay(order)) {
    cancel(world, order, market.phase === 'post-only' ? 'market.post_only' : 'market.halted')
  } else if (market.phase === 'post-only' && wouldTake(market, request.side, price)) {
    cancel(world, order, 'market.post_only')
  } else {
    rest(world, order)
  }
}

function match(world: World, taker: Order): void {
  const plan = planMatch(world, taker)
  for (const step of plan.steps) carryOut(world, taker, step)
  finish(world, taker, plan)
}

function carryOut(world: World, taker: Order, { act, maker, lots }: Step): void {
  const meeting = { maker, taker, price: maker.price, lots, auction: false }
  if (act === 'fill') {
    fill(world, meeting)
    return
  }
  tellPrevented(world, meeting, act)
  if (act === 'decrement') decrement(world, meeting)
  if (act === 'cancel-maker' || act === 'cancel-both') cancel(world, maker, 'order.self_trade')
}

function finish(world: World, taker: Order, plan: Plan): void {
  switch (plan.end) {
    case 'filled':
      if (taker.request.quoteAmount === 0) return
      if (plan.lots === 0) cancel(world, taker, 'order.no_liquidity')
      else close(world, taker)
      return
    case 'self-trade':
      cancel(world, taker, 'order.self_trade')
      return
    case 'breach':
      breach(world, taker.market)
      takeInRest(world, taker, 'market.halted')
      return
    case 'fills-limit':
      if (mayStay(taker)) waitInQueue(world, taker)
      else cancel(world, taker, 'order.fills_limit')
      return
    case 'ran-out':
      takeInRest(world, taker, reasonOf(taker, plan))
      return
  }
}

function takeInRest(world: World, taker: Order, reason: RefusalCode): void {
  if (mayStay(taker)) rest(world, taker)
  else cancel(world, taker, reason)
}

function reasonOf(taker: Order, { makerLeft }: Plan): RefusalCode {
  if (makerLeft && !hasLimit(taker)) return 'order.collar'
  return taker.traded > 0 ? 'order.immediate_remainder' : 'order.no_liquidity'
}

function mayStay(order: Order): boolean {
  return hasLimit(order) && mayWait(order.request)
}

/** Joins the end of the queue, or keeps its place in it. */
export function waitInQueue(world: World, order: Order): void {
  if (order.stands === 'queue') return
  order.stands = 'queue'
  world.queue.push(order)
}

function rest(world: World, order: Order): void {
  const { market, request, price, remaining } = order
  const { side, extra } = request
  const levels = market.levels[side]
  const isNew = !levels.some((level) => level.price === price)
  if (isNew && levels.length >= LEVELS_PER_SIDE_MAX) {
    cancel(world, order, 'capacity.exhausted')
    return
  }
  drop(world.queue, order)
  order.stands = 'book'
  order.updatedAt = world.time
  order.shown = extra.displaySize === 0 ? remaining : Math.min(extra.displaySize, remaining)
  insert(order)
  order.priority = nextBookNumber(market)
  const where = { orderId: order.orderId, account: order.account, market: request.market, side }
  const what = { remaining: asUnit<never>(remaining), shown: asUnit<never>(order.shown) }
  const { priority: bookNumber } = order
  emit(world, { kind: 'rested', ...where, price: asUnit(price), ...what, bookNumber })
  if (request.type === 'oco' && !order.triggered && !market.armed.includes(order)) arm(order)
}
