// Live changes: the things that an event does to the live views and says to listeners.
//
// A level of a book changes, an order changes, a private message takes its number. The state is
// changed first and told after, and nothing is made for listeners that are not there.

import * as peek from '#engine/codec/peek.ts'
import type { Cells } from '#engine/codec.ts'
import type { Side } from '#engine/command.ts'
import { assert } from '#kernel/assert.ts'
import type { AccountId, MarketId, OrderId } from '#kernel/ids.ts'
import type { OrderRow } from '../order-row.ts'
import type { Level } from './book.ts'
import type { LiveState } from './live-state.ts'
import type { PrivateChannel } from './message-slots.ts'

/** Lots that a level gains, or loses below 0. */
export type BookStep = { readonly side: Side; readonly price: number; readonly lots: number }

type BookEvent = {
  readonly market: MarketId
  readonly bookNumber: number
  readonly time: number
}

const NO_LEVELS: readonly Level[] = []
const NO_STEPS: readonly BookStep[] = []

/** Where an event says how it changes one level of a book. */
type StepPeek = typeof peek.rested | typeof peek.cancelled

/** One number of the book by the event at a cell, as nearly every one is: nothing is made of it. */
export function stepBook(state: LiveState, cells: Cells, at: number, of: StepPeek): void {
  const market = of.market(cells, at)
  const bookNumber = of.bookNumber(cells, at)
  const time = peek.time(cells, at)
  const [side, price, lots] = [of.side(cells, at), of.price(cells, at), of.lots(cells, at)]
  if (state.listeners.book.length > 0) {
    const steps = lots === 0 ? NO_STEPS : [{ side, price, lots }]
    changeBook(state, { market, bookNumber, time }, steps)
    return
  }
  const { book } = state.markets.get(market)
  if (lots !== 0) book.change(side, price, lots)
  book.advance(bookNumber, time)
}

/** One number of the book that changes no level, one, or one of each side. */
export function changeBook(
  state: LiveState,
  { market, bookNumber: number, time: at }: BookEvent,
  steps: readonly BookStep[],
): void {
  const { book } = state.markets.get(market)
  const isHeard = state.listeners.book.length > 0
  let bids = NO_LEVELS
  let asks = NO_LEVELS
  for (const { side, price, lots } of steps) {
    const size = book.change(side, price, lots)
    if (!isHeard) continue
    if (side === 'buy') bids = [[price, size]]
    else asks = [[price, size]]
  }
  book.advance(number, at)
  for (const hear of state.listeners.book) hear({ market, number, bids, asks, at })
}

/** The new row of an order, told under the number that its event takes. */
export function putOrder(state: LiveState, order: OrderRow, accountSeq: number): void {
  tellOrder(state, order.account, accountSeq, state.orders.put(order))
}

/** The order at a place as it is now. System accounts have no channel. */
export function tellOrder(
  state: LiveState,
  account: AccountId,
  accountSeq: number,
  place: number,
): void {
  if (!state.accounts.isCustomer(account)) return
  state.window.addOrder(account, accountSeq, state.orders, place)
  tellLatest(state, account, 'orders')
}

/** What was put in the account's window last, to those who want to hear it. */
export function tellLatest(state: LiveState, account: AccountId, channel: PrivateChannel): void {
  for (const { wants, hear } of state.listeners.message) {
    if (wants(account, channel)) hear(state.window.latest(account))
  }
}

export function knownOrder(state: LiveState, id: OrderId): OrderRow {
  const order = state.orders.rows.order(id)
  if (order === undefined) assert(false, `INV-11: order ${id} is not known`)
  return order
}
