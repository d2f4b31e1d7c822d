// Fold: what a follower of events knows, with every step checked on the way.
//
// INV-05: a fill keeps within both limits and goes to the order with priority. INV-06: no order
// trades, loses or keeps more than was ordered. INV-09: no number is left out.

import assert from 'node:assert/strict'
import type { Event, Fill, MarketListed, OrderAccepted, OrderRested } from '#engine/event.ts'
import { feeRoundedUp } from '#kernel/amount.ts'

const FEES = 2

export type FoldedOrder = {
  readonly account: number
  readonly accepted: OrderAccepted
  readonly holdAsset: number
  held: number
  open: number
  traded: number
  reduced: number
  makerNotional: number
  takerNotional: number
}

type Resting = { readonly orderId: number; remaining: number; readonly rested: OrderRested }

type FoldedMarket = {
  readonly listing: MarketListed
  bookNumber: number
  tradeId: number
  /** In the order they came to rest. */
  readonly resting: Resting[]
}

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
    case 'accepted':
      takeNumbers(fold, event.account, event.accountSeq, 1)
      openOrder(fold, event.seq, event)
      return
    case 'rested':
      changeBook(fold, event.market, event.bookNumber)
      marketOf(fold, event.market).resting.push({ ...event, rested: event })
      return
    case 'fill':
      foldFill(fold, event)
      return
    case 'cancelled':
    case 'reduced':
      foldLoss(fold, event)
      return
    case 'posting':
      addCash(fold, event.account, event.asset, event.amount)
      return
    case 'balance': {
      takeNumbers(fold, event.account, event.accountSeq, 1)
      const { cash, held } = event
      fold.told.set(`${event.account}/${event.asset}`, { cash, held })
      return
    }
    case 'marketListed':
      fold.markets.push({ listing: event, bookNumber: 0, tradeId: 0, resting: [] })
      return
  }
}

function openOrder(fold: Fold, orderId: number, accepted: OrderAccepted): void {
  const { listing } = marketOf(fold, accepted.market)
  fold.orders.set(orderId, {
    account: accepted.account,
    accepted,
    holdAsset: accepted.side === 'buy' ? listing.quote : listing.base,
    held: holdFor(listing, accepted, accepted.size),
    open: accepted.size,
    traded: 0,
    reduced: 0,
    makerNotional: 0,
    takerNotional: 0,
  })
}

function foldFill(fold: Fold, fill: Fill): void {
  const market = marketOf(fold, fill.market)
  market.tradeId += 1
  assert.equal(fill.tradeId, market.tradeId, 'INV-09: trade ids have no gap')
  changeBook(fold, fill.market, fill.bookNumber)
  takeNumbers(fold, fill.makerAccount, fill.makerAccountSeq, 2)
  takeNumbers(fold, fill.takerAccount, fill.takerAccountSeq, 2)
  hasPriority(market, fill)
  const maker = orderOf(fold, fill.makerOrderId)
  const taker = orderOf(fold, fill.takerOrderId)
  assert.equal(maker.account, fill.makerAccount, 'INV-05: the maker is who placed it')
  assert.equal(taker.account, fill.takerAccount, 'INV-05: the taker is who placed it')
  tradeOrder(fold, market, { order: maker, fill, role: 'maker' })
  tradeOrder(fold, market, { order: taker, fill, role: 'taker' })
  takeFromBook(market, fill.makerOrderId, fill.size)
  endIfDone(fold, fill.makerOrderId, maker)
  endIfDone(fold, fill.takerOrderId, taker)
}

/** INV-04: nobody on the maker's side is better priced, or as good and earlier. */
function hasPriority(market: FoldedMarket, fill: Fill): void {
  const side = fill.takerSide === 'buy' ? 'sell' : 'buy'
  const better = (a: Resting, b: Resting) =>
    side === 'sell' ? a.rested.price < b.rested.price : a.rested.price > b.rested.price
  const [first, ...others] = market.resting.filter(({ rested }) => rested.side === side)
  assert.ok(first !== undefined, 'INV-04: a fill needs a maker that rests')
  const best = others.reduce((a, b) => (better(b, a) ? b : a), first)
  assert.equal(fill.makerOrderId, best.orderId, 'INV-04: price-time priority')
  assert.equal(fill.price, best.rested.price, 'INV-05: a fill happens at the price of the maker')
}

type Trade = {
  readonly order: FoldedOrder
  readonly fill: Fill
  readonly role: 'maker' | 'taker'
}

function tradeOrder(fold: Fold, { listing }: FoldedMarket, { order, fill, role }: Trade): void {
  const { side, price, type } = order.accepted
  if (type === 'limit') {
    const within = side === 'buy' ? fill.price <= price : fill.price >= price
    assert.ok(within, `INV-05: ${side} limit ${price} traded at ${fill.price}`)
  }
  const notional = fill.price * fill.size * listing.quotePerTickLot
  const fee = role === 'maker' ? fill.makerFee : fill.takerFee
  const rate = role === 'maker' ? order.accepted.makerRate : order.accepted.takerRate
  const before = role === 'maker' ? order.makerNotional : order.takerNotional
  const due = feeRoundedUp(before + notional, rate) - feeRoundedUp(before, rate)
  assert.equal(fee, due, 'INV-05: a fee is the fee on all notional less what was charged')
  if (role === 'maker') order.makerNotional += notional
  else order.takerNotional += notional
  const sign = side === 'buy' ? 1 : -1
  addCash(fold, order.account, listing.base, sign * fill.size * listing.lotUnits)
  addCash(fold, order.account, listing.quote, -sign * notional - fee)
  addCash(fold, FEES, listing.quote, fee)
  order.traded += fill.size
  order.open -= order.accepted.quoteAmount > 0 ? 0 : fill.size
  const left = role === 'maker' ? fill.makerRemaining : fill.takerRemaining
  assert.equal(left, order.open, 'INV-06: what a fill says is left is left')
  if (side === 'sell') order.held = holdFor(listing, order.accepted, order.open)
  else
    order.held = Math.min(holdFor(listing, order.accepted, order.open), order.held - notional - fee)
}

type Loss = Extract<Event, { kind: 'cancelled' | 'reduced' }>

function foldLoss(fold: Fold, event: Loss): void {
  takeNumbers(fold, event.account, event.accountSeq, 1)
  const market = marketOf(fold, event.market)
  const order = orderOf(fold, event.orderId)
  const inBook = market.resting.some(({ orderId }) => orderId === event.orderId)
  if (inBook) changeBook(fold, event.market, event.bookNumber)
  else assert.equal(event.bookNumber, 0, 'INV-09: no book number without a change of the book')
  if (event.kind === 'cancelled') {
    assert.equal(event.remaining, order.open, 'INV-06: all that is open is cancelled')
    if (inBook) takeFromBook(market, event.orderId, event.remaining)
    fold.orders.delete(event.orderId)
    return
  }
  order.open -= event.by
  order.reduced += event.by
  assert.equal(event.remaining, order.open, 'INV-06: what is left after a reduction is left')
  order.held = Math.min(order.held, holdFor(market.listing, order.accepted, order.open))
  if (inBook) takeFromBook(market, event.orderId, event.by)
  endIfDone(fold, event.orderId, order)
}

function endIfDone(fold: Fold, orderId: number, order: FoldedOrder): void {
  assert.ok(order.open >= 0, `INV-06: order ${orderId} traded more than was ordered`)
  // By quote amount an order is over with its command; nothing else of it can follow.
  if (order.open === 0 && order.accepted.quoteAmount === 0) fold.orders.delete(orderId)
}

/** Orders by quote amount that used their amount up end without an event of their own. */
export function endCommand(fold: Fold): void {
  for (const [orderId, { accepted }] of fold.orders) {
    if (accepted.type === 'market') fold.orders.delete(orderId)
  }
}

function takeFromBook(market: FoldedMarket, orderId: number, lots: number): void {
  const at = market.resting.findIndex((resting) => resting.orderId === orderId)
  const resting = market.resting[at]
  assert.ok(resting !== undefined, `INV-04: order ${orderId} does not rest`)
  resting.remaining -= lots
  if (resting.remaining === 0) market.resting.splice(at, 1)
}

function changeBook(fold: Fold, market: number, bookNumber: number): void {
  const book = marketOf(fold, market)
  book.bookNumber += 1
  assert.equal(bookNumber, book.bookNumber, 'INV-09: book numbers have no gap')
}

function takeNumbers(fold: Fold, account: number, first: number, count: number): void {
  const last = fold.accountSeqs.get(account) ?? 0
  assert.equal(first, last + 1, `INV-09: accountSeq of ${account} has no gap`)
  fold.accountSeqs.set(account, last + count)
}

function addCash(fold: Fold, account: number, asset: number, amount: number): void {
  const key = `${account}/${asset}`
  fold.cash.set(key, (fold.cash.get(key) ?? 0n) + BigInt(amount))
}

function holdFor(listing: MarketListed, accepted: OrderAccepted, lots: number): number {
  if (accepted.type === 'market' || lots === 0) return 0
  if (accepted.side === 'sell') return lots * listing.lotUnits
  const notional = accepted.price * lots * listing.quotePerTickLot
  return notional + feeRoundedUp(notional, Math.max(accepted.makerRate, accepted.takerRate)) + 1
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
