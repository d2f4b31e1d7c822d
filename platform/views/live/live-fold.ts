// Live fold: what one event changes in the live views, and who hears of it.
//
// An event updates the state first and is told to the listeners after; the private messages carry
// the numbers that the event takes, in their order: a fill, then the order it changed.

import type { Side } from '#engine/command.ts'
import type {
  BalanceChanged,
  Event,
  EventHeader,
  Fill,
  MarketListed,
  OrderCancelled,
  OrderReduced,
} from '#engine/event.ts'
import type { Amount } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import type { MarketId, OrderId } from '#kernel/ids.ts'
import {
  acceptedOrder,
  cancelledOrder,
  filledOrder,
  fillNotional,
  fillRow,
  isByQuote,
  type OrderRow,
  reducedOrder,
} from '../order-row.ts'
import type { LiveState } from './live-state.ts'
import type { PrivateMessage } from './private-window.ts'

type Stamped<T> = T & EventHeader
type BookStep = { readonly market: MarketId; readonly side: Side; readonly price: number }

/**
 * The fold over one state. `goesOn` tells whether the taker of a fill trades or is cancelled later
 * in the same command; it is asked only for takers by quote amount.
 */
export function createLiveFold(state: LiveState): (event: Event, goesOn: () => boolean) => void {
  return (event, goesOn) => {
    if (event.kind === 'accepted') putOrder(state, acceptedOrder(event), event.accountSeq)
    else if (event.kind === 'rested') changeBook(state, event, event.shown, event)
    else if (event.kind === 'fill') foldFill(state, event, goesOn)
    else if (event.kind === 'cancelled') foldCancelled(state, event)
    else if (event.kind === 'reduced') foldReduced(state, event)
    else if (event.kind === 'balance') foldBalance(state, event)
    else foldRare(state, event)
  }
}

function foldFill(state: LiveState, event: Stamped<Fill>, goesOn: () => boolean): void {
  const notional = fillNotional(event, state.listing.market(event.market).quotePerTickLot)
  foldSide(state, event, 'maker', notional, goesOn)
  foldSide(state, event, 'taker', notional, goesOn)
  const side = event.takerSide === 'buy' ? 'sell' : 'buy'
  const { market, price } = event
  changeBook(state, { market, side, price }, -event.size, event)
  const trade = state.markets.traded(event, notional)
  for (const hear of state.listeners.trade) hear(trade)
}

function foldSide(
  state: LiveState,
  event: Stamped<Fill>,
  liquidity: 'maker' | 'taker',
  notional: Amount,
  goesOn: () => boolean,
): void {
  const maker = liquidity === 'maker'
  const order = knownOrder(state, maker ? event.makerOrderId : event.takerOrderId)
  const accountSeq = maker ? event.makerAccountSeq : event.takerAccountSeq
  const fill = fillRow(event, order, liquidity, notional)
  const end = !maker && isByQuote(order) && goesOn() ? 'unfinished' : 'by_remaining'
  tell(state, { channel: 'fills', account: fill.account, accountSeq, at: event.time, fill })
  putOrder(state, filledOrder(order, event, fill, end), accountSeq + 1)
}

function foldCancelled(state: LiveState, event: Stamped<OrderCancelled>): void {
  if (event.bookNumber > 0) changeBook(state, event, -event.shown, event)
  putOrder(state, cancelledOrder(knownOrder(state, event.orderId), event), event.accountSeq)
}

function foldReduced(state: LiveState, event: Stamped<OrderReduced>): void {
  if (event.bookNumber > 0) changeBook(state, event, -event.by, event)
  putOrder(state, reducedOrder(knownOrder(state, event.orderId), event), event.accountSeq)
}

function foldBalance(state: LiveState, event: Stamped<BalanceChanged>): void {
  const { account, accountSeq, asset, cash, held } = event
  const balance = { account, asset, cash, held }
  state.accounts.setBalance(balance)
  tell(state, { channel: 'balances', account, accountSeq, at: event.time, balance })
}

function putOrder(state: LiveState, order: OrderRow, accountSeq: number): void {
  state.orders.put(order)
  tell(state, { channel: 'orders', account: order.account, accountSeq, at: order.updatedAt, order })
}

/** System accounts have no channel. */
function tell(state: LiveState, message: PrivateMessage): void {
  if (state.accounts.get(message.account) === undefined) return
  state.window.add(message)
  for (const hear of state.listeners.message) hear(message)
}

function changeBook(
  state: LiveState,
  { market, side, price }: BookStep,
  lots: number,
  { bookNumber: number, time: at }: { readonly bookNumber: number; readonly time: number },
): void {
  const { book } = state.markets.get(market)
  const size = book.change(side, price, lots)
  book.advance(number, at)
  for (const hear of state.listeners.book) hear({ market, number, side, price, size, at })
}

type Common = 'accepted' | 'rested' | 'fill' | 'cancelled' | 'reduced' | 'balance'

/** What is not named here changes nothing live: balances say it, the database keeps it. */
function foldRare(state: LiveState, event: Exclude<Event, { kind: Common }>): void {
  if (event.kind === 'assetListed') state.listing.listAsset(event)
  else if (event.kind === 'marketListed') foldMarket(state, event)
  else if (event.kind === 'accountOpened') state.accounts.open(event)
  else if (event.kind === 'withdrawalRequested') state.withdrawals.requested(event)
  else if (event.kind === 'withdrawalSigned') state.withdrawals.signed(event)
  else if (event.kind === 'withdrawalSettled') state.withdrawals.finished(event)
  else if (event.kind === 'withdrawalFailed') state.withdrawals.finished(event)
  else if (event.kind === 'chainReset') state.chain.instance = event.instance
}

function foldMarket(state: LiveState, event: Stamped<MarketListed>): void {
  state.listing.listMarket(event)
  const start = { bookNumber: 0, lastTradeId: 0, lastPrice: 0, at: event.time }
  state.markets.start(event.market, start)
  for (const hear of state.listeners.market) hear(event.market)
}

function knownOrder(state: LiveState, id: OrderId): OrderRow {
  const order = state.orders.get(id)
  assert(order !== undefined, `INV-11: order ${id} is not known`)
  return order
}
