// Ticker: what a market traded during the last 24 hours, from buckets of one minute.
//
// The window moves by whole minutes: it holds the running minute and the 1,439 before it. Sums
// stop at 2^53 - 1 rather than lose digits. Backfilled candles are not trades and never count.

import { SAFE_MAX } from '#kernel/amount.ts'
import { MINUTE_US } from '#kernel/time.ts'
import type { CandleRow, TradeRow } from '../history-rows.ts'
import { DAY_US, openOf } from '../interval.ts'

export type Ticker = {
  /** Ticks; 0 when nothing traded in the window. */
  readonly open: number
  readonly high: number
  readonly low: number
  /** Lots and quote units. */
  readonly volume: number
  readonly quoteVolume: number
}

export type TickerWindow = {
  add(trade: TradeRow, notional: number): void
  /** A minute from the database, as far as it is traded; replaces what is there. */
  seed(candle: CandleRow): void
  read(now: number): Ticker
}

const BUCKETS = DAY_US / MINUTE_US
const NOTHING: Ticker = { open: 0, high: 0, low: 0, volume: 0, quoteVolume: 0 }

type Bucket = { openAt: number } & { -readonly [Key in keyof Ticker]: Ticker[Key] }

export function createTickerWindow(): TickerWindow {
  const ring: Bucket[] = []
  const bucketOf = (openAt: number, price: number): Bucket => {
    const place = (openAt / MINUTE_US) % BUCKETS
    const found = ring[place]
    if (found?.openAt === openAt) return found
    const fresh = { openAt, open: price, high: price, low: price, volume: 0, quoteVolume: 0 }
    ring[place] = fresh
    return fresh
  }
  return {
    add: ({ at, price, size }, notional) => {
      const bucket = bucketOf(openOf(at, MINUTE_US), price)
      widen(bucket, { open: price, high: price, low: price, volume: size, quoteVolume: notional })
    },
    seed: ({ openAt, open, high, low, volume, quoteVolume }) => {
      const bucket = { openAt, open, high, low, volume, quoteVolume }
      ring[(openAt / MINUTE_US) % BUCKETS] = bucket
    },
    read: (now) => {
      const since = openOf(now, MINUTE_US) - DAY_US
      const inside = ring.filter((bucket) => bucket !== undefined && bucket.openAt > since)
      return inside.sort((a, b) => a.openAt - b.openAt).reduce<Ticker>(joined, NOTHING)
    },
  }
}

/** A sum that stops at 2^53 - 1. */
export function boundedSum(a: number, b: number): number {
  return Math.min(SAFE_MAX, a + b)
}

function widen(bucket: Bucket, more: Ticker): void {
  bucket.high = Math.max(bucket.high, more.high)
  bucket.low = Math.min(bucket.low, more.low)
  bucket.volume = boundedSum(bucket.volume, more.volume)
  bucket.quoteVolume = boundedSum(bucket.quoteVolume, more.quoteVolume)
}

function joined(sum: Ticker, next: Ticker): Ticker {
  return {
    open: sum.open === 0 ? next.open : sum.open,
    high: Math.max(sum.high, next.high),
    low: sum.low === 0 ? next.low : Math.min(sum.low, next.low),
    volume: boundedSum(sum.volume, next.volume),
    quoteVolume: boundedSum(sum.quoteVolume, next.quoteVolume),
  }
}
