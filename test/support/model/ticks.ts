// Ticks: what is due, in its order, and what one tick does about it.
//
// The list of duties is the table of rules/ticks.md: a tick does the first one that is due.

import { CANCELS_PER_TICK_MAX } from '#engine/limits.ts'
import { tellIndicative, uncross } from './auction.ts'
import { attend } from './brackets.ts'
import { fireDeadMan, inDueOrder } from './cancels.ts'
import { cancel } from './ends.ts'
import { fireBatch, isAnyDue } from './firing.ts'
import { cancelDelisted, openIn } from './parameters.ts'
import { endHalt, handleBoundary, nextBoundary } from './phases.ts'
import { takeIn } from './take-in.ts'
import type { Market, Order, World } from './world.ts'

type Duty = {
  readonly urgent: boolean
  /** 0: now, Infinity: never. */
  readonly due: (world: World) => number
  readonly act: (world: World) => void
}

const NOW = 0

/** In the order in which a tick asks for them. */
const DUTIES: readonly Duty[] = [
  { urgent: true, due: firstExpiry, act: expire },
  { urgent: true, due: (world) => firstOf(world, nextBoundary).at, act: changeSession },
  { urgent: true, due: firstTimer, act: goOff },
  { urgent: true, due: (world) => firstOf(world, phaseEnd).at, act: endPhase },
  { urgent: true, due: (world) => nowIf(delistedWithOrders(world).length > 0), act: clearDelisted },
  { urgent: true, due: ({ attention }) => nowIf(attention.length > 0), act: attend },
  { urgent: true, due: ({ queue }) => nowIf(queue.length > 0), act: takeFirst },
  { urgent: false, due: (world) => firstOf(world, indicativeAt).at, act: indicate },
  { urgent: false, due: (world) => nowIf(isAnyDue(world)), act: fireBatch },
]

/** Does the first thing that is due. */
export function tick(world: World): null {
  DUTIES.find(({ due }) => due(world) <= world.time)?.act(world)
  return null
}

/** When the earliest duty is due. */
export function nextDue(world: World): number {
  return Math.min(...DUTIES.map(({ due }) => due(world)))
}

/** When the earliest one is that customers must wait for. */
export function nextUrgent(world: World): number {
  return Math.min(...DUTIES.filter(({ urgent }) => urgent).map(({ due }) => due(world)))
}

function nowIf(something: boolean): number {
  return something ? NOW : Infinity
}

function firstExpiry({ orders }: World): number {
  let first = Infinity
  for (const { expireAt } of orders.values()) {
    if (expireAt !== 0 && expireAt < first) first = expireAt
  }
  return first
}

function firstTimer({ deadMans }: World): number {
  return Math.min(Infinity, ...deadMans.map(({ dueAt }) => dueAt))
}

function byExpiry({ orders }: World): Order[] {
  const ending = [...orders.values()].filter(({ expireAt }) => expireAt !== 0)
  return ending.sort((a, b) => a.expireAt - b.expireAt || a.orderId - b.orderId)
}

function expire(world: World): void {
  const over = byExpiry(world).filter(({ expireAt }) => expireAt <= world.time)
  for (const order of over.slice(0, CANCELS_PER_TICK_MAX)) cancel(world, order, 'order.expired')
}

type First = { readonly at: number; readonly market: Market | undefined }

// The first market by when, then by number.
function firstOf({ markets }: World, when: (market: Market) => number): First {
  let first: First = { at: Infinity, market: undefined }
  for (const market of markets) {
    if (when(market) < first.at) first = { at: when(market), market }
  }
  return first
}

function changeSession(world: World): void {
  const { market } = firstOf(world, nextBoundary)
  if (market !== undefined) handleBoundary(world, market)
}

function goOff(world: World): void {
  const [timer] = inDueOrder(world)
  if (timer !== undefined) fireDeadMan(world, timer)
}

function phaseEnd({ phase, endsAt, uncrossPrice }: Market): number {
  if (uncrossPrice !== 0) return NOW
  const ends = phase === 'halted' || phase === 'auction'
  return ends && endsAt !== 0 ? endsAt : Infinity
}

function endPhase(world: World): void {
  const { market } = firstOf(world, phaseEnd)
  if (market?.phase === 'halted') endHalt(world, market)
  else if (market !== undefined) uncross(world, market)
}

function delistedWithOrders(world: World): Market[] {
  return world.markets.filter((market) => market.delisted && openIn(world, market).length > 0)
}

function clearDelisted(world: World): void {
  const [market] = delistedWithOrders(world)
  if (market !== undefined) cancelDelisted(world, market)
}

function takeFirst(world: World): void {
  const [order] = world.queue
  if (order !== undefined) takeIn(world, order)
}

function indicativeAt({ phase, indicativeAt: at }: Market): number {
  return phase === 'auction' ? at : Infinity
}

function indicate(world: World): void {
  const { market } = firstOf(world, indicativeAt)
  if (market !== undefined) tellIndicative(world, market)
}
