// Arbitrage outcome: what a finished arbitrage earned, and why when it lost.
//
// Realised is expected less three shortfalls: of the pool's leg, of the book's leg, of gas.
// Expected is above zero, so whoever lost has a shortfall above zero, and the greatest one is the
// cause: a loss without a cause cannot be.

import type { Side } from '#connectors/venue.ts'

export type Trade = {
  /** Of the pool's leg. */
  readonly side: Side
  readonly base: string
  /** 'uniswap-v3:BTC-USDC-500'; a record of an earlier release has none and means V2. */
  readonly pool?: string
  /** Sent to all pools together and not to that one; a record of an earlier release was not. */
  readonly isRouted?: boolean
  readonly poolId: string
  /** Of the newest order of the book's leg. */
  bookId: string
  phase: 'pool' | 'book' | 'hedge'
  /** Orders of the book's leg so far. */
  attempts: number
  /** Quote coins, fees inside. */
  readonly expected: {
    readonly poolQuote: number
    readonly bookQuote: number
    readonly gas: number
    readonly edge: number
    /** The worst level the book's leg was to reach. */
    readonly bookPrice: number
  }
  poolBase: number
  poolQuote: number
  bookBase: number
  bookQuote: number
  gasQuote: number
  txHash: string | null
}

/** Quote coins; what the book's leg lacks (less than a lot) counts at `price`. */
export function realisedOf(trade: Trade, price: number): number {
  const rest = (trade.poolBase - trade.bookBase) * price
  const bookQuote = trade.bookQuote + rest
  const gross = trade.side === 'buy' ? bookQuote - trade.poolQuote : trade.poolQuote - bookQuote
  return gross - trade.gasQuote
}

/** Of an arbitrage that lost. More than two orders for one leg: it had failed. */
export function lossCause(trade: Trade, price: number) {
  const sign = trade.side === 'buy' ? 1 : -1
  const { expected } = trade
  const bookQuote = trade.bookQuote + (trade.poolBase - trade.bookBase) * price
  const shortfalls = [
    { cause: 'pool moved', by: sign * (trade.poolQuote - expected.poolQuote) },
    {
      cause: trade.attempts > 2 ? 'leg failed' : 'book moved',
      by: sign * (expected.bookQuote - bookQuote),
    },
    { cause: 'gas', by: trade.gasQuote - expected.gas },
  ] as const
  return shortfalls.reduce((worst, one) => (one.by > worst.by ? one : worst)).cause
}
