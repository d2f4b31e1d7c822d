// Live fold: what one event changes in the live views, and who hears of it.
//
// The kinds that come most often are folded as they stand in their cells, the others are read
// first: one row a kind. An event updates the state first and is told to the listeners after; the
// private messages carry the numbers that the event takes, in their order: a fill, then the order
// it changed. What takes no number (a prevented match) has no private message of its own: what
// became of the orders has.

import * as peek from '#engine/codec/peek.ts'
import { type Cells, decodeEvent } from '#engine/codec.ts'
import type { Event, EventHeader, EventKind, MarketListed } from '#engine/event.ts'
import type { OrderId } from '#kernel/ids.ts'
import { changedState, listedState, type MarketStateEvent } from '../market-state.ts'
import {
  amendedOrder,
  type OrderRow,
  openedExit,
  reducedOrder,
  triggeredOrder,
} from '../order-row.ts'
import {
  type BookStep,
  changeBook,
  knownOrder,
  putOrder,
  stepBook,
  tellLatest,
  tellOrder,
} from './live-changes.ts'
import { foldFill } from './live-fill.ts'
import type { LiveState } from './live-state.ts'

type Quick = 'accepted' | 'rested' | 'cancelled' | 'balance'
type ReadKind = Exclude<EventKind, Quick | 'posting'>
type Of<K extends EventKind> = Extract<Event, { kind: K }>
type Fold<K extends EventKind> = (state: LiveState, event: Of<K>, goesOn: () => boolean) => void

const FOLDS: { readonly [K in ReadKind]: Fold<K> } = {
  exitOpened: (state, event) => putOrder(state, openedExit(event), event.accountSeq),
  refreshed: (state, event) => changeBook(state, event, [stepOf(event, event.added)]),
  fill: foldFill,
  reduced: (state, event) => changeOrder(state, event, reducedOrder, stepOf(event, -event.by)),
  triggered: (state, event) => {
    const { side, leftPrice: price, shown } = event
    changeOrder(state, event, triggeredOrder, { side, price, lots: -shown })
  },
  amended: (state, event) => {
    const { side, oldPrice: price, shown } = event
    changeOrder(state, event, amendedOrder, { side, price, lots: -shown })
  },
  assetListed: ({ listing }, event) => listing.listAsset(event),
  marketListed: foldMarket,
  phaseChanged: foldState,
  indicative: foldState,
  uncrossed: foldState,
  markSet: foldState,
  marketChanged: foldState,
  feesSet: foldState,
  marketDelisted: foldState,
  accountOpened: ({ accounts }, event) => {
    accounts.open({ ...event, frozen: false, closed: false })
  },
  accountFrozen: ({ accounts }, { account, frozen }) => accounts.mark(account, { frozen }),
  accountClosed: ({ accounts }, { account }) => accounts.mark(account, { closed: true }),
  withdrawalRequested: ({ withdrawals }, event) => withdrawals.requested(event),
  withdrawalSigned: ({ withdrawals }, event) => withdrawals.signed(event),
  withdrawalSettled: ({ withdrawals }, event) => withdrawals.finished(event),
  withdrawalFailed: ({ withdrawals }, event) => withdrawals.finished(event),
  chainReset: ({ chain }, event) => {
    chain.instance = event.instance
  },
  // These change nothing live, nor do postings: balances and orders say it, the database keeps it.
  refused: nothing,
  deposited: nothing,
  transferred: nothing,
  prevented: nothing,
  deadManSet: nothing,
  deadManFired: nothing,
}

/**
 * Folds the event at a cell. `goesOn` tells whether the taker of a fill trades or is cancelled
 * later in the same command; it is asked only for takers by quote amount.
 */
export function foldEvent(state: LiveState, cells: Cells, at: number, goesOn: () => boolean): void {
  const type = peek.type(cells, at)
  if (type === peek.TYPE.accepted) foldAccepted(state, cells, at)
  else if (type === peek.TYPE.rested) stepBook(state, cells, at, peek.rested)
  else if (type === peek.TYPE.cancelled) foldCancelled(state, cells, at)
  else if (type === peek.TYPE.balance) foldBalance(state, cells, at)
  else if (type !== peek.TYPE.posting) {
    const event = decodeEvent(cells, at)
    const fold = FOLDS[event.kind as ReadKind] as Fold<EventKind> // The row of its own kind.
    fold(state, event, goesOn)
  }
}

function foldAccepted(state: LiveState, cells: Cells, at: number): void {
  const account = peek.accepted.account(cells, at)
  const place = state.orders.accept(cells, at)
  tellOrder(state, account, peek.accepted.accountSeq(cells, at), place)
}

function foldCancelled(state: LiveState, cells: Cells, at: number): void {
  const stood = peek.cancelled.bookNumber(cells, at) !== 0
  if (stood) stepBook(state, cells, at, peek.cancelled)
  const account = peek.cancelled.account(cells, at)
  const place = state.orders.cancel(cells, at)
  tellOrder(state, account, peek.cancelled.accountSeq(cells, at), place)
}

function foldBalance(state: LiveState, cells: Cells, at: number): void {
  const account = peek.balance.account(cells, at)
  state.accounts.takeBalance(cells, at)
  if (!state.accounts.isCustomer(account)) return
  state.window.addBalance(account, peek.balance.accountSeq(cells, at), cells, at)
  tellLatest(state, account, 'balances')
}

function nothing(): void {}

type AtLevel = { readonly side: BookStep['side']; readonly price: number }

function stepOf({ side, price }: AtLevel, lots: number): BookStep {
  return { side, price, lots }
}

type AtBook = Parameters<typeof changeBook>[1]
type OrderEvent = EventHeader &
  AtBook & {
    readonly orderId: OrderId
    readonly accountSeq: number
  }

/** The number of its book that an event takes: 0 when its order did not stand there. */
function changeLevel(state: LiveState, event: AtBook, step: BookStep): void {
  if (event.bookNumber === 0) return
  changeBook(state, event, step.lots === 0 ? [] : [step])
}

function changeOrder<E extends OrderEvent>(
  state: LiveState,
  event: E,
  change: (row: OrderRow, event: E) => OrderRow,
  step: BookStep,
): void {
  changeLevel(state, event, step)
  putOrder(state, change(knownOrder(state, event.orderId), event), event.accountSeq)
}

function foldMarket(state: LiveState, event: MarketListed & EventHeader): void {
  state.listing.listMarket(event)
  const start = { bookNumber: 0, lastTradeId: 0, lastPrice: 0, at: event.time }
  state.markets.start(event.market, { ...start, state: listedState(event) })
  for (const hear of state.listeners.market) hear(event.market)
}

function foldState(state: LiveState, event: MarketStateEvent & EventHeader): void {
  const market = state.markets.get(event.market)
  market.state = changedState(market.state, event)
  for (const hear of state.listeners.state) hear(event.market, event.time)
}
