// Fold: what a follower of events knows, with every step checked on the way.
//
// INV-05: a fill keeps within both limits, and its fees are those of the rules. INV-06: no order
// trades, loses or keeps more than was ordered. INV-09: no number is left out. The books it folds
// are in fold-book.ts (INV-04).

import assert from 'node:assert/strict'
import type { Event, ExitOpened, Fill, MarketListed, OrderAccepted } from '#engine/event.ts'
import type { FoldedBook } from './fold-book.ts'
import {
  createBook,
  fillBook,
  leave,
  nextNumber,
  refresh,
  rest,
  restingOf,
  shrink,
} from './fold-book.ts'
import { feesOf } from './fold-fees.ts'

const FEES = 2

export type FoldedOrder = {
  readonly account: number
  readonly accepted: Omit<OrderAccepted, 'kind' | 'accountSeq'>
  price: number
  size: number
  open: number
  traded: number
  reduced: number
  triggered: boolean
  /** What maker fees and taker fees are reckoned on so far. */
  makerAmount: bigint
  takerAmount: bigint
}

export type FoldedMarket = { readonly listing: MarketListed; readonly book: FoldedBook }

export type Fold = {
  eventNo: number
  readonly accountSeqs: Map<number, number>
  readonly markets: FoldedMarket[]
  readonly orders: Map<number, FoldedOrder>
  /** From fills and postings alone. */
  readonly cash: Map<string, bigint>
  /** As the last balance event said. */
  readonly told: Map<string, { readonly cash: number; readonly held: number }>
}

export function createFold(): Fold {
  return {
    eventNo: 0,
    accountSeqs: new Map(),
    markets: [],
    orders: new Map(),
    cash: new Map(),
    told: new Map(),
  }
}

export function foldEvent(fold: Fold, event: Event): void {
  fold.eventNo += 1
  assert.equal(event.eventNo, fold.eventNo, 'INV-09: eventNo has no gap')
  switch (event.kind) {
    case 'posting':
      addCash(fold, event.account, event.asset, BigInt(event.amount))
      return
    case 'balance': {
      takeNumbers(fold, event.account, event.accountSeq, 1)
      const { cash, held } = event
      fold.told.set(`${event.account}/${event.asset}`, { cash, held })
      return
    }
    case 'marketListed':
      fold.markets.push({ listing: event, book: createBook() })
      return
    case 'fill':
      foldFill(fold, event)
      return
    default:
      foldOrder(fold, event)
  }
}

function foldOrder(fold: Fold, event: Event): void {
  switch (event.kind) {
    case 'accepted':
      takeNumbers(fold, event.account, event.accountSeq, 1)
      openOrder(fold, event.seq, event)
      return
    case 'exitOpened':
      takeNumbers(fold, event.account, event.accountSeq, 1)
      openExit(fold, event)
      return
    case 'rested': {
      const order = orderOf(fold, event.orderId)
      assert.equal(event.remaining, order.open, 'INV-06: all that is open rests')
      assert.equal(event.price, order.price, 'INV-04: it rests at its price')
      rest(bookOf(fold, event.market), event)
      return
    }
    case 'refreshed':
      refresh(bookOf(fold, event.market), event, orderOf(fold, event.orderId).open)
      return
    case 'cancelled':
    case 'reduced':
      foldLoss(fold, event)
      return
    case 'amended':
      foldAmend(fold, event)
      return
    case 'triggered':
      foldTrigger(fold, event)
      return
  }
}

function openOrder(fold: Fold, orderId: number, accepted: FoldedOrder['accepted']): void {
  const { account, price, size } = accepted
  const nothing = { traded: 0, reduced: 0, triggered: false, makerAmount: 0n, takerAmount: 0n }
  fold.orders.set(orderId, { account, accepted, price, size, open: size, ...nothing })
}

function openExit(fold: Fold, event: ExitOpened): void {
  const { account, market, side, selfTrade, price, size, makerRate, takerRate } = event
  const how = { type: 'oco', timeInForce: 'GTC', postOnly: false, clientOrderId: '' } as const
  const what = { account, market, side, selfTrade, price, size, makerRate, takerRate }
  const quoteAmount = orderlessAmount(event)
  openOrder(fold, event.orderId, { ...how, ...what, quoteAmount })
}

function orderlessAmount({ size }: ExitOpened): OrderAccepted['quoteAmount'] {
  assert.ok(size > 0, 'INV-06: an exit sells something')
  return 0 as OrderAccepted['quoteAmount'] // A brand has no run-time form.
}

function foldFill(fold: Fold, fill: Fill): void {
  const market = marketOf(fold, fill.market)
  const maker = orderOf(fold, fill.makerOrderId)
  const taker = orderOf(fold, fill.takerOrderId)
  takeNumbers(fold, fill.makerAccount, fill.makerAccountSeq, 2)
  takeNumbers(fold, fill.takerAccount, fill.takerAccountSeq, 2)
  assert.equal(maker.account, fill.makerAccount, 'INV-05: the maker is who placed it')
  assert.equal(taker.account, fill.takerAccount, 'INV-05: the taker is who placed it')
  fillBook(market.book, fill)
  const { makerFee, takerFee } = feesOf(market.listing, { fill, maker, taker })
  assert.equal(fill.makerFee, makerFee, 'INV-05: the fee of the maker')
  assert.equal(fill.takerFee, takerFee, 'INV-05: the fee of the taker')
  tradeOrder(fold, market, { order: maker, fill, role: 'maker' })
  tradeOrder(fold, market, { order: taker, fill, role: 'taker' })
  endIfDone(fold, fill.makerOrderId, maker)
  endIfDone(fold, fill.takerOrderId, taker)
}

type Trade = {
  readonly order: FoldedOrder
  readonly fill: Fill
  readonly role: 'maker' | 'taker'
}

function tradeOrder(fold: Fold, { listing }: FoldedMarket, { order, fill, role }: Trade): void {
  const { side, quoteAmount } = order.accepted
  if (order.price !== 0) {
    const within = side === 'buy' ? fill.price <= order.price : fill.price >= order.price
    assert.ok(within, `INV-05: ${side} limit ${order.price} traded at ${fill.price}`)
  }
  const isMaker = role === 'maker'
  const notional = BigInt(fill.price) * BigInt(fill.size) * BigInt(listing.quotePerTickLot)
  const fee = BigInt(isMaker ? fill.makerFee : fill.takerFee)
  const inBase = isMaker ? fill.makerFeeInBase : fill.takerFeeInBase
  const sign = side === 'buy' ? 1n : -1n
  const base = BigInt(fill.size) * BigInt(listing.lotUnits)
  const feeAsset = inBase ? listing.base : listing.quote
  addCash(fold, order.account, listing.base, sign * base)
  addCash(fold, order.account, listing.quote, -sign * notional)
  addCash(fold, order.account, feeAsset, -fee)
  addCash(fold, FEES, feeAsset, fee)
  order.traded += fill.size
  order.open -= quoteAmount > 0 ? 0 : fill.size
  const left = isMaker ? fill.makerRemaining : fill.takerRemaining
  assert.equal(left, order.open, 'INV-06: what a fill says is left is left')
}

type Loss = Extract<Event, { kind: 'cancelled' | 'reduced' }>

function foldLoss(fold: Fold, event: Loss): void {
  takeNumbers(fold, event.account, event.accountSeq, 1)
  const book = bookOf(fold, event.market)
  const order = orderOf(fold, event.orderId)
  assert.equal(event.price, order.price, 'INV-04: events name the price of the order')
  const stood = restingOf(book, event.orderId) !== undefined
  if (stood) nextNumber(book, event.bookNumber)
  else assert.equal(event.bookNumber, 0, 'INV-09: no book number without a change of the book')
  if (event.kind === 'cancelled') {
    assert.equal(event.remaining, order.open, 'INV-06: all that is open is cancelled')
    if (stood) leave(book, event.orderId, event.shown)
    else assert.equal(event.shown, 0, 'INV-04: nothing shown is lost outside the book')
    fold.orders.delete(event.orderId)
    return
  }
  order.open -= event.by
  order.reduced += event.by
  assert.equal(event.remaining, order.open, 'INV-06: what is left after a reduction is left')
  if (stood) shrink(book, event.orderId, event.by)
  if (stood && order.open === 0) leave(book, event.orderId, 0)
  endIfDone(fold, event.orderId, order)
}

function foldAmend(fold: Fold, event: Extract<Event, { kind: 'amended' }>): void {
  takeNumbers(fold, event.account, event.accountSeq, 1)
  const book = bookOf(fold, event.market)
  const order = orderOf(fold, event.orderId)
  assert.equal(event.oldPrice, order.price, 'INV-04: the old price is the one it had')
  order.price = event.price
  order.size = event.size
  order.open = event.remaining
  const resting = restingOf(book, event.orderId)
  if (resting === undefined) {
    assert.equal(event.bookNumber, 0, 'INV-09: no book number without a change of the book')
    return
  }
  nextNumber(book, event.bookNumber)
  // What keeps its place shows something still.
  if (event.shown === resting.shown) leave(book, event.orderId, event.shown)
  else shrink(book, event.orderId, event.shown)
}

function foldTrigger(fold: Fold, event: Extract<Event, { kind: 'triggered' }>): void {
  takeNumbers(fold, event.account, event.accountSeq, 1)
  const book = bookOf(fold, event.market)
  const order = orderOf(fold, event.orderId)
  assert.equal(event.remaining, order.open, 'INV-06: all that is open is triggered')
  assert.ok(!order.triggered, 'INV-06: an order is triggered once')
  const resting = restingOf(book, event.orderId)
  assert.equal(event.leftPrice, resting?.price ?? 0, 'INV-04: it leaves where it stood')
  if (resting === undefined) assert.equal(event.bookNumber, 0, 'INV-09: no change, no number')
  else {
    nextNumber(book, event.bookNumber)
    leave(book, event.orderId, event.shown)
  }
  order.triggered = true
  order.price = event.price
}

function endIfDone(fold: Fold, orderId: number, order: FoldedOrder): void {
  assert.ok(order.open >= 0, `INV-06: order ${orderId} traded more than was ordered`)
  // By quote amount an order is over with its command; nothing else of it can follow.
  if (order.open === 0 && order.accepted.quoteAmount === 0) fold.orders.delete(orderId)
}

/** Orders by quote amount that used their amount up end without an event of their own. */
export function endCommand(fold: Fold, events: readonly Event[]): void {
  for (const event of events) {
    if (event.kind === 'accepted' && event.quoteAmount > 0) fold.orders.delete(event.seq)
  }
}

function takeNumbers(fold: Fold, account: number, first: number, count: number): void {
  const last = fold.accountSeqs.get(account) ?? 0
  assert.equal(first, last + 1, `INV-09: accountSeq of ${account} has no gap`)
  fold.accountSeqs.set(account, last + count)
}

function addCash(fold: Fold, account: number, asset: number, amount: bigint): void {
  const key = `${account}/${asset}`
  fold.cash.set(key, (fold.cash.get(key) ?? 0n) + amount)
}

function bookOf(fold: Fold, market: number): FoldedBook {
  return marketOf(fold, market).book
}

function marketOf(fold: Fold, market: number): FoldedMarket {
  const found = fold.markets[market]
  assert.ok(found !== undefined, `market ${market} was never listed`)
  return found
}

function orderOf(fold: Fold, orderId: number): FoldedOrder {
  const order = fold.orders.get(orderId)
  assert.ok(order !== undefined, `INV-06: order ${orderId} is not open`)
  return order
}
