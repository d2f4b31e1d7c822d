// Kept: what a bot must find again after a crash, beside the strategy's own state.
//
// Orders that are not final with what they have traded so far, positions, and executors. It is
// saved in one piece with the state and the number of the last handled event. A fill is counted by
// what an order has traded in total, so it counts once however often and over however many crashes
// it is told.

import type { Amendment, OrderState, OrderTerms, Quantity, Side } from '#connectors/venue.ts'

export type KeptOrder = {
  readonly id: string
  readonly venue: string
  readonly symbol: string
  readonly side: Side
  readonly type?: OrderTerms['type']
  /** Base coins; 0 for orders by quote amount. */
  size: number
  price: number | null
  /** As it was sent, or amended last. */
  quantity?: Quantity
  limitPrice?: string
  /** Size and price as the venue told them last. */
  told?: string
  /** An amend that was asked for and not answered, and what waits behind it. */
  amending?: Amendment | undefined
  next?: Amendment | undefined
  /** An amend of it was refused. */
  isFixed?: boolean
  /** The executor it belongs to, and what it is to it; '' for the strategy's own. */
  readonly executor: string
  readonly role: string
  readonly placedAt: number
  filledBase: number
  filledQuote: number
  isCancelling: boolean
  /** The venue has said something of it. */
  isKnown?: boolean
}

export type KeptPosition = {
  /** Base coins. */
  size: number
  /** Quote coins paid for it, or received for a short one: above 0 with a size. */
  cost: number
  realised: number
  openedAt: number
  /** From the first fill until less than a lot is left. */
  isOpen: boolean
  isShort: boolean
}

export type KeptExecutor = {
  readonly id: string
  readonly kind: string
  readonly tag: string
  readonly startedAt: number
  readonly data: object
  filledBase: number
  filledQuote: number
  /** Why it is ending: its orders are being taken back. */
  outcome: string | null
}

export type Kept = {
  readonly orders: Record<string, KeptOrder>
  /** By 'venue:SYMBOL'. */
  readonly positions: Record<string, KeptPosition>
  readonly executors: Record<string, KeptExecutor>
  executorCount: number
  /** Ids made so far: they go on over a restart, so that the same event makes the same id again. */
  idCount: number
}

/** What the runner saves for a strategy process. */
export type SavedStrategy = {
  /** The form of this record. */
  readonly form: 1
  /** The strategy's own, of its state. */
  readonly version: number
  readonly state: object
  readonly kept: Kept
}

export function emptyKept(): Kept {
  return { orders: {}, positions: {}, executors: {}, executorCount: 0, idCount: 0 }
}

/** A record of ours; what has no form is the state of a bot from before there was one. */
export function readSaved(saved: object | undefined): SavedStrategy | undefined {
  if (saved === undefined) return undefined
  if (isSaved(saved)) return { ...saved, kept: { ...emptyKept(), ...saved.kept } }
  return { form: 1, version: 1, state: saved, kept: emptyKept() }
}

function isSaved(saved: object): saved is SavedStrategy {
  return 'form' in saved && 'kept' in saved && 'state' in saved && saved.form === 1
}

export function isFinal(state: OrderState): boolean {
  return state !== 'open'
}
