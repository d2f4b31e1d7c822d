// Live fold: what one event changes in the live views, and who hears of it.
//
// One row a kind of event. An event updates the state first and is told to the listeners after; the
// private messages carry the numbers that the event takes, in their order: a fill, then the order
// it changed. What takes no number (a prevented match) has no private message of its own: what
// became of the orders has.

import type { BalanceChanged, Event, EventHeader, EventKind, MarketListed } from '#engine/event.ts'
import type { MarketId, OrderId } from '#kernel/ids.ts'
import { changedState, listedState, type MarketStateEvent } from '../market-state.ts'
import {
  acceptedOrder,
  amendedOrder,
  cancelledOrder,
  type OrderRow,
  openedExit,
  reducedOrder,
  triggeredOrder,
} from '../order-row.ts'
import { type BookStep, changeBook, knownOrder, putOrder, stepBook, tell } from './live-changes.ts'
import { foldFill } from './live-fill.ts'
import type { LiveState } from './live-state.ts'

type Of<K extends EventKind> = Extract<Event, { kind: K }>
type Fold<K extends EventKind> = (state: LiveState, event: Of<K>, goesOn: () => boolean) => void

const FOLDS: { readonly [K in EventKind]: Fold<K> } = {
  accepted: (state, event) => putOrder(state, acceptedOrder(event), event.accountSeq),
  exitOpened: (state, event) => putOrder(state, openedExit(event), event.accountSeq),
  rested: (state, event) => stepBook(state, event, stepOf(event, event.shown)),
  refreshed: (state, event) => stepBook(state, event, stepOf(event, event.added)),
  fill: foldFill,
  cancelled: (state, event) => {
    changeOrder(state, event, cancelledOrder, stepOf(event, -event.shown))
  },
  reduced: (state, event) => changeOrder(state, event, reducedOrder, stepOf(event, -event.by)),
  triggered: (state, event) => {
    const { side, leftPrice: price, shown } = event
    changeOrder(state, event, triggeredOrder, { side, price, lots: -shown })
  },
  amended: (state, event) => {
    const { side, oldPrice: price, shown } = event
    changeOrder(state, event, amendedOrder, { side, price, lots: -shown })
  },
  balance: foldBalance,
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
  // These change nothing live: balances and orders say it, the database keeps it.
  posting: nothing,
  refused: nothing,
  deposited: nothing,
  transferred: nothing,
  prevented: nothing,
  deadManSet: nothing,
  deadManFired: nothing,
}

/**
 * The fold over one state. `goesOn` tells whether the taker of a fill trades or is cancelled later
 * in the same command; it is asked only for takers by quote amount.
 */
export function createLiveFold(state: LiveState): (event: Event, goesOn: () => boolean) => void {
  return (event, goesOn) => {
    const fold = FOLDS[event.kind] as Fold<EventKind> // The row of its own kind.
    fold(state, event, goesOn)
  }
}

function nothing(): void {}

const NO_STEPS: readonly BookStep[] = []

type AtLevel = { readonly side: BookStep['side']; readonly price: number }

function stepOf({ side, price }: AtLevel, lots: number): BookStep {
  return { side, price, lots }
}

type OrderEvent = EventHeader & {
  readonly orderId: OrderId
  readonly market: MarketId
  readonly accountSeq: number
  /** 0 when it did not stand in the book. */
  readonly bookNumber: number
}

function changeOrder<E extends OrderEvent>(
  state: LiveState,
  event: E,
  change: (row: OrderRow, event: E) => OrderRow,
  step: BookStep,
): void {
  if (event.bookNumber > 0) {
    if (step.lots === 0) changeBook(state, event, NO_STEPS)
    else stepBook(state, event, step)
  }
  putOrder(state, change(knownOrder(state, event.orderId), event), event.accountSeq)
}

function foldBalance(state: LiveState, event: BalanceChanged & EventHeader): void {
  const { account, accountSeq, time: at } = event
  // The event itself is the row: there is one for every order, and it holds nothing that changes.
  state.accounts.setBalance(event)
  tell(state, { channel: 'balances', account, accountSeq, at, balance: event })
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
