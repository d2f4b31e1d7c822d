// Paper exchange: the bot's orders against a live book and live trades, on the real engine.
//
// An order that takes meets the live book as it stands, level by level, without what the bot has
// used of it already. One that rests is filled at its own price by live trades that go through it,
// each for no more than its size, and by live orders that come to stand across it; a touch is no
// fill, for who stood there before has come first. A trigger fires by live trades, less what the
// bot's own orders would have caught of them. The bot moves nothing in the live market.

import type { CommandBody, PlaceOrder } from '#engine/command.ts'
import type { Amendment, Fill, MarketUpdate, OrderRequest, PlaceAnswer, Side } from '../venue.ts'
import { createLiveSide, type LevelLots, type LiveSide, type UsedLevel } from './live-liquidity.ts'
import type { OwnOrder } from './own-book.ts'
import {
  type Amended,
  createPrivateAccount,
  type PrivateAccount,
  type PrivateAccountOptions,
  type SavedAccount,
} from './private-account.ts'
import { isDue, seaLeaves, seaOrder, smallestLots, windTakes } from './quotes.ts'
import type { Listed } from './scales.ts'

type Update = Extract<MarketUpdate, { kind: 'book' | 'trade' | 'stale' }>

export type PaperExchange = {
  readonly account: PrivateAccount
  tell(update: Update): void
  passTo(now: number): void
  place(request: OrderRequest): PlaceAnswer
  amend(clientOrderId: string, amendment: Amendment): PlaceAnswer
  /** What is left of the live book for this bot; undefined while it is not known. */
  left(symbol: string): Sides | undefined
  /** The same with the bot's own orders in it: the book as it would be with the bot. */
  shown(symbol: string): Sides | undefined
  saved(): SavedPaper
}

export type Sides = Record<'bids' | 'asks', readonly LevelLots[]>

export type SavedPaper = {
  readonly account: SavedAccount
  /** The engine's state in base64. */
  readonly room: string
  readonly used: Readonly<Record<string, Record<Side, readonly UsedLevel[]>>>
}

export type PaperOptions = Omit<PrivateAccountOptions, 'account' | 'saved'> & {
  readonly before?: SavedPaper | undefined
}

type Live = {
  /** By the side of who offers: 'sell' are the asks. */
  readonly sides: Record<Side, LiveSide>
  isKnown: boolean
  /** Ticks of the last live trade; 0 before the first. */
  last: number
}

type Paper = { readonly account: PrivateAccount; readonly lives: readonly Live[] }

export function createPaperExchange({ before, ...options }: PaperOptions): PaperExchange {
  const saved = before === undefined ? undefined : Buffer.from(before.room, 'base64')
  const account = createPrivateAccount({ ...options, saved, account: before?.account })
  const { room } = account
  const lives = room.markets.map(({ instrument: { symbol } }): Live => {
    const used = before?.used[symbol]
    const sides = { buy: createLiveSide(used?.buy), sell: createLiveSide(used?.sell) }
    return { sides, isKnown: false, last: 0 }
  })
  const paper: Paper = { account, lives }
  const find = (symbol: string) => {
    const market = account.listed(symbol)
    const live = lives[market?.market ?? -1]
    return market === undefined || live === undefined ? undefined : { market, live }
  }
  return {
    account,
    tell(update) {
      const found = find(update.symbol)
      if (found !== undefined) tell(paper, found, update)
    },
    passTo(now) {
      room.passTo(now)
      account.collect()
    },
    place(request) {
      const found = find(request.symbol)
      if (found === undefined) return { kind: 'refused', code: 'market.unknown' }
      return place(paper, found, request)
    },
    amend(clientOrderId, amendment) {
      const found = find(account.order(clientOrderId)?.symbol ?? '')
      if (found === undefined) return { kind: 'refused', code: 'not_found' }
      return amend(paper, found, { clientOrderId, amendment })
    },
    left: (symbol) => leftOf(find(symbol)?.live),
    shown(symbol) {
      const { market, live } = find(symbol) ?? {}
      const left = leftOf(live)
      if (market === undefined || left === undefined) return undefined
      const own = ordersIn(paper, market).filter(({ isResting }) => isResting)
      return { bids: withOwn(left.bids, own, 'buy'), asks: withOwn(left.asks, own, 'sell') }
    },
    saved: () => ({
      account: account.saved(),
      room: Buffer.from(room.save()).toString('base64'),
      used: Object.fromEntries(
        room.markets.map(({ instrument: { symbol }, market }) => {
          const { buy, sell } = lives[market]?.sides ?? {}
          return [symbol, { buy: buy?.used() ?? [], sell: sell?.used() ?? [] }]
        }),
      ),
    }),
  }
}

function leftOf(live: Live | undefined): Sides | undefined {
  if (live?.isKnown !== true) return undefined
  return { bids: live.sides.buy.left(), asks: live.sides.sell.left() }
}

function withOwn(levels: readonly LevelLots[], own: readonly OwnOrder[], side: Side): LevelLots[] {
  const sums = new Map(levels.map(({ ticks, lots }) => [ticks, lots]))
  for (const order of own) {
    if (order.side === side) sums.set(order.price, (sums.get(order.price) ?? 0) + order.remaining)
  }
  const sign = side === 'buy' ? -1 : 1
  return [...sums]
    .map(([ticks, lots]) => ({ ticks, lots }))
    .sort((a, b) => sign * (a.ticks - b.ticks))
}

type Found = { readonly market: Listed; readonly live: Live }

function tell(paper: Paper, found: Found, update: Update): void {
  const { market, live } = found
  if (update.kind === 'stale') {
    live.isKnown = false
    for (const side of [live.sides.buy, live.sides.sell]) side.forget()
  } else if (update.kind === 'book') {
    live.isKnown = true
    live.sides.buy.see(levelsOf(market, update.bids))
    live.sides.sell.see(levelsOf(market, update.asks))
    for (const side of ['buy', 'sell'] as const) comeAcross(paper, found, side)
  } else {
    const [level] = levelsOf(market, [update])
    if (level !== undefined) goThrough(paper, found, { side: update.side, ...level })
  }
}

/** What does not fit ticks and lots is left out: a venue tells what it trades in. */
function levelsOf(market: Listed, levels: readonly { price: string; size: string }[]): LevelLots[] {
  return levels.flatMap(({ price, size }) => {
    const [ticks, lots] = [market.ticksOf(price), market.lotsOf(size)]
    return ticks === undefined || lots === undefined ? [] : [{ ticks, lots }]
  })
}

function ordersIn({ account }: Paper, { market }: Listed): OwnOrder[] {
  return [...account.own.orders.values()].filter((order) => order.market === market)
}

/** Lots of the bot's resting orders that trade with `side` at a price. */
function inReach(paper: Paper, market: Listed, { side, ticks }: { side: Side; ticks: number }) {
  return ordersIn(paper, market)
    .filter((order) => order.side !== side && order.isResting)
    .filter(({ price }) => (side === 'sell' ? price >= ticks : price <= ticks))
    .reduce((lots, { remaining }) => lots + remaining, 0)
}

/** Live orders that stand across one of the bot's would have met it when they came. */
function comeAcross(paper: Paper, { market, live }: Found, side: Side): void {
  for (const { ticks, lots } of live.sides[side].left()) {
    const mine = inReach(paper, market, { side, ticks })
    if (mine === 0) return
    const size = Math.min(lots, mine)
    live.sides[side].use(ticks, take(paper, market, { side, price: ticks, size }))
  }
}

type Taking = { readonly side: Side; readonly price: number; readonly size: number }

/** Answers how many lots of the bot's were there. What is less than an order may be fills none. */
function take({ account }: Paper, market: Listed, taking: Taking): number {
  if (taking.size < smallestLots(market, taking.price)) return 0
  account.room.run(windTakes(account.room, market, taking))
  return account.collect().reduce((lots, change) => {
    return change.kind === 'fill' ? lots + (market.lotsOf(change.fill.base) ?? 0) : lots
  }, 0)
}

type Trade = { readonly side: Side; readonly ticks: number; readonly lots: number }

/** Who took beyond the bot's price would have met the bot first. */
function goThrough(paper: Paper, found: Found, { side, ticks, lots }: Trade): void {
  const { market, live } = found
  const beyond = side === 'sell' ? ticks + 1 : ticks - 1
  const mine = beyond < 1 ? 0 : inReach(paper, market, { side, ticks: beyond })
  const size = Math.min(lots, mine)
  const caught = size === 0 ? 0 : take(paper, market, { side, price: beyond, size })
  // All of it ended with the bot, so the market never traded there.
  if (caught === lots) return
  live.last = ticks
  const due = ordersIn(paper, market).filter((order) => isDue(order, ticks))
  if (due.length > 0) fire(paper, found)
}

/** The engine learns of the price, and what that triggers meets the live book. */
function fire(paper: Paper, { market, live }: Found): void {
  const { account } = paper
  const price = printing(paper, market, live.last)
  if (price === undefined) return
  account.room.runAll([...price, ...quotesOf(paper, { market, live })])
  account.room.run(seaLeaves(market))
  const fills = account.collect().flatMap((one) => (one.kind === 'fill' ? [one.fill] : []))
  useUp({ market, live }, fills)
}

/** A little between sea and wind; undefined when the bot's own orders are in the way. */
function printing(paper: Paper, market: Listed, ticks: number): CommandBody[] | undefined {
  const { room } = paper.account
  const side = (['sell', 'buy'] as const).find((one) => {
    return inReach(paper, market, { side: one, ticks }) === 0
  })
  if (side === undefined) return undefined
  const size = smallestLots(market, ticks)
  const other = side === 'sell' ? 'buy' : 'sell'
  return [
    seaOrder(room, market, { side: other, price: ticks, size }),
    windTakes(room, market, { side, price: ticks, size }),
  ]
}

function place(paper: Paper, found: Found, request: OrderRequest): PlaceAnswer {
  const { account } = paper
  if (!found.live.isKnown) return { kind: 'refused', code: 'order.no_reference' }
  if (request.triggerBy === 'mark') return { kind: 'refused', code: 'order.type_unsupported' }
  if (request.type !== undefined || request.takeProfitPrice !== undefined) {
    tellPrice(paper, found)
  }
  return used(
    found,
    account.place(request, (command) => inLiveBook(paper, found, command)),
  )
}

function amend(paper: Paper, found: Found, amended: Amended): PlaceAnswer {
  const { account } = paper
  if (!found.live.isKnown) return { kind: 'refused', code: 'order.no_reference' }
  if (amended.amendment.triggerPrice !== undefined) {
    tellPrice(paper, found)
  }
  return used(
    found,
    account.amend(amended, (command) => inLiveBook(paper, found, command)),
  )
}

/** Triggers are judged by a price that the engine must know. */
function tellPrice(paper: Paper, { market, live }: Found): void {
  paper.account.room.runAll(printing(paper, market, referenceOf(live)) ?? [])
  paper.account.collect()
}

/** The command meets the live book as it stands. */
function inLiveBook(paper: Paper, found: Found, command: CommandBody): string {
  const { room } = paper.account
  room.runAll(quotesOf(paper, found))
  const code = room.run(command)
  room.run(seaLeaves(found.market))
  return code
}

function used(found: Found, answer: PlaceAnswer): PlaceAnswer {
  if (answer.kind === 'accepted') useUp(found, answer.fills)
  return answer
}

/** The last live trade; before the first the middle of the book. */
function referenceOf({ last, sides }: Live): number {
  const [bid, ask] = [sides.buy.left()[0]?.ticks ?? 0, sides.sell.left()[0]?.ticks ?? 0]
  return last > 0 ? last : Math.round((bid + ask) / 2)
}

/** The live book in the engine, but for levels that are less than an order may be. */
function quotesOf(paper: Paper, { market, live }: Found): PlaceOrder[] {
  const { room } = paper.account
  return (['buy', 'sell'] as const).flatMap((side) =>
    live.sides[side]
      .left()
      .filter(({ ticks, lots }) => lots >= smallestLots(market, ticks))
      // What stands across the bot's orders is less than one; it would be taken for one that came.
      .filter(({ ticks }) => inReach(paper, market, { side, ticks }) === 0)
      .map(({ ticks, lots }) => seaOrder(room, market, { side, price: ticks, size: lots })),
  )
}

/** What the bot took is not there for it a second time. */
function useUp({ market, live }: Found, fills: readonly Fill[]): void {
  for (const { side, base, quote, liquidity } of fills) {
    const lots = market.lotsOf(base) ?? 0
    if (liquidity === 'maker' || lots === 0) continue
    const ticks = market.quote.unitsOf(quote) / (lots * market.quotePerTickLot)
    live.sides[side === 'buy' ? 'sell' : 'buy'].use(ticks, lots)
  }
}
