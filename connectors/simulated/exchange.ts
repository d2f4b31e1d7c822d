// Simulated exchange: the bot's orders against prices that are given, on the real engine.
//
// With prices alone there is no book, so there is a rule instead, and it is this. At a price P an
// order that takes is filled at P, whatever its size. A resting order is filled at its own price
// when the market goes through it; a touch is no fill. A trigger fires at its price, or at the
// first price beyond it after a gap. Between two prices the market passes every price of the bot's
// orders in order. What the engine would refuse is refused: funds, ticks, post-only, everything.

import type { Amendment, Instrument, Order, OrderRequest, PlaceAnswer, Side } from '../venue.ts'
import type { OwnOrder } from './own-book.ts'
import {
  type AccountChange,
  createPrivateAccount,
  type Money,
  type PrivateAccount,
} from './private-account.ts'
import { isDue, seaLeaves, seaQuote, smallestLots, windTakes } from './quotes.ts'
import type { Listed } from './scales.ts'

export type SimulatedExchange = {
  /** The market trades at a price, having passed what lies between. */
  moveTo(symbol: string, price: number): void
  /** A gap: nothing was traded between. */
  jumpTo(symbol: string, price: number): void
  passTo(now: number): void
  place(request: OrderRequest): PlaceAnswer
  amend(clientOrderId: string, amendment: Amendment): PlaceAnswer
  /** The order as it is then; undefined when nobody knows it. */
  cancel(clientOrderId: string): Order | undefined
  order(clientOrderId: string): Order | undefined
  open(symbol: string): readonly Order[]
  /** By asset: available and held, as decimals. */
  balances(): ReadonlyMap<string, Money>
  /** What happened to the bot since it was asked last. */
  changes(): readonly AccountChange[]
}

export type SimulatedChange = AccountChange

export type SimulatedOptions = {
  readonly instruments: readonly Instrument[]
  readonly balances: Readonly<Record<string, string>>
  readonly startAt: number
}

type Sim = {
  readonly account: PrivateAccount
  /** Ticks at which each market is; 0 before the first price. */
  readonly at: number[]
  /** Ticks that the engine knows as its last price. */
  readonly printed: number[]
}

/** A trailing stop follows in so many steps between two prices. */
const TRAIL_STEPS = 16
/** More than the bot can take in one go. */
const DEEP = 2

export function createSimulatedExchange(options: SimulatedOptions): SimulatedExchange {
  const account = createPrivateAccount(options)
  const { room } = account
  const sim: Sim = {
    account,
    ...{ at: room.markets.map(() => 0), printed: room.markets.map(() => 0) },
  }
  return {
    moveTo: (symbol, price) => moveTo(sim, listedOf(sim, symbol), price),
    jumpTo(symbol, price) {
      const market = listedOf(sim, symbol)
      standAt(sim, market, nearestTick(market, price))
    },
    passTo(now) {
      room.passTo(now)
      account.collect()
    },
    place: (request) => place(sim, request),
    amend: (clientOrderId, amendment) => amend(sim, clientOrderId, amendment),
    cancel: account.cancel,
    order: account.order,
    open: account.open,
    balances: () => account.balances,
    changes: account.changes,
  }
}

function listedOf({ account }: Sim, symbol: string): Listed {
  const listed = account.listed(symbol)
  if (listed === undefined) throw new Error(`no simulated market ${symbol}`)
  return listed
}

function place(sim: Sim, request: OrderRequest): PlaceAnswer {
  const { account } = sim
  const market = listedOf(sim, request.symbol)
  const { side, postOnly } = request
  const ticks = sim.at[market.market] ?? 0
  if (ticks === 0) return { kind: 'refused', code: 'order.no_reference' }
  if (request.type !== undefined || request.takeProfitPrice !== undefined) {
    tellPrice(sim, market, { ticks, exact: side })
  }
  // A maker meets a market that stands on both sides of the price, a taker one that has it.
  const exact = postOnly === true ? undefined : side
  return account.place(request, (command) =>
    withSea(sim, market, { ticks, exact }, () => account.room.run(command)),
  )
}

function amend(sim: Sim, clientOrderId: string, amendment: Amendment): PlaceAnswer {
  const { account } = sim
  const order = account.own.byClientId(clientOrderId)
  const market = account.room.markets[order?.market ?? -1]
  if (order === undefined || market === undefined) return { kind: 'refused', code: 'not_found' }
  const { side, isPostOnly } = order
  const ticks = sim.at[market.market] ?? 0
  if (amendment.triggerPrice !== undefined) {
    tellPrice(sim, market, { ticks, exact: side })
  }
  const exact = isPostOnly ? undefined : side
  return account.amend({ clientOrderId, amendment }, (command) =>
    withSea(sim, market, { ticks, exact }, () => account.room.run(command)),
  )
}

type Sea = {
  readonly ticks: number
  /** The side of the bot's orders that trade at exactly `ticks`; the other one is a tick off. */
  readonly exact: Side | undefined
}

/** The market quotes both sides around a price while something is done, and no longer. */
function withSea<T>(sim: Sim, market: Listed, { ticks, exact }: Sea, act: () => T): T {
  const { room } = sim.account
  const ask = exact === 'buy' ? ticks : ticks + 1
  const bid = exact === 'sell' ? ticks : ticks - 1
  const size = DEEP * (ownLots(sim, market) + lotsAffordable(sim, market, ticks))
  room.run(seaQuote(room, market, { side: 'sell', price: ask, size }))
  if (bid > 0) room.run(seaQuote(room, market, { side: 'buy', price: bid, size }))
  const result = act()
  room.run(seaLeaves(market))
  return result
}

function ordersIn({ account }: Sim, { market }: Listed): OwnOrder[] {
  return [...account.own.orders.values()].filter((order) => order.market === market)
}

function ownLots(sim: Sim, market: Listed): number {
  return ordersIn(sim, market).reduce((lots, { remaining }) => lots + remaining, 0)
}

/** What the bot could buy or sell at most, and a few lots more. */
function lotsAffordable({ account }: Sim, market: Listed, ticks: number): number {
  const { base, quote, instrument, quotePerTickLot } = market
  const of = (symbol: string) => {
    const balance = account.balances.get(symbol)
    return Number(balance?.available ?? 0) + Number(balance?.held ?? 0)
  }
  const bought = (of(quote.symbol) * 10 ** quote.scale) / (ticks * quotePerTickLot)
  const sold = of(base.symbol) / Number(instrument.lot)
  return Math.ceil(Math.max(bought, sold)) + 10
}

/** The market passes every price at which an order of the bot may change, then stands there. */
function moveTo(sim: Sim, market: Listed, price: number): void {
  const to = nearestTick(market, price)
  const from = sim.at[market.market] ?? 0
  const mine = ordersIn(sim, market)
  if (mine.length > 0 && from > 0) {
    for (const ticks of pointsBetween(mine, { from, to })) standAt(sim, market, ticks)
  }
  standAt(sim, market, to)
}

function nearestTick({ instrument }: Listed, price: number): number {
  return Math.max(1, Math.round(price / Number(instrument.tick)))
}

function pointsBetween(orders: readonly OwnOrder[], { from, to }: { from: number; to: number }) {
  const [low, high] = [Math.min(from, to), Math.max(from, to)]
  const points = orders.flatMap(({ price, trigger }) => [price - 1, price + 1, trigger])
  if (orders.some(({ isTrailing, isArmed }) => isTrailing && isArmed)) {
    for (let step = 1; step < TRAIL_STEPS; step += 1) {
      points.push(Math.round(from + ((to - from) * step) / TRAIL_STEPS))
    }
  }
  const between = new Set(points.filter((ticks) => ticks > low && ticks < high))
  return [...between].sort((a, b) => (from < to ? a - b : b - a))
}

function standAt(sim: Sim, market: Listed, ticks: number): void {
  sim.at[market.market] = ticks
  const mine = ordersIn(sim, market)
  if (mine.length === 0) return
  sweep(sim, market, { side: 'sell', ticks: ticks + 1 })
  sweep(sim, market, { side: 'buy', ticks: ticks - 1 })
  const due = mine.filter((order) => isDue(order, ticks))
  if (due.length > 0) {
    const exact = due.some(({ side }) => side === 'sell') ? 'sell' : 'buy'
    tellPrice(sim, market, { ticks, exact })
  }
  sim.account.collect()
}

type Sweep = { readonly side: Side; readonly ticks: number }

/** The wind takes what the bot has put beyond a price. */
function sweep(sim: Sim, market: Listed, { side, ticks }: Sweep): void {
  const { room, collect } = sim.account
  let size = 0
  for (const order of ordersIn(sim, market)) {
    const isHit = side === 'sell' ? order.price >= ticks : order.price <= ticks
    if (order.side !== side && order.isResting && isHit) size += order.remaining
  }
  if (size === 0 || ticks < 1) return
  room.run(windTakes(room, market, { side, price: ticks, size }))
  collect()
}

function tellPrice(sim: Sim, market: Listed, sea: Sea): void {
  withSea(sim, market, sea, () => print(sim, market, sea))
}

/** A little between sea and wind, so that the engine knows the price; triggers fire by it. */
function print(sim: Sim, market: Listed, { ticks, exact }: Required<Sea>): void {
  const { room } = sim.account
  if (sim.printed[market.market] === ticks) return
  sim.printed[market.market] = ticks
  const side = exact === 'sell' ? 'sell' : 'buy'
  room.run(windTakes(room, market, { side, price: ticks, size: smallestLots(market, ticks) }))
}
