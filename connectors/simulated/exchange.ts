// Simulated exchange: the bot's orders against prices that are given, on the real engine.
//
// With prices alone there is no book, so there is a rule instead, and it is this. At a price P an
// order that takes is filled at P, whatever its size. A resting order is filled at its own price
// when the market goes through it; a touch is no fill. A trigger fires at its price, or at the
// first price beyond it after a gap. Between two prices the market passes every price of the bot's
// orders in order. What the engine would refuse is refused: funds, ticks, post-only, everything.

import type { OrderExtra, PlaceOrder } from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import type { Instrument, Order, OrderRequest, PlaceAnswer, Side } from '../venue.ts'
import { BOT, createEngineRoom, type EngineRoom, NO_HASH, SEA, WIND } from './engine-room.ts'
import { createOwnBook, type OwnBook, type OwnChange, type OwnOrder } from './own-book.ts'
import { placeCommand } from './place-command.ts'
import type { Listed } from './scales.ts'

export type SimulatedExchange = {
  /** The market trades at a price, having passed what lies between. */
  moveTo(symbol: string, price: number): void
  /** A gap: nothing was traded between. */
  jumpTo(symbol: string, price: number): void
  passTo(now: number): void
  place(request: OrderRequest): PlaceAnswer
  /** The order as it is then; undefined when nobody knows it. */
  cancel(clientOrderId: string): Order | undefined
  order(clientOrderId: string): Order | undefined
  open(symbol: string): readonly Order[]
  /** By asset: available and held, as decimals. */
  balances(): ReadonlyMap<string, { readonly available: string; readonly held: string }>
  /** What happened to the bot since it was asked last. */
  changes(): readonly SimulatedChange[]
}

export type SimulatedChange =
  | Exclude<OwnChange, { kind: 'balance' }>
  | {
      readonly kind: 'balance'
      readonly asset: string
      readonly available: string
      readonly held: string
    }

export type SimulatedOptions = {
  readonly instruments: readonly Instrument[]
  readonly balances: Readonly<Record<string, string>>
  readonly startAt: number
}

type Sim = {
  readonly room: EngineRoom
  readonly own: OwnBook
  /** Ticks at which each market is; 0 before the first price. */
  readonly at: number[]
  /** Ticks that the engine knows as its last price. */
  readonly printed: number[]
  readonly final: Map<string, Order>
  readonly balances: Map<string, { readonly available: string; readonly held: string }>
  changes: SimulatedChange[]
}

/** A trailing stop follows in so many steps between two prices. */
const TRAIL_STEPS = 16
/** More than the bot can take in one go. */
const DEEP = 2

export function createSimulatedExchange(options: SimulatedOptions): SimulatedExchange {
  const room = createEngineRoom(options)
  const balances = room.assets.map(({ symbol, unitsOf, textOf }) => {
    const available = textOf(unitsOf(options.balances[symbol] ?? '0'))
    return [symbol, { available, held: textOf(0) }] as const
  })
  const sim: Sim = {
    ...{ room, own: createOwnBook(room.markets), final: new Map(), changes: [] },
    ...{ at: room.markets.map(() => 0), printed: room.markets.map(() => 0) },
    balances: new Map(balances),
  }
  const orderOf = (id: string) => {
    const open = sim.own.byClientId(id)
    return open?.state === 'open' ? sim.own.toOrder(open) : sim.final.get(id)
  }
  return {
    moveTo: (symbol, price) => moveTo(sim, listedOf(sim, symbol), price),
    jumpTo(symbol, price) {
      const market = listedOf(sim, symbol)
      standAt(sim, market, nearestTick(market, price))
    },
    passTo(now) {
      room.passTo(now)
      collect(sim)
    },
    place: (request) => place(sim, request),
    cancel(id) {
      const order = sim.own.byClientId(id)
      if (order?.state === 'open') {
        room.run({ kind: 'cancel', account: asId(BOT), orderId: asId(order.id) })
        collect(sim)
      }
      return orderOf(id)
    },
    order: orderOf,
    open: (symbol) =>
      [...sim.own.orders.values()]
        .filter(({ market }) => sim.room.markets[market]?.instrument.symbol === symbol)
        .map((order) => sim.own.toOrder(order)),
    balances: () => sim.balances,
    changes: () => sim.changes.splice(0),
  }
}

function listedOf({ room }: Sim, symbol: string): Listed {
  const listed = room.markets.find(({ instrument }) => instrument.symbol === symbol)
  if (listed === undefined) throw new Error(`no simulated market ${symbol}`)
  return listed
}

function collect(sim: Sim): void {
  for (const change of sim.own.take(sim.room.events())) {
    if (change.kind === 'balance') {
      const asset = sim.room.assets[change.asset]
      if (asset === undefined) continue
      const available = asset.textOf(change.units - change.held)
      const balance = { available, held: asset.textOf(change.held) }
      sim.balances.set(asset.symbol, balance)
      sim.changes.push({ kind: 'balance', asset: asset.symbol, ...balance })
    } else {
      if (change.kind === 'order' && change.order.state !== 'open') {
        sim.final.set(change.order.clientOrderId, change.order)
      }
      sim.changes.push(change)
    }
  }
}

function place(sim: Sim, request: OrderRequest): PlaceAnswer {
  const market = listedOf(sim, request.symbol)
  const placing = placeCommand(request, market, sim.room.now())
  if (!placing.ok) return { kind: 'refused', code: placing.code }
  const ticks = sim.at[market.market] ?? 0
  if (ticks === 0) return { kind: 'refused', code: 'order.no_reference' }
  const { side, postOnly } = request
  if (request.type !== undefined || request.takeProfitPrice !== undefined) {
    const sea = { ticks, exact: side }
    withSea(sim, market, sea, () => print(sim, market, sea))
    collect(sim)
  }
  // A maker meets a market that stands on both sides of the price, a taker one that has it.
  const code = withSea(sim, market, { ticks, exact: postOnly === true ? undefined : side }, () =>
    sim.room.run(placing.command),
  )
  const known = sim.changes.length
  collect(sim)
  if (code !== 'done') return { kind: 'refused', code }
  const told = sim.changes.splice(known)
  sim.changes.push(...told.filter((change) => change.kind === 'balance'))
  const mine = told.findLast(
    (change) => change.kind === 'order' && change.order.clientOrderId === request.clientOrderId,
  )
  const fills = told.flatMap((change) => (change.kind === 'fill' ? [change.fill] : []))
  if (mine?.kind !== 'order') return { kind: 'unknown', reason: 'the order is nowhere' }
  const others = told.filter((change) => change.kind === 'order' && change !== mine)
  sim.changes.push(...others)
  return { kind: 'accepted', order: mine.order, fills }
}

type Sea = {
  readonly ticks: number
  /** The side of the bot's orders that trade at exactly `ticks`; the other one is a tick off. */
  readonly exact: Side | undefined
}

/** The market quotes both sides around a price while something is done, and no longer. */
function withSea<T>(sim: Sim, market: Listed, { ticks, exact }: Sea, act: () => T): T {
  const ask = exact === 'buy' ? ticks : ticks + 1
  const bid = exact === 'sell' ? ticks : ticks - 1
  const size = DEEP * (ownLots(sim, market) + lotsAffordable(sim, market, ticks))
  quoteSea(sim, market, { side: 'sell', price: ask, size })
  if (bid > 0) quoteSea(sim, market, { side: 'buy', price: bid, size })
  const result = act()
  sim.room.run({ kind: 'cancelAll', account: asId(SEA), market: asId(market.market), side: null })
  return result
}

function ownLots({ own }: Sim, { market }: Listed): number {
  let lots = 0
  for (const order of own.orders.values()) if (order.market === market) lots += order.remaining
  return lots
}

/** What the bot could buy or sell at most, and a few lots more. */
function lotsAffordable(sim: Sim, market: Listed, ticks: number): number {
  const { base, quote, instrument, quotePerTickLot } = market
  const of = (symbol: string) => {
    const balance = sim.balances.get(symbol)
    return Number(balance?.available ?? 0) + Number(balance?.held ?? 0)
  }
  const bought = (of(quote.symbol) * 10 ** quote.scale) / (ticks * quotePerTickLot)
  const sold = of(base.symbol) / Number(instrument.lot)
  return Math.ceil(Math.max(bought, sold)) + 10
}

type Quote = { readonly side: Side; readonly price: number; readonly size: number }

function quoteSea(sim: Sim, market: Listed, quote: Quote): void {
  sim.room.run({ ...limit(sim, SEA, market, quote), postOnly: true, extra: SLIDE })
}

const SLIDE: OrderExtra = {
  ...{ triggerPrice: asUnit(0), triggerBy: 'last', stopPrice: asUnit(0), trailIn: 'ticks' },
  ...{ takeProfitPrice: asUnit(0), displaySize: asUnit(0), trail: 0, expireAt: asMicros(0) },
  ...{ reduceOnly: false, slide: true, feeIn: 'quote', session: 0, key: 0 },
}

function limit(sim: Sim, account: number, { market }: Listed, quote: Quote): PlaceOrder {
  const { side, price, size } = quote
  return {
    ...{ kind: 'place', account: asId(account), market: asId(market), side, type: 'limit' },
    ...{ timeInForce: 'GTC', postOnly: false, selfTrade: 'cancel-maker', price: asUnit(price) },
    ...{ size: asUnit(size), quoteAmount: asUnit(0), clientOrderId: '', sentAtGiven: false },
    ...{ sentAt: asMicros(sim.room.now()), bodyHash: NO_HASH },
  }
}

/** The market passes every price at which an order of the bot may change, then stands there. */
function moveTo(sim: Sim, market: Listed, price: number): void {
  const to = nearestTick(market, price)
  const from = sim.at[market.market] ?? 0
  const mine = [...sim.own.orders.values()].filter((order) => order.market === market.market)
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
  const mine = [...sim.own.orders.values()].filter((order) => order.market === market.market)
  if (mine.length === 0) return
  sweep(sim, market, { side: 'sell', ticks: ticks + 1 })
  sweep(sim, market, { side: 'buy', ticks: ticks - 1 })
  const due = mine.filter((order) => isDue(order, ticks))
  if (due.length > 0) {
    const exact = due.some(({ side }) => side === 'sell') ? 'sell' : 'buy'
    withSea(sim, market, { ticks, exact }, () => print(sim, market, { ticks, exact }))
  }
  collect(sim)
}

/** A trailing stop must see every price, a fixed trigger only the one that meets it. */
function isDue({ isArmed, isTrailing, firesDown, trigger }: OwnOrder, ticks: number): boolean {
  return isArmed && (isTrailing || (firesDown ? ticks <= trigger : ticks >= trigger))
}

type Sweep = { readonly side: Side; readonly ticks: number }

/** The wind takes what the bot has put beyond a price. */
function sweep(sim: Sim, market: Listed, { side, ticks }: Sweep): void {
  let size = 0
  for (const order of sim.own.orders.values()) {
    const isHit = side === 'sell' ? order.price >= ticks : order.price <= ticks
    if (order.market !== market.market || order.side === side || !order.isResting) continue
    if (isHit) size += order.remaining
  }
  if (size === 0 || ticks < 1) return
  sim.room.run({ ...limit(sim, WIND, market, { side, price: ticks, size }), timeInForce: 'IOC' })
  collect(sim)
}

/** A little between sea and wind, so that the engine knows the price; triggers fire by it. */
function print(sim: Sim, market: Listed, { ticks, exact }: Required<Sea>): void {
  if (sim.printed[market.market] === ticks) return
  sim.printed[market.market] = ticks
  const side = exact === 'sell' ? 'sell' : 'buy'
  const taking = limit(sim, WIND, market, { side, price: ticks, size: smallest(market, ticks) })
  sim.room.run({ ...taking, timeInForce: 'IOC' })
}

/** The least that the market takes as an order. */
function smallest({ minNotional, quotePerTickLot }: Listed, ticks: number): number {
  return Math.max(1, Math.ceil(minNotional / (ticks * quotePerTickLot)))
}
