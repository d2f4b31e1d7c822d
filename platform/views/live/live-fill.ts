// Live fill: a trade as both of its sides, the book and the market feel it.
//
// In continuous trading the level of the maker loses the size. In an auction both orders stand in
// the book, and the level of each, at its own order's price, loses it under one book number.

import type { EventHeader, Fill } from '#engine/event.ts'
import { type FillRow, fillNotional, fillRow } from '../fill-row.ts'
import { filledOrder, isByQuote } from '../order-row.ts'
import { type BookStep, changeBook, knownOrder, putOrder, tellLatest } from './live-changes.ts'
import type { LiveState } from './live-state.ts'

type Stamped = Fill & EventHeader

/** `goesOn` is asked for takers by quote amount only; see live-fold.ts. */
export function foldFill(state: LiveState, event: Stamped, goesOn: () => boolean): void {
  const { quotePerTickLot } = state.listing.market(event.market)
  const notional = fillNotional(event, quotePerTickLot)
  const steps = stepsOf(state, event)
  foldSide(state, event, 'maker', { notional, goesOn })
  foldSide(state, event, 'taker', { notional, goesOn })
  changeBook(state, event, steps)
  const trade = state.markets.traded(event, notional)
  for (const hear of state.listeners.trade) hear(trade)
}

function stepsOf(state: LiveState, event: Stamped): readonly BookStep[] {
  const { takerSide, price, size } = event
  const makerSide = takerSide === 'buy' ? 'sell' : 'buy'
  if (!event.auction) return [{ side: makerSide, price, lots: -size }]
  const [maker, taker] = [event.makerOrderId, event.takerOrderId].map((id) => knownOrder(state, id))
  return [
    { side: makerSide, price: maker?.price ?? price, lots: -size },
    { side: takerSide, price: taker?.price ?? price, lots: -size },
  ]
}

type Side = { readonly notional: FillRow['notional']; readonly goesOn: () => boolean }

function foldSide(
  state: LiveState,
  event: Stamped,
  liquidity: FillRow['liquidity'],
  { notional, goesOn }: Side,
): void {
  const maker = liquidity === 'maker'
  const order = knownOrder(state, maker ? event.makerOrderId : event.takerOrderId)
  const accountSeq = maker ? event.makerAccountSeq : event.takerAccountSeq
  const fill = fillRow(event, order, liquidity, notional)
  const end = !maker && isByQuote(order) && goesOn() ? 'unfinished' : 'by_remaining'
  if (state.accounts.isCustomer(fill.account)) {
    state.window.addFill(fill.account, accountSeq, fill)
    tellLatest(state, fill.account, 'fills')
  }
  putOrder(state, filledOrder(order, event, fill, end), accountSeq + 1)
}
