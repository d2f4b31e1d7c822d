// Running candles: the open candle of every interval of one market.
//
// Each is the exact fold of the trades that fell into it. What is finished is forgotten here: the
// database has it. A candle appears with its first trade; empty intervals have none.

import type { CandleRow, TradeRow } from '../history-rows.ts'
import { INTERVAL_NAMES, INTERVALS, type Interval, openOf } from '../interval.ts'
import { boundedSum } from './ticker.ts'

export type RunningCandles = {
  add(trade: TradeRow, notional: number): void
  /** A candle from the database that trades may still join. */
  seed(interval: Interval, candle: CandleRow): void
  /** The latest candle of an interval; it may be over. Undefined before the first trade. */
  read(interval: Interval): CandleRow | undefined
}

type Running = { -readonly [Key in keyof CandleRow]: CandleRow[Key] }

export function createRunningCandles(): RunningCandles {
  const running = new Map<Interval, Running>()
  return {
    add: (trade, notional) => {
      for (const interval of INTERVAL_NAMES) {
        const openAt = openOf(trade.at, INTERVALS[interval])
        const candle = running.get(interval)
        if (candle?.openAt === openAt) joinTrade(candle, trade, notional)
        else running.set(interval, firstTrade(trade, openAt, notional))
      }
    },
    seed: (interval, candle) => {
      running.set(interval, { ...candle })
    },
    read: (interval) => running.get(interval),
  }
}

/** The candle that a trade opens. */
export function firstTrade(trade: TradeRow, openAt: number, notional: number): Running {
  const { market, price, size } = trade
  const prices = { open: price, high: price, low: price, close: price }
  return { market, openAt, ...prices, volume: size, quoteVolume: notional, trades: 1 }
}

/** Adds a trade to the candle it falls into. */
export function joinTrade(candle: Running, trade: TradeRow, notional: number): void {
  candle.high = Math.max(candle.high, trade.price)
  candle.low = Math.min(candle.low, trade.price)
  candle.close = trade.price
  candle.volume = boundedSum(candle.volume, trade.size)
  candle.quoteVolume = boundedSum(candle.quoteVolume, notional)
  candle.trades += 1
}
