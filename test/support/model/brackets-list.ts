// Brackets list: which brackets there are, and which need attention.
//
// A bracket needs attention when its entry bought what its exit does not have, or when the entry is
// open while the exit has traded, was triggered or is over. It is judged anew after every change.

import type { Bracket, Order, World } from './world.ts'
import { drop } from './world.ts'

/** The entry bought: its exit is to cover it. */
export function countBought(world: World, order: Order, lots: number): void {
  const bracket = world.brackets.find(({ entry }) => entry === order)
  if (bracket !== undefined) bracket.uncovered += lots
}

/** Judges the bracket of an order that changed. */
export function reviewOrder(world: World, order: Order): void {
  const bracket = world.brackets.find(({ entry, exit }) => entry === order || exit === order)
  if (bracket !== undefined) review(world, bracket)
}

/** Puts a bracket on the list of those that need attention, takes it off, or ends it. */
export function review(world: World, bracket: Bracket): void {
  if (isGone(world, bracket)) drop(world.brackets, bracket)
  const waits = world.attention.includes(bracket)
  const needs = world.brackets.includes(bracket) && needsAttention(world, bracket)
  if (needs && !waits) world.attention.push(bracket)
  if (waits && !needs) drop(world.attention, bracket)
}

/** Is the entry open while the exit has begun to work, or is over? */
export function isLoose(world: World, { entry, exit }: Bracket): boolean {
  if (exit === null || !isOpen(world, entry)) return false
  return exit.traded > 0 || exit.triggered || !isOpen(world, exit)
}

export function isOpen(world: World, order: Order): boolean {
  return world.orders.has(order.orderId)
}

/** Is it a bracket's entry, or an exit whose entry is open? */
export function isTied(world: World, order: Order): boolean {
  return world.brackets.some(
    ({ entry, exit }) => entry === order || (exit === order && isOpen(world, entry)),
  )
}

function needsAttention(world: World, bracket: Bracket): boolean {
  return bracket.uncovered > 0 || isLoose(world, bracket)
}

function isGone(world: World, { entry, exit, uncovered }: Bracket): boolean {
  const exitOver = exit === null || !isOpen(world, exit)
  return uncovered === 0 && !isOpen(world, entry) && exitOver
}
