// Market known: what a venue has told of one market last, and what changed with it.
//
// A stale venue leaves nothing: old books and prices are forgotten, not served. Deltas and swaps
// are the difference between two pictures, so they are exact for what was told and say nothing of
// what happened in between and was undone.

import type { Level, MarketUpdate, PoolSnapshot } from '#connectors/venue.ts'
import type { Book, BookDelta, PoolSwap } from '../market.ts'

export type Known = {
  book: Book | undefined
  pool: PoolSnapshot | undefined
  /** Of a price, a trade or a bar. */
  last: number | undefined
}

export function nothingKnown(): Known {
  return { book: undefined, pool: undefined, last: undefined }
}

export function forget(known: Known): void {
  known.book = known.pool = known.last = undefined
}

export function remember(known: Known, update: MarketUpdate): void {
  if (update.kind === 'book') known.book = { bids: update.bids, asks: update.asks }
  else if (update.kind === 'pool') known.pool = update
  else if (update.kind === 'price' || update.kind === 'trade') known.last = Number(update.price)
  else if (update.kind === 'bar') known.last = update.bar.close
  else forget(known)
}

/** The middle of the book, else of the pool, else the last price told. */
export function priceOf({ book, pool, last }: Known): number | undefined {
  const [bid, ask] = [Number(book?.bids[0]?.price), Number(book?.asks[0]?.price)]
  if (bid > 0 && ask > 0) return (bid + ask) / 2
  if (pool !== undefined) return poolPrice(pool)
  return last
}

function poolPrice({ reserveBase, reserveQuote, baseDecimals, quoteDecimals }: PoolSnapshot) {
  const [base, quote] = [Number(reserveBase), Number(reserveQuote)]
  return base > 0 ? (quote / base) * 10 ** (baseDecimals - quoteDecimals) : undefined
}

/** Levels that are new or have another size; size '0' for those that are gone. */
export function deltaOf(before: Book | undefined, now: Book): BookDelta {
  return {
    bids: changed(before?.bids ?? [], now.bids),
    asks: changed(before?.asks ?? [], now.asks),
  }
}

function changed(before: readonly Level[], now: readonly Level[]): Level[] {
  const sizes = new Map(before.map(({ price, size }) => [price, size]))
  const levels = now.filter(({ price, size }) => sizes.get(price) !== size)
  const left = new Set(now.map(({ price }) => price))
  const gone = before.filter(({ price }) => !left.has(price))
  return [...levels, ...gone.map(({ price }) => ({ price, size: '0' }))]
}

/** Undefined when nothing was swapped: reserves that move the same way are liquidity. */
export function swapOf(before: PoolSnapshot | undefined, now: PoolSnapshot): PoolSwap | undefined {
  if (before === undefined) return undefined
  const base = BigInt(now.reserveBase) - BigInt(before.reserveBase)
  const quote = BigInt(now.reserveQuote) - BigInt(before.reserveQuote)
  if (base === 0n || quote === 0n || base > 0n === quote > 0n) return undefined
  return {
    side: base < 0n ? 'buy' : 'sell',
    base: Math.abs(Number(base)) / 10 ** now.baseDecimals,
    quote: Math.abs(Number(quote)) / 10 ** now.quoteDecimals,
    block: now.block,
  }
}
