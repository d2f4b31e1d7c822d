// Saved bot: the record of a bot as it lies on disk, and how older ones are read.
//
// It is saved in one piece: the strategy's state with the number of the last event it handled, the
// orders that are out, and which fills were counted. So whatever happens after a crash is decided
// by one record and the venue.

import type { Amendment, OrderRequest } from '#connectors/venue.ts'
import { NO_FILLS, type SavedFills } from './fill-ledger.ts'
import type { SavedRisk } from './risk-watch.ts'

export type SavedOrder = {
  readonly venue: string
  readonly request: OrderRequest
  /** Under way, and not answered. */
  readonly amend?: SavedAmend
  /** The code of an amend that was refused, until the strategy has handled that. */
  readonly refusedAmend?: string
}

export type SavedAmend = {
  readonly amendment: Amendment
  /** Milliseconds. */
  readonly askedMs: number
}

export type SavedBot = {
  /** Number of the last event handled. */
  readonly no: number
  readonly state: object | undefined
  /** Figures of the bot so far: see accounting. */
  readonly figures: Readonly<Record<string, number>>
  /** Base coins bought less sold by market. */
  readonly positions: Readonly<Record<string, number>>
  /** Of the figures, and of the strategy, which hears of a fill a moment later. */
  readonly counted: SavedFills
  readonly handled: SavedFills
  /** Orders whose end the strategy has not handled: from before they leave. */
  readonly orders: readonly SavedOrder[]
  /** Begins every id of the bot; '' before its first start. */
  readonly idPrefix: string
  /** Microseconds of the first start. */
  readonly since: number
  readonly risk?: SavedRisk | undefined
}

/** Undefined for what is no record. Older ones knew one mark of fills and no orders. */
export function readSavedBot(read: object): SavedBot | undefined {
  const saved: Partial<SavedBot> & { readonly lastFills?: Readonly<Record<string, string>> } = read
  const { no, state, figures = {}, positions = {}, lastFills, risk } = saved
  if (no === undefined || !Number.isSafeInteger(no)) return undefined
  const marked = lastFills === undefined ? NO_FILLS : { last: lastFills, ahead: {} }
  const { counted = marked, handled = marked, orders = [], idPrefix = '', since = 0 } = saved
  const found = { no, state, figures, positions, counted, handled, orders, idPrefix, since }
  return risk === undefined ? found : { ...found, risk }
}
