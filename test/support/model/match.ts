// Match: carries out a plan step by step, with its postings, holds and events.
//
// INV-05: a fill moves base one way and quote the other, and each side pays its fee in quote.
// A fee is the fee on the order's cumulated notional less what was charged before, maker and taker
// notional apart, so that no order ever pays a rounding twice.

import { asUnit } from '#kernel/amount.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { insert, remove } from './book.ts'
import { feeOn } from './fees.ts'
import { FEES, hold, post } from './ledger.ts'
import type { Plan, Step } from './plan.ts'
import { notionalOf, planMatch } from './plan.ts'
import type { Order, World } from './world.ts'
import { emit, money, takeAccountSeqs } from './world.ts'

/** Matches an order as far as one command may, and settles what becomes of its rest. */
export function match(world: World, taker: Order): void {
  const plan = planMatch(taker)
  for (const step of plan.steps) carryOut(world, taker, step)
  finishTaker(world, taker, plan)
}

/** Cancels what is left of an order and gives its hold back. */
export function cancel(world: World, order: Order, reason: RefusalCode): void {
  const bookNumber = order.stands === 'book' ? leaveBook(order) : 0
  const remaining = asUnit<Order['request']['size']>(order.remaining)
  const shown = bookNumber === 0 ? asUnit<typeof remaining>(0) : remaining
  const what = { remaining, shown, reason, bookNumber }
  emit(world, { kind: 'cancelled', ...whose(world, order), ...what })
  close(world, order)
}

/** What an open order holds: base for a sale; notional, highest fee and 1 for a buy. */
export function holdFor(order: Order, lots: number): bigint {
  const { side, price } = order.request
  if (side === 'sell') return BigInt(lots) * BigInt(order.market.lotUnits)
  const notional = notionalOf(order, price, lots)
  return notional + feeOn(notional, Math.max(order.market.makerRate, order.market.takerRate)) + 1n
}

/** Sets what an order holds to a new amount. */
export function setHeld(world: World, order: Order, held: bigint): void {
  const asset = order.request.side === 'buy' ? order.market.quote : order.market.base
  hold(world.ledger, order.request.account, asset, held - order.held)
  order.held = held
}

function carryOut(world: World, taker: Order, step: Step): void {
  if (step.act === 'fill') fill(world, taker, step.maker, step.lots)
  if (step.act === 'cancel-maker') cancel(world, step.maker, 'order.self_trade')
  if (step.act === 'cancel-both') cancel(world, step.maker, 'order.self_trade')
  if (step.act === 'decrement') {
    reduce(world, step.maker, step.lots)
    reduce(world, taker, step.lots)
  }
}

function finishTaker(world: World, taker: Order, plan: Plan): void {
  const byQuote = taker.request.quoteAmount > 0
  if (plan.end === 'filled' && (!byQuote || plan.lots > 0)) {
    if (byQuote) close(world, taker)
    return
  }
  const mayStay = taker.request.timeInForce === 'GTC'
  if (plan.end === 'self-trade') cancel(world, taker, 'order.self_trade')
  else if (plan.end === 'fills-limit' && mayStay) drainLater(world, taker)
  else if (plan.end === 'fills-limit') cancel(world, taker, 'order.fills_limit')
  else if (mayStay) rest(world, taker)
  else if (taker.traded > 0) cancel(world, taker, 'order.immediate_remainder')
  else cancel(world, taker, 'order.no_liquidity')
}

function fill(world: World, taker: Order, maker: Order, lots: number): void {
  const { market } = taker
  const price = maker.request.price
  const notional = notionalOf(maker, price, lots)
  const base = BigInt(lots) * BigInt(market.lotUnits)
  const makerFee = chargeMaker(maker, notional)
  const takerFee = chargeTaker(taker, notional)
  settle(world, maker, { notional, base, fee: makerFee, lots })
  settle(world, taker, { notional, base, fee: takerFee, lots })
  market.lastTradeId += 1
  market.lastPrice = price
  market.bookNumber += 1
  emit(world, {
    kind: 'fill',
    market: market.market,
    tradeId: market.lastTradeId,
    takerSide: taker.request.side,
    price,
    size: asUnit(lots),
    makerOrderId: maker.orderId,
    takerOrderId: taker.orderId,
    makerAccount: maker.request.account,
    takerAccount: taker.request.account,
    makerAccountSeq: takeAccountSeqs(world, maker.request.account, 2),
    takerAccountSeq: takeAccountSeqs(world, taker.request.account, 2),
    makerFee: money(makerFee),
    takerFee: money(takerFee),
    makerFeeInBase: false,
    takerFeeInBase: false,
    auction: false,
    makerRemaining: asUnit(maker.remaining),
    takerRemaining: asUnit(taker.remaining),
    bookNumber: market.bookNumber,
  })
  if (maker.remaining === 0) remove(maker)
  closeIfFilled(world, maker)
  closeIfFilled(world, taker)
}

function chargeMaker(maker: Order, notional: bigint): bigint {
  const before = feeOn(maker.makerNotional, maker.market.makerRate)
  maker.makerNotional += notional
  return feeOn(maker.makerNotional, maker.market.makerRate) - before
}

function chargeTaker(taker: Order, notional: bigint): bigint {
  const before = feeOn(taker.takerNotional, taker.market.takerRate)
  taker.takerNotional += notional
  return feeOn(taker.takerNotional, taker.market.takerRate) - before
}

type Leg = {
  readonly notional: bigint
  readonly base: bigint
  readonly fee: bigint
  readonly lots: number
}

function settle(world: World, order: Order, { notional, base, fee, lots }: Leg): void {
  const { ledger } = world
  const { account, side } = order.request
  const sign = side === 'buy' ? 1n : -1n
  post(ledger, account, order.market.base, sign * base)
  post(ledger, account, order.market.quote, -sign * notional - fee)
  post(ledger, FEES, order.market.quote, fee)
  order.fee += fee
  order.traded += lots
  if (order.request.quoteAmount === 0) order.remaining -= lots
  order.updatedAt = world.time
  holdLess(world, order, notional + fee)
}

// Market orders are over when their command is, so what they hold in between does not matter.
function holdLess(world: World, order: Order, spent: bigint): void {
  if (order.request.type === 'market') return
  const { side } = order.request
  const needed = holdFor(order, order.remaining)
  const left = order.held - spent
  if (side === 'buy' && left < needed) setHeld(world, order, left)
  else setHeld(world, order, needed)
}

function reduce(world: World, order: Order, lots: number): void {
  order.remaining -= lots
  order.updatedAt = world.time
  const inBook = order.stands === 'book'
  if (inBook) order.market.bookNumber += 1
  emit(world, {
    kind: 'reduced',
    ...whose(world, order),
    by: asUnit(lots),
    remaining: asUnit(order.remaining),
    bookNumber: inBook ? order.market.bookNumber : 0,
  })
  if (inBook && order.remaining === 0) remove(order)
  holdLess(world, order, 0n)
  closeIfFilled(world, order)
}

function rest(world: World, order: Order): void {
  order.stands = 'book'
  order.updatedAt = world.time
  insert(order)
  order.market.bookNumber += 1
  const { account, market, side, price } = order.request
  const remaining = asUnit<Order['request']['size']>(order.remaining)
  const { bookNumber } = order.market
  const where = { orderId: order.orderId, account, market, side, price }
  emit(world, { kind: 'rested', ...where, remaining, shown: remaining, bookNumber })
}

function drainLater(world: World, order: Order): void {
  if (order.stands === 'draining') return
  order.stands = 'draining'
  world.draining.push(order)
}

function leaveBook(order: Order): number {
  remove(order)
  order.market.bookNumber += 1
  return order.market.bookNumber
}

function closeIfFilled(world: World, order: Order): void {
  if (order.request.quoteAmount === 0 && order.remaining === 0) close(world, order)
}

function close(world: World, order: Order): void {
  setHeld(world, order, 0n)
  order.stands = 'nowhere'
  const { account } = order.request
  if (!world.orders.delete(order.orderId)) return
  world.openOrders.set(account, (world.openOrders.get(account) ?? 0) - 1)
}

function whose(world: World, order: Order) {
  const { account, market, side, price } = order.request
  const accountSeq = takeAccountSeqs(world, account, 1)
  return { orderId: order.orderId, account, accountSeq, market, side, price }
}
