// Tracked order: one order as its tracker knows it, and what of a word about it is new.
//
// What the venue says may come twice, late, or out of turn: nothing it said is taken back, of two
// words about an open order the later one by the venue's clock counts, and ends that were missed
// are told in the order in which they came.

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
  /** Of the fills that were heard of it. */
  lastFillId: string | undefined
}

export function trackedOrder(saved: SavedOrder): TrackedOrder {
  const { venue, request, amend, refusedAmend, lastFillId } = saved
  return {
    ...{ venue, request, order: undefined },
    ...{ isUnknown: false, isCancelling: false, answered: undefined },
    ...{ amend: amend === undefined ? undefined : { ...amend }, refusedAmend, lastFillId },
  }
}

export function savedOrder(entry: TrackedOrder): SavedOrder {
  const { venue, request, amend, refusedAmend, lastFillId } = entry
  return {
    ...{ venue, request },
    ...(amend && { amend: { amendment: amend.amendment, askedMs: amend.askedMs } }),
    ...(refusedAmend !== undefined && { refusedAmend }),
    ...(lastFillId !== undefined && { lastFillId }),
  }
}

/** As the venue came to say it: by its clock, and of one moment by fills. */
export function byVenueTime(a: Told, b: Told): number {
  const [earlier, later] = [a.order?.updatedAt ?? Infinity, b.order?.updatedAt ?? Infinity]
  if (earlier !== later) return earlier - later
  return (a.lastFillId ?? '').localeCompare(b.lastFillId ?? '', 'en', { numeric: true })
}

type Told = Pick<TrackedOrder, 'order' | 'lastFillId'>

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
