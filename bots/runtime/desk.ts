// Desk: what a strategy process has in its hands, shared by everything that handles an event.
//
// What must survive is in `kept` and nowhere else: balances, books and bars are told anew after a
// start, and an answer to a quote that was asked before a crash is lost.

import type { Fill, MarketUpdate, Order, Quote } from '#connectors/venue.ts'
import type { ArbitrageLegs } from '../executors/arbitrage.ts'
import type { EndedOrder, Traded } from '../executors/executor.ts'
import type { ClosedPosition, ExecutorHandle, Market, OpenOrder, Position } from '../market.ts'
import type { Pricing } from '../sizes.ts'
import type { EndedExecutor, RunningExecutor } from '../strategy.ts'
import type { BarFeed } from './bar-feed.ts'
import type { Action, Start } from './channel.ts'
import type { Kept, KeptOrder } from './kept.ts'
import type { Turn } from './strategy-turn.ts'

export type Desk = {
  readonly start: Start
  readonly turn: Turn
  readonly kept: Kept
  /** By 'venue:SYMBOL'. */
  readonly views: Map<string, MarketView>
  /** Available and held together, by venue and asset. */
  readonly balances: Map<string, Map<string, number>>
  /** Orders and amends that were refused before they left: handled before the event is answered. */
  readonly refused: {
    readonly venue: string
    readonly order: Order
    /** Of an order that goes on as it was. */
    readonly isAmend?: boolean
  }[]
  /** Orders of an earlier run whose end is not known yet. */
  readonly recovering: Set<string>
  readonly quotes: Map<number, (quote: Quote) => void>
  /** History is there, and the strategy may act. */
  isReady: boolean
  quoteCount: number
}

export type MarketView = {
  readonly market: Market
  readonly feed: BarFeed
  update(update: MarketUpdate): void
  /** An order has just been placed. */
  opened(order: OpenOrder): void
  /** It was asked to be, or is, something else now. */
  amended(order: Pick<OpenOrder, 'clientOrderId' | 'quantity' | 'price'>): void
  order(order: Order): void
  fill(fill: Fill): void
  positionOpened(): void
  positionClosed(closed: ClosedPosition): void
}

export type Executors = {
  /** What a market offers of them. */
  ofMarket(view: () => MarketView, reference: string): MarketExecutors
  arbitrage(legs: ArbitrageLegs): ExecutorHandle | undefined
  positionIn(view: MarketView): Position
  running(): readonly RunningExecutor[]
  onEnded(handler: (ended: EndedExecutor) => void): void
  traded(order: KeptOrder, traded: Traded): void
  ended(order: KeptOrder, ended: EndedOrder): void
  /** Lets each of them look and act. */
  step(): void
}

export type MarketExecutors = Pick<
  Market,
  'target' | 'flatten' | 'twap' | 'vwap' | 'iceberg' | 'bracket' | 'tripleBarrier' | 'dca' | 'grid'
>

export function say(desk: Desk, action: Action): void {
  desk.turn.actions.push(action)
}

/** Unique over all starts of the bot; what a lost event made is made again with the same id. */
export function nextId({ start, kept }: Desk): string {
  kept.idCount += 1
  return start.idPrefix + kept.idCount.toString(36)
}

/** What sizes in this market are made with. */
export function pricingOf(desk: Desk, venue: string, view: MarketView): Pricing {
  const { quote } = view.market.instrument
  return { price: view.market.price(), equity: equityOf(desk, venue, quote) }
}

/** Everything at a venue in one asset; assets without a price there count nothing. */
export function equityOf(desk: Desk, venue: string, quote: string): number | undefined {
  const balances = desk.balances.get(venue)
  if (balances === undefined) return undefined
  let sum = 0
  for (const [asset, amount] of balances) {
    sum += amount * (asset === quote ? 1 : (priceOf(desk, asset, quote) ?? 0))
  }
  return sum
}

function priceOf({ views }: Desk, base: string, quote: string): number | undefined {
  for (const { market } of views.values()) {
    const { instrument } = market
    const price = instrument.base === base && instrument.quote === quote ? market.price() : 0
    if (price !== undefined && price > 0) return price
  }
  return undefined
}
