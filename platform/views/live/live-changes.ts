// Live changes: the three things that an event does to the live views and says to listeners.
//
// A level of a book changes, an order changes, a private message takes its number. The state is
// changed first and told after.

import type { Side } from '#engine/command.ts'
import { assert } from '#kernel/assert.ts'
import type { MarketId, OrderId } from '#kernel/ids.ts'
import type { OrderRow } from '../order-row.ts'
import type { Level } from './book.ts'
import type { LiveState } from './live-state.ts'
import type { PrivateMessage } from './private-window.ts'

/** Lots that a level gains, or loses below 0. */
export type BookStep = { readonly side: Side; readonly price: number; readonly lots: number }

type BookEvent = {
  readonly market: MarketId
  readonly bookNumber: number
  readonly time: number
}

const NO_LEVELS: readonly Level[] = []

/** One number of the book, whatever the number of levels that change with it. */
export function changeBook(
  state: LiveState,
  { market, bookNumber: number, time: at }: BookEvent,
  steps: readonly BookStep[],
): void {
  const { book } = state.markets.get(market)
  let bids = NO_LEVELS
  let asks = NO_LEVELS
  for (const { side, price, lots } of steps) {
    const levels: readonly Level[] = [[price, book.change(side, price, lots)]]
    if (side === 'buy') bids = levels
    else asks = levels
  }
  book.advance(number, at)
  const { book: hearers } = state.listeners
  if (hearers.length === 0) return
  const change = { market, number, bids, asks, at }
  for (const hear of hearers) hear(change)
}

/** The new row of an order, told under the number that its event takes. */
export function putOrder(state: LiveState, order: OrderRow, accountSeq: number): void {
  state.orders.put(order)
  tell(state, { channel: 'orders', account: order.account, accountSeq, at: order.updatedAt, order })
}

/** System accounts have no channel. */
export function tell(state: LiveState, message: PrivateMessage): void {
  if (state.accounts.get(message.account) === undefined) return
  state.window.add(message)
  for (const hear of state.listeners.message) hear(message)
}

export function knownOrder(state: LiveState, id: OrderId): OrderRow {
  const order = state.orders.get(id)
  if (order === undefined) assert(false, `INV-11: order ${id} is not known`)
  return order
}
