// Tracked order: one order as its tracker knows it, and what of a word about it is new.

import type { Order, OrderRequest } from '#connectors/venue.ts'
import type { SavedAmend, SavedOrder } from './saved-bot.ts'

export type TrackedOrder = {
  readonly venue: string
  readonly request: OrderRequest
  /** The newest the venue has said; undefined while nothing was answered. */
  order: Order | undefined
  isUnknown: boolean
  isCancelling: boolean
  /** While it is under way. */
  answered: Promise<void> | undefined
  /** Asked for and not answered; its promise once it has left. */
  amend: (SavedAmend & { answered?: Promise<void> }) | undefined
  /** Why the last one was refused, until the strategy has handled that. */
  refusedAmend: string | undefined
}

export function trackedOrder({ venue, request, amend, refusedAmend }: SavedOrder): TrackedOrder {
  return {
    ...{ venue, request, order: undefined },
    ...{ isUnknown: false, isCancelling: false, answered: undefined },
    ...{ amend: amend === undefined ? undefined : { ...amend }, refusedAmend },
  }
}

export function savedOrder({ venue, request, amend, refusedAmend }: TrackedOrder): SavedOrder {
  if (amend === undefined && refusedAmend === undefined) return { venue, request }
  return {
    ...{ venue, request },
    ...(amend && { amend: { amendment: amend.amendment, askedMs: amend.askedMs } }),
    ...(refusedAmend !== undefined && { refusedAmend }),
  }
}

export function isOver({ order }: TrackedOrder): boolean {
  return order !== undefined && order.state !== 'open'
}

/** Nothing new, or less than is known. */
export function isOld(before: Order | undefined, now: Order): boolean {
  if (before === undefined) return false
  if (before.state !== 'open' || Number(now.filledBase) < Number(before.filledBase)) return true
  if (now.state !== 'open' || now.filledBase !== before.filledBase) return false
  const isLater = (now.updatedAt ?? 0) >= (before.updatedAt ?? 0)
  return !isLater || TERMS.every((term) => now[term] === before[term])
}

const TERMS = ['size', 'limitPrice', 'triggerPrice'] as const
