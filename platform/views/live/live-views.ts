// Live views: what has been released, folded in memory; every route and the stream read it.
//
// It starts from the engine's image and follows the sequencer, synchronously at release, so that a
// reader never sees less than a reply said. INV-09 is checked on every number that passes by.
// Nothing here waits, and nothing is computed for listeners that are not there.

import * as peek from '#engine/codec/peek.ts'
import { type Cells, cellCount, decodeEvent } from '#engine/codec.ts'
import type { BalanceRow, EngineImage } from '#engine/image.ts'
import { assert } from '#kernel/assert.ts'
import type { AccountId, AssetId, MarketId, OrderId } from '#kernel/ids.ts'
import type { EventBatch } from '#sequencer/port.ts'
import type { CandleRow, TradeRow } from '../history-rows.ts'
import type { Interval } from '../interval.ts'
import type { Listing } from '../listing.ts'
import type { MarketState } from '../market-state.ts'
import type { OrderRow } from '../order-row.ts'
import type { Level, LiveBook } from './book.ts'
import type { LiveListener } from './listeners.ts'
import type { AccountRow } from './live-accounts.ts'
import { foldEvent } from './live-fold.ts'
import type { LiveMarket, LiveMarkets } from './live-markets.ts'
import type { OrderFinder, OrderHead } from './live-orders.ts'
import { createLiveState } from './live-state.ts'
import type { LiveWithdrawal } from './live-withdrawals.ts'
import type { PrivateMessage } from './message-slots.ts'

export type AsOf = { readonly seq: number; readonly eventNo: number; readonly time: number }

export type BookView = {
  readonly number: number
  /** [price in ticks, size in lots], the best first. */
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
  readonly at: number
}

/** Prices in ticks, 0 for none; volume in lots and quote units. */
export type TickerView = {
  readonly bid: number
  readonly ask: number
  readonly last: number
  readonly open24h: number
  readonly high24h: number
  readonly low24h: number
  readonly volume24h: number
  readonly quoteVolume24h: number
}

export type LiveViews = {
  /** A follower of the sequencer; a batch holds whole commands. */
  apply(batch: EventBatch): void
  /** The last event that was applied. */
  asOf(): AsOf
  readonly listing: Listing
  account(id: AccountId): AccountRow | undefined
  /** The main account of a user. */
  accountOfUser(userId: string): AccountRow | undefined
  /** The main account and its sub-accounts, oldest first. */
  accountsOfOwner(owner: AccountId): readonly AccountRow[]
  balances(account: AccountId): readonly BalanceRow[]
  balance(account: AccountId, asset: AssetId): BalanceRow | undefined
  allBalances(): readonly BalanceRow[]
  book(market: MarketId, depth: number): BookView
  ticker(market: MarketId, now: number): TickerView
  /** Phase, prices of auctions, mark price, rules and fees. */
  marketState(market: MarketId): MarketState
  /** Ticks of the last trade; 0 before the first. */
  lastPrice(market: MarketId): number
  /** Newest first, ids below `before`; only the last RECENT_TRADES are kept. */
  trades(market: MarketId, limit: number, before?: number): readonly TradeRow[]
  /** The latest candle of an interval; it may be over. */
  candle(market: MarketId, interval: Interval): CandleRow | undefined
  order(id: OrderId): OrderRow | undefined
  orderByClientId(account: AccountId, clientOrderId: string): OrderRow | undefined
  /** The same orders, for those who need no more than what names them. */
  readonly orderHeads: OrderFinder<OrderHead>
  /** Open orders and finished ones that the projector has not passed, newest first. */
  ordersOf(account: AccountId): readonly OrderRow[]
  /** Open orders whose trigger was met. */
  triggeredOrders(): readonly OrderRow[]
  openOrderCount(): number
  withdrawal(id: OrderId): LiveWithdrawal | undefined
  /** Open withdrawals and final ones that the projector has not passed, newest first. */
  withdrawalsOf(account: AccountId): readonly LiveWithdrawal[]
  /** Neither settled nor failed, oldest first; signed ones with their raw transaction. */
  openWithdrawals(): readonly LiveWithdrawal[]
  chainInstance(): string
  /** The number of the account's last private message; 0 before the first. */
  accountSeq(account: AccountId): number
  /** Private messages from a number on; null when some are no longer kept. */
  messagesFrom(account: AccountId, accountSeq: number): readonly PrivateMessage[] | null
  /** Called synchronously with every change; returns how to stop. */
  listen(listener: LiveListener): () => void
  /** The database holds everything up to this event: finished orders before it may go. */
  forgetUpTo(eventNo: number): void
  /** What the image does not say of the time before it; see seed.ts. */
  seed(seeds: LiveSeeds): void
}

export type LiveSeeds = {
  /** Whole minutes of the last 24 h. */
  readonly minutes: readonly CandleRow[]
  /** The latest candle of each interval. */
  readonly running: readonly { readonly interval: Interval; readonly candle: CandleRow }[]
  /** Oldest first. */
  readonly trades: readonly TradeRow[]
  /** What the image does not say of them. */
  readonly triggered: readonly TriggeredRow[]
}
export type TriggeredRow = Pick<OrderRow, 'id' | 'price' | 'triggeredAt'>

/** Live views that stand where the engine's image stands. */
export function createLiveViews(image: EngineImage): LiveViews {
  const state = createLiveState(image)
  const { listing, accounts, markets, orders, withdrawals, window, listeners } = state
  const { seq, eventNo, time }: AsOf = image
  const at = { seq, eventNo, time }
  return {
    apply: ({ cells, from, to, lastSeq }) => {
      let cell = from
      const goesOn = () => tradesOn(cells, cell, to)
      for (; cell < to; cell += cellCount(cells, cell)) {
        const number = peek.eventNo(cells, cell)
        if (number !== at.eventNo + 1) assert(false, `INV-09: ${number} is not next`)
        foldEvent(state, cells, cell, goesOn)
        at.eventNo = number
        at.seq = peek.seq(cells, cell)
        at.time = peek.time(cells, cell)
      }
      at.seq = Math.max(at.seq, lastSeq)
    },
    asOf: () => ({ ...at }),
    listing,
    account: accounts.get,
    accountOfUser: accounts.ofUser,
    accountsOfOwner: accounts.ofOwner,
    balances: accounts.balances,
    balance: accounts.balance,
    allBalances: accounts.allBalances,
    book: (market, depth) => bookView(markets.get(market).book, depth),
    ticker: (market, now) => tickerView(markets.get(market), now),
    marketState: (market) => markets.get(market).state,
    lastPrice: (market) => markets.get(market).lastPrice,
    trades: (market, limit, before) => markets.get(market).trades.read(limit, before),
    candle: (market, interval) => markets.get(market).candles.read(interval),
    ...orders.rows,
    orderHeads: orders.heads,
    ordersOf: orders.ofAccount,
    triggeredOrders: orders.triggered,
    openOrderCount: orders.openCount,
    withdrawal: withdrawals.get,
    withdrawalsOf: withdrawals.ofAccount,
    openWithdrawals: withdrawals.open,
    chainInstance: () => state.chain.instance,
    accountSeq: window.lastSeq,
    messagesFrom: window.from,
    listen: listeners.add,
    forgetUpTo: (eventNo) => {
      orders.forgetUpTo(eventNo)
      withdrawals.forgetUpTo(eventNo)
    },
    seed: (seeds) => {
      seedMarkets(markets, seeds)
      for (const { id, ...known } of seeds.triggered) {
        const order = orders.rows.order(id)
        if (order !== undefined) orders.put({ ...order, ...known })
      }
    },
  }
}

/**
 * True when the command goes on to fill or cancel the taker of the fill at a cell. Only asked for
 * takers by quote amount, whose end no single event tells; the next event nearly always answers.
 */
function tradesOn(cells: Cells, cell: number, end: number): boolean {
  const fill = decodeEvent(cells, cell)
  if (fill.kind !== 'fill') return false
  let at = cell + cellCount(cells, cell)
  for (; at < end; at += cellCount(cells, at)) {
    const later = decodeEvent(cells, at)
    if (later.seq !== fill.seq || later.kind === 'balance') return false
    if (later.kind === 'fill') return true
    if (later.kind === 'cancelled' && later.orderId === fill.takerOrderId) return true
  }
  return false
}

function bookView(book: LiveBook, depth: number): BookView {
  const [bids, asks] = [book.levels('buy', depth), book.levels('sell', depth)]
  return { number: book.number(), bids, asks, at: book.at() }
}

function tickerView({ book, window, lastPrice }: LiveMarket, now: number): TickerView {
  const { open, high, low, volume, quoteVolume } = window.read(now)
  return {
    bid: book.best('buy'),
    ask: book.best('sell'),
    last: lastPrice,
    open24h: open,
    high24h: high,
    low24h: low,
    volume24h: volume,
    quoteVolume24h: quoteVolume,
  }
}

function seedMarkets(markets: LiveMarkets, seeds: LiveSeeds): void {
  for (const minute of seeds.minutes) markets.get(minute.market).window.seed(minute)
  for (const { interval, candle } of seeds.running) {
    markets.get(candle.market).candles.seed(interval, candle)
  }
  for (const trade of seeds.trades) markets.get(trade.market).trades.add(trade)
}
