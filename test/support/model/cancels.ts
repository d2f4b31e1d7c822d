// Cancels: of one order, of many, of a connection's, and by a dead-man timer.

import type { CancelAfter, CancelAll, CancelOrder, CancelSession } from '#engine/command.ts'
import { CANCEL_AFTER_MS_MAX, DEAD_MANS_MAX, DEAD_MANS_PER_ACCOUNT_MAX } from '#engine/limits.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { asMicros } from '#kernel/time.ts'
import { cancel } from './ends.ts'
import type { DeadMan, Order, World } from './world.ts'
import { drop, emit } from './world.ts'

export function cancelOne(world: World, command: CancelOrder): RefusalCode | null {
  const order = world.orders.get(command.orderId)
  if (order === undefined || order.account !== command.account) return 'not_found'
  cancel(world, order, 'order.cancelled_by_owner')
  return null
}

export function cancelAll(world: World, command: CancelAll): RefusalCode | null {
  const { account, market, side } = command
  if (!world.accounts.has(account)) return 'account.unknown'
  if (market !== null && world.markets[market] === undefined) return 'market.unknown'
  const isMeant = ({ request }: Order) =>
    request.account === account &&
    (market === null || request.market === market) &&
    (side === null || request.side === side)
  cancelSome(world, isMeant, 'order.cancelled_by_owner')
  return null
}

export function cancelSession(world: World, command: CancelSession): RefusalCode | null {
  const { account, session } = command
  if (!world.accounts.has(account)) return 'account.unknown'
  if (session === 0) return 'request.malformed'
  const isMeant = ({ request }: Order) =>
    request.account === account && request.extra.session === session
  cancelSome(world, isMeant, 'order.disconnected')
  return null
}

export function cancelAfter(world: World, command: CancelAfter): RefusalCode | null {
  const { account, key, cancelAfterMs } = command
  const { deadMans } = world
  if (!world.accounts.has(account)) return 'account.unknown'
  if (key === 0 || cancelAfterMs > CANCEL_AFTER_MS_MAX) return 'request.malformed'
  const own = deadMans.filter((timer) => timer.account === account)
  const known = own.find((timer) => timer.key === key)
  if (cancelAfterMs === 0) {
    if (known === undefined) return null
    drop(deadMans, known)
    emit(world, { kind: 'deadManSet', account, key, dueAt: asMicros(0) })
    return null
  }
  const dueAt = asMicros(world.time + cancelAfterMs * 1_000)
  if (known === undefined) {
    const isFull = own.length >= DEAD_MANS_PER_ACCOUNT_MAX || deadMans.length >= DEAD_MANS_MAX
    if (isFull) return 'capacity.exhausted'
    deadMans.push({ account, key, dueAt })
  } else known.dueAt = dueAt
  emit(world, { kind: 'deadManSet', account, key, dueAt })
  return null
}

/** Timers in the order in which they go off. */
export function inDueOrder({ deadMans }: World): DeadMan[] {
  return [...deadMans].sort((a, b) => a.dueAt - b.dueAt || a.account - b.account || a.key - b.key)
}

/** A timer goes off. */
export function fireDeadMan(world: World, timer: DeadMan): void {
  const { account, key } = timer
  drop(world.deadMans, timer)
  emit(world, { kind: 'deadManFired', account, key })
  const isMeant = ({ request }: Order) => request.account === account && request.extra.key === key
  cancelSome(world, isMeant, 'order.dead_man')
}

// In the order in which they were opened.
function cancelSome(world: World, isMeant: (order: Order) => boolean, reason: RefusalCode): void {
  const chosen = [...world.orders.values()].filter(isMeant)
  for (const order of chosen.sort((a, b) => a.opened - b.opened)) cancel(world, order, reason)
}
