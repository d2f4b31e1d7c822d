// Venue: one shape for everything a bot can look at or trade on.
//
// A read-only venue has no place to send an order, so nothing has to pretend: `trading` is
// undefined. Money and prices are decimal strings at this edge; bars and indicators are floats.
// Every mutation carries the caller's id, asking again with it gives the same answer, and every
// mutation may answer `unknown`: then the caller asks `order(id)` until it knows, and never sends
// the same under a new id.

export type Side = 'buy' | 'sell'

export type Instrument = {
  /** As on the venue: 'ETH-USDC'. */
  readonly symbol: string
  readonly base: string
  readonly quote: string
  readonly kind: 'order-book' | 'pool' | 'reference'
  /** Smallest steps of price and size as decimals. */
  readonly tick: string
  readonly lot: string
  /** What a taker pays, as a fraction: '0.003'. */
  readonly takerFee: string
  readonly makerFee: string
  /** The smallest price times size of an order, where the venue has one. */
  readonly minNotional?: string
}

export type Level = { readonly price: string; readonly size: string }

export type Bar = {
  readonly openAt: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/** What subscribers are told. `at` is in microseconds, by the venue's own clock. */
export type MarketUpdate =
  /** The whole visible book, best first. */
  | {
      readonly kind: 'book'
      readonly symbol: string
      readonly bids: readonly Level[]
      readonly asks: readonly Level[]
      readonly at: number
    }
  | {
      readonly kind: 'trade'
      readonly symbol: string
      readonly side: Side
      readonly price: string
      readonly size: string
      readonly at: number
    }
  /** A constant product pool after a block. */
  | ({ readonly kind: 'pool'; readonly symbol: string } & PoolSnapshot)
  /** A price without liquidity behind it. */
  | {
      readonly kind: 'price'
      readonly symbol: string
      readonly price: string
      readonly at: number
    }
  | {
      readonly kind: 'bar'
      readonly symbol: string
      readonly interval: string
      readonly bar: Bar
    }
  /** Nothing told before holds any more, until the next update. */
  | { readonly kind: 'stale'; readonly symbol: string; readonly reason: string }

export type PoolSnapshot = {
  /** Smallest units as integers in decimal, for exact maths; with their decimals. */
  readonly reserveBase: string
  readonly reserveQuote: string
  readonly baseDecimals: number
  readonly quoteDecimals: number
  /** The share of the input that takes part in a swap: '997', '1000'. */
  readonly feeNumerator: string
  readonly feeDenominator: string
  readonly block: number
  readonly at: number
}

/** How much: of the base asset, or of the quote asset. */
export type Quantity =
  | { readonly in: 'base'; readonly amount: string }
  | { readonly in: 'quote'; readonly amount: string }

export type QuoteRequest = {
  readonly symbol: string
  readonly side: Side
  readonly quantity: Quantity
}

/** What an order would give now, fees of the venue included, without any promise. */
export type Quote =
  | {
      readonly kind: 'quote'
      readonly base: string
      readonly quote: string
      readonly at: number
      /** The pools that it would go through, in their order. */
      readonly route?: readonly string[]
      /** What the chain would take beside it, at present prices; with what an order sends first. */
      readonly gas?: { readonly asset: string; readonly amount: string }
    }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** What makes an order more than a limit or market order; venues refuse what they do not have. */
export type OrderTerms = {
  /** Without it a limit order when there is a limit price, else a market order. */
  readonly type?:
    | 'stop'
    | 'stop-limit'
    | 'take-profit'
    | 'take-profit-limit'
    | 'trailing-stop'
    | 'oco'
  readonly triggerPrice?: string
  /** 'last' when nothing is said. */
  readonly triggerBy?: 'last' | 'mark'
  /** The limit of the stop of an oco or a bracket. */
  readonly stopPrice?: string
  /** Makes a limit or market buy the entry of a bracket. */
  readonly takeProfitPrice?: string
  /** What an iceberg shows. */
  readonly displaySize?: string
  /** How far a trailing stop follows: a price difference, or basis points. */
  readonly trail?: string
  readonly trailBps?: number
  /** Microseconds: when a GTD order ends. */
  readonly expireAt?: number
  readonly reduceOnly?: boolean
  /** A post-only order that would take moves behind the best price instead. */
  readonly slide?: boolean
  readonly selfTrade?: 'cancel-taker' | 'cancel-maker' | 'cancel-both' | 'decrement'
  /** The quote asset when nothing is said; a buyer may pay in the coins that were bought. */
  readonly feeIn?: 'quote' | 'received'
  /**
   * Pools only: makes a sale of no base coins an arbitrage between pools, in one transaction that
   * reverts unless it gains this much after its gas. The quantity is the most that goes in.
   */
  readonly minProfit?: string
}

export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'GTD' | 'DAY'

export type OrderRequest = OrderTerms & {
  /** The caller's id: 1 to 36 characters of [A-Za-z0-9._:-]. */
  readonly clientOrderId: string
  /** Microseconds; a retry repeats it. */
  readonly sentAt: number
  readonly symbol: string
  readonly side: Side
  readonly quantity: Quantity
  /** The worst average price, fees of a pool included; without it a market order. */
  readonly limitPrice?: string
  readonly timeInForce: TimeInForce
  readonly postOnly?: boolean
  /** Pools only: seconds by the chain's clock within which the swap must be mined. */
  readonly deadlineSeconds?: number
  readonly stays?: Stays
}

/**
 * How long an order may rest without its sender, where the venue can tell: until the connection
 * ends, until the dead-man timer goes off (when nothing is said), or until somebody ends it.
 */
export type Stays = 'connected' | 'alive' | 'always'

export type OrderState = 'open' | 'filled' | 'cancelled' | 'refused' | 'failed'

export type Order = {
  readonly clientOrderId: string
  /** The venue's own id: an order number, a transaction hash. */
  readonly venueOrderId: string | undefined
  readonly symbol: string
  readonly side: Side
  readonly state: OrderState
  readonly filledBase: string
  readonly filledQuote: string
  /** A stable code when refused or failed: 'funds.insufficient', 'swap.slippage'. */
  readonly code?: string
  /** As the venue has them now, where it says: base coins as ordered, filled ones included. */
  readonly size?: string
  readonly limitPrice?: string
  readonly triggerPrice?: string
  /** Microseconds by the venue's clock: of two words about an order the later one counts. */
  readonly updatedAt?: number
}

/** What of an open order is changed; the rest stays. */
export type Amendment = {
  /** Base coins of the whole order, filled ones included. */
  readonly size?: string
  readonly limitPrice?: string
  readonly triggerPrice?: string
}

export type Fill = {
  readonly fillId: string
  readonly clientOrderId: string
  readonly symbol: string
  readonly side: Side
  readonly base: string
  readonly quote: string
  readonly fee: { readonly asset: string; readonly amount: string }
  /** What the chain took beside the fee; undefined where there is no chain. */
  readonly gas?: { readonly asset: string; readonly amount: string }
  readonly liquidity: 'maker' | 'taker'
  readonly at: number
}

export type Unknown = { readonly kind: 'unknown'; readonly reason: string }
export type Refused = { readonly kind: 'refused'; readonly code: string; readonly detail?: string }

export type PlaceAnswer =
  | { readonly kind: 'accepted'; readonly order: Order; readonly fills: readonly Fill[] }
  | Refused
  | Unknown

/** Cancelling what is final answers its final state. */
export type CancelAnswer = { readonly kind: 'done'; readonly order: Order } | Refused | Unknown

/** Unavailable venues answer `unknown` to questions, too. */
export type Answer<T> = { readonly kind: 'ok'; readonly value: T } | Unknown

export type Balance = {
  readonly asset: string
  readonly available: string
  readonly held: string
}

export type Trading = {
  place(request: OrderRequest): Promise<PlaceAnswer>
  cancel(clientOrderId: string): Promise<CancelAnswer>
  /**
   * Changes an open order in place: a smaller size keeps its turn. Asked again it changes nothing
   * more. Undefined for venues that cannot; nothing cancels and places in its stead.
   */
  readonly amend?: (clientOrderId: string, amendment: Amendment) => Promise<PlaceAnswer>
  /** One order by the caller's id; undefined when the venue has never seen it. */
  order(clientOrderId: string): Promise<Answer<Order | undefined>>
  /** The orders that are not final. */
  orders(symbol: string): Promise<Answer<readonly Order[]>>
  /** Fills after the given fill id, oldest first. */
  fills(after: string | undefined): Promise<Answer<readonly Fill[]>>
  balances(): Promise<Answer<readonly Balance[]>>
  /**
   * Unless asked again within so long, orders that do not always stay are cancelled; 0 ends it.
   * Undefined for venues without a dead-man timer.
   */
  readonly cancelAfter?: (ms: number) => Promise<Answer<null>>
}

export type HistoryRequest = {
  readonly symbol: string
  /** Microseconds of a bar. */
  readonly lengthUs: number
  /** Bars of that length that are wanted. */
  readonly count: number
}

/** Bars that are over, oldest first, of the longest length that the wanted one is made of. */
export type History = { readonly lengthUs: number; readonly bars: readonly Bar[] }

export type Venue = {
  readonly name: string
  instruments(): Promise<readonly Instrument[]>
  /** Answers how to end it; the listener must not throw. */
  subscribe(symbol: string, listener: (update: MarketUpdate) => void): () => void
  quote(request: QuoteRequest): Promise<Quote>
  /** Undefined for venues that keep none. */
  readonly history?: (request: HistoryRequest) => Promise<Answer<History>>
  /** Undefined for venues that only tell prices. */
  readonly trading: Trading | undefined
  close(): Promise<void>
}
