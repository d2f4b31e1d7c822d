// Market: one market of one venue, as a strategy reads and trades it.
//
// What is known is what the venue told last; a stale venue leaves nothing to read. Orders take
// numbers: sizes round down to the lot, prices to the passive side of the tick, and what is no
// number comes back refused with a code of `bot.`. What takes time (a target, protection, an
// executor) looks after itself and survives a restart.

import type {
  Fill,
  Instrument,
  Level,
  Order,
  OrderTerms,
  PoolSnapshot,
  Quantity,
  Quote,
  Side,
  TimeInForce,
} from '#connectors/venue.ts'
import type { Bars } from './bars/bars.ts'
import type {
  Bracket,
  Dca,
  Grid,
  Iceberg,
  Move,
  Protection,
  TripleBarrier,
  Twap,
  Vwap,
} from './executors/plans.ts'
import type { Size } from './sizes.ts'

export type Book = { readonly bids: readonly Level[]; readonly asks: readonly Level[] }

/** What changed in the visible book since it was told last; size '0' means gone. */
export type BookDelta = { readonly bids: readonly Level[]; readonly asks: readonly Level[] }

export type Trade = {
  /** Of who took. */
  readonly side: Side
  readonly price: number
  readonly size: number
  readonly at: number
}

/** What swaps did to a pool between two blocks that were told. */
export type PoolSwap = {
  /** 'buy': base coins left the pool. */
  readonly side: Side
  readonly base: number
  readonly quote: number
  readonly block: number
}

type Price = number | string

export type NewOrder = {
  readonly side: Side
  /** A text is sent as it is; a market buy may name `quote` coins instead. */
  readonly size?: Size | string
  readonly quote?: number | string
  /** Without it, and without a type, a market order. */
  readonly price?: Price
  /** Of stops and take-profits; 'limit', 'market' and brackets are told by their fields. */
  readonly type?: OrderTerms['type']
  /** Where it starts to work; of a bracket the stop. */
  readonly trigger?: Price
  readonly triggerBy?: 'last' | 'mark'
  /** The limit of the stop of an oco or a bracket; without it the stop is a market order. */
  readonly stopPrice?: Price
  /** Makes a buy the entry of a bracket. */
  readonly takeProfit?: Price
  /** What an iceberg shows. */
  readonly display?: Size | string
  /** How far a trailing stop follows: in quote coins, or in basis points. */
  readonly trail?: Price
  readonly trailBps?: number
  /** GTC when nothing is said, IOC for market orders, GTD with `expireAt`. */
  readonly timeInForce?: TimeInForce
  /** Microseconds. */
  readonly expireAt?: number
  readonly postOnly?: boolean
  /** A post-only order that would take moves behind the best price instead. */
  readonly slide?: boolean
  /** A sale of at most what is there. */
  readonly reduceOnly?: boolean
  readonly selfTrade?: OrderTerms['selfTrade']
  /** 'received': a buy pays its fee in the coins it got, and the position is so much smaller. */
  readonly feeIn?: OrderTerms['feeIn']
  /**
   * Of `quote` coins at most, on the venue of all pools: an arbitrage between them, in one
   * transaction that gains this much after its gas or nothing. Told as a sale of no base coins.
   */
  readonly minProfit?: number | string
  /** The state is saved before the order leaves. */
  readonly saved?: boolean
}

/** What of an order is changed; the rest stays. */
export type OrderChange = {
  /** Of the whole order, what it has traded already included. */
  readonly size?: Size | string
  readonly price?: Price
  readonly trigger?: Price
}

/** An order that the venue has not called final yet. */
export type OpenOrder = {
  readonly clientOrderId: string
  readonly side: Side
  /** Quantity and price as they were asked for last, also while that is under way. */
  readonly quantity: Quantity
  readonly price: string | undefined
  readonly order: Order | undefined
}

/** Bought less sold by this bot, counted from its own orders. */
export type Position = {
  /** Base coins, below 0 when more was sold than bought. */
  readonly size: number
  /** Average price of what makes it; 0 when there is none. */
  readonly entry: number
  /** Of what was closed since it was opened, before fees, in quote coins. */
  readonly realised: number
  readonly openedAt: number
  /** From its first fill until less than a lot is left: dust is a size and no position. */
  readonly isOpen: boolean
  /** Looks after it until it is closed: replaces what protected it before. */
  protect(protection: Protection): ExecutorHandle
}

export type ClosedPosition = {
  readonly side: Side
  /** Before fees, in quote coins. */
  readonly realised: number
  readonly openedAt: number
  readonly closedAt: number
  /** Base coins that are less than a lot: carried into the next position. */
  readonly dust: number
}

export type ExecutorHandle = {
  readonly id: string
  /** Takes its orders back and ends it; what it has traded stays. */
  cancel(): void
}

export type Market = {
  readonly venue: string
  readonly symbol: string
  readonly instrument: Instrument
  /** What is known now; undefined while the venue has told nothing or it is stale. */
  book(): Book | undefined
  pool(): PoolSnapshot | undefined
  /** The middle of the book, else of the pool, else the last price told. */
  price(): number | undefined
  /** Available and held together; 0 when the venue has told nothing. */
  balance(asset: string): number
  orders(): readonly OpenOrder[]
  position(): Position
  /** Base coins; undefined when it cannot be priced. */
  sizeOf(size: Size): number | undefined

  /** Bars of any length from 1 s: declared in setup. */
  bars(interval: string): Bars
  onTrade(handler: (trade: Trade) => void): void
  onBook(handler: (book: Book) => void): void
  onDelta(handler: (delta: BookDelta) => void): void
  onPool(handler: (pool: PoolSnapshot) => void): void
  onSwap(handler: (swap: PoolSwap) => void): void
  onPrice(handler: (price: number) => void): void
  /** What was told does not hold any more. */
  onStale(handler: () => void): void
  onFill(handler: (fill: Fill) => void): void
  onOrder(handler: (order: Order) => void): void
  /** From nothing to something; told once, with the first fill. */
  onOpened(handler: (position: Position) => void): void
  onClosed(handler: (closed: ClosedPosition) => void): void
  /** Asks the venue what an order would give; the answer is an event. */
  quote(of: { readonly side: Side; readonly size: Size }, handler: (quote: Quote) => void): void

  /** Answers the order's id; what became of it comes as an order event. */
  place(order: NewOrder): string
  /**
   * Changes an order where it stands: a smaller size keeps its turn in the queue. What became of it
   * comes as an order event; one that was refused is still open, as it was, and has a code. Nothing
   * for an order that is over or being cancelled.
   */
  amend(clientOrderId: string, change: OrderChange): void
  cancel(clientOrderId: string): void
  /** The bot's own orders here that are not final. */
  cancelAll(): void
  /** Asks what became of an order of an earlier run; the answer comes as an order event. */
  recover(clientOrderId: string): void

  /**
   * Brings the position to a size (below 0: short) and ends; replaces the target before. In a bot
   * that is paused it waits.
   */
  target(size: Size, how?: Move): ExecutorHandle
  /** Takes every order of the bot here back, and then closes the position; also when paused. */
  flatten(how?: Move): ExecutorHandle
  twap(order: Twap): ExecutorHandle
  vwap(order: Vwap): ExecutorHandle
  iceberg(order: Iceberg): ExecutorHandle
  bracket(order: Bracket): ExecutorHandle
  tripleBarrier(order: TripleBarrier): ExecutorHandle
  dca(plan: Dca): ExecutorHandle
  grid(plan: Grid): ExecutorHandle
}
