// Fill: what two orders trade, with its postings, fees, holds and events.
//
// INV-05: a fill moves base one way and quote the other. A fee is the fee on the order's amount so
// far less what was charged before. A rebate comes out of the fee of its taker, or not at all.

import type { SelfTrade } from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { moveBand } from './band.ts'
import { nextBookNumber, remove } from './book.ts'
import { countBought, reviewOrder } from './brackets-list.ts'
import { closeIfDone, whose } from './ends.ts'
import { chargeMaker, chargeTaker, countVolume, paysInBase, type Traded } from './fees.ts'
import { FEES, post } from './ledger.ts'
import { holdLess, notionalOf } from './terms.ts'
import type { Order, World } from './world.ts'
import { emit, money, takeAccountSeqs } from './world.ts'

/** Two orders that meet: at which price, for how much, and whether both stand in the book. */
export type Meeting = {
  readonly maker: Order
  readonly taker: Order
  readonly price: number
  readonly lots: number
  readonly auction: boolean
}

export function fill(world: World, meeting: Meeting): void {
  const { maker, taker, price, lots } = meeting
  const { market } = taker
  const base = BigInt(lots) * BigInt(market.listing.lotUnits)
  const traded = { notional: notionalOf(maker, price, lots), base }
  moveBand(world, market)
  showEnough(world, meeting)
  const { makerFee, takerFee } = charge(meeting, traded)
  settle(world, maker, lots, { ...traded, fee: makerFee })
  settle(world, taker, lots, { ...traded, fee: takerFee })
  market.lastTradeId += 1
  market.lastPrice = price
  tell(world, meeting, { makerFee, takerFee })
  for (const order of [maker, taker]) {
    if (order.stands === 'book' && order.remaining === 0) remove(order)
  }
  showMore(world, meeting)
  for (const order of [maker, taker]) {
    closeIfDone(world, order)
    reviewOrder(world, order)
  }
}

/** Two orders of one owner lose size without a fill. */
export function decrement(world: World, meeting: Meeting): void {
  const { maker, taker, lots } = meeting
  showEnough(world, meeting)
  for (const order of [maker, taker]) reduce(world, order, lots)
  showMore(world, meeting)
  for (const order of [maker, taker]) closeIfDone(world, order)
}

/** Says that two orders of one owner met, and what is done about it. */
export function tellPrevented(world: World, meeting: Meeting, selfTrade: SelfTrade): void {
  const { maker, taker, price, lots } = meeting
  emit(world, {
    kind: 'prevented',
    market: taker.request.market,
    takerSide: taker.request.side,
    selfTrade,
    price: asUnit(price),
    size: asUnit(lots),
    makerOrderId: maker.orderId,
    takerOrderId: taker.orderId,
    makerAccount: maker.account,
    takerAccount: taker.account,
  })
}

// In an auction both stand in the book and pay as makers; nobody is there to pay a rebate.
function charge({ maker, taker, auction }: Meeting, traded: Traded) {
  if (auction) {
    const makerFee = chargeMaker(maker, traded, 0n)
    return { makerFee, takerFee: chargeMaker(taker, traded, 0n) }
  }
  const takerFee = chargeTaker(taker, traded)
  const rebateMax = paysInBase(taker) ? 0n : takerFee
  return { makerFee: chargeMaker(maker, traded, rebateMax), takerFee }
}

function tell(
  world: World,
  { maker, taker, price, lots, auction }: Meeting,
  fees: { readonly makerFee: bigint; readonly takerFee: bigint },
): void {
  const { market } = taker
  emit(world, {
    kind: 'fill',
    market: market.listing.market,
    tradeId: market.lastTradeId,
    takerSide: taker.request.side,
    price: asUnit(price),
    size: asUnit(lots),
    makerOrderId: maker.orderId,
    takerOrderId: taker.orderId,
    makerAccount: maker.account,
    takerAccount: taker.account,
    makerAccountSeq: takeAccountSeqs(world, maker.account, 2),
    takerAccountSeq: takeAccountSeqs(world, taker.account, 2),
    makerFee: money(fees.makerFee),
    takerFee: money(fees.takerFee),
    makerFeeInBase: paysInBase(maker),
    takerFeeInBase: paysInBase(taker),
    auction,
    makerRemaining: asUnit(maker.remaining),
    takerRemaining: asUnit(taker.remaining),
    bookNumber: nextBookNumber(market),
  })
}

type Leg = Traded & { readonly fee: bigint }

function settle(world: World, order: Order, lots: number, { notional, base, fee }: Leg): void {
  const { ledger } = world
  const { account, request, market } = order
  const sign = request.side === 'buy' ? 1n : -1n
  const inBase = paysInBase(order)
  const feeAsset = inBase ? market.listing.base : market.listing.quote
  post(ledger, account, market.listing.base, sign * base)
  post(ledger, account, market.listing.quote, -sign * notional)
  post(ledger, account, feeAsset, -fee)
  post(ledger, FEES, feeAsset, fee)
  order.fee += fee
  order.quoteTraded += notional
  order.traded += lots
  if (request.quoteAmount === 0) take(order, lots)
  order.updatedAt = world.time
  holdLess(world, order, inBase ? notional : notional + fee)
  countVolume(world, order, notional)
  countBought(world, order, lots)
}

function reduce(world: World, order: Order, lots: number): void {
  take(order, lots)
  order.reduced += lots
  order.updatedAt = world.time
  const inBook = order.stands === 'book'
  const bookNumber = inBook ? nextBookNumber(order.market) : 0
  const now = { by: asUnit<never>(lots), remaining: asUnit<never>(order.remaining), bookNumber }
  emit(world, { kind: 'reduced', ...whose(world, order), ...now })
  if (inBook && order.remaining === 0) remove(order)
  holdLess(world, order, 0n)
}

function take(order: Order, lots: number): void {
  order.remaining -= lots
  if (order.stands === 'book') order.shown -= lots
}

// A level never loses more than it shows: hidden lots that are about to go are shown first.
function showEnough(world: World, { maker, taker, lots }: Meeting): void {
  for (const order of [maker, taker]) {
    if (order.stands === 'book' && lots > order.shown) refresh(world, order, lots - order.shown)
  }
}

// An iceberg of which nothing shows any more shows as much again, behind the others.
function showMore(world: World, { maker, taker }: Meeting): void {
  for (const order of [maker, taker]) {
    if (order.stands === 'book' && order.shown === 0 && order.remaining > 0) requeue(world, order)
  }
}

function requeue(world: World, order: Order): void {
  const level = order.market.levels[order.request.side].find(({ price }) => price === order.price)
  level?.orders.splice(level.orders.indexOf(order), 1)
  level?.orders.push(order)
  refresh(world, order, Math.min(order.request.extra.displaySize, order.remaining), true)
}

function refresh(world: World, order: Order, lots: number, requeued = false): void {
  const bookNumber = nextBookNumber(order.market)
  if (requeued) order.priority = bookNumber
  order.shown += lots
  const { orderId, account, request, price } = order
  const { market, side } = request
  const where = { orderId, account, market, side, price: asUnit<never>(price) }
  emit(world, { kind: 'refreshed', ...where, added: asUnit(lots), requeued, bookNumber })
}
