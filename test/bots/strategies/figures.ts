// Figures of a run: what a strategy of the box has earned, lost in between and paid.
//
// Everything is counted from fills and closes, with coins at the close of each bar; fees are in.

import { type TestOptions, type TestResult, testStrategy } from '#bots/backtest/test-strategy.ts'
import type { Strategy } from '#bots/strategy.ts'
import type { Bar, Fill } from '#connectors/venue.ts'

export type Figures = {
  readonly profit: number
  /** The most it was below its best, at a close. */
  readonly drawdown: number
  readonly fills: number
  readonly fees: number
  /** The most money that was in the market at a close. */
  readonly most: number
}

export const FUNDS = { USDC: '10000' }

export function figuresOf(fills: readonly Fill[], bars: readonly Bar[]): Figures {
  let [cash, base, peak, drawdown, most, fees, next] = [0, 0, 0, 0, 0, 0, 0]
  let profit = 0
  const lengthUs = (bars[1]?.openAt ?? 0) - (bars[0]?.openAt ?? 0)
  for (const { openAt, close } of bars) {
    for (let fill = fills[next]; fill !== undefined && fill.at < openAt + lengthUs; next += 1) {
      const sign = fill.side === 'buy' ? 1 : -1
      base += sign * Number(fill.base)
      cash -= sign * Number(fill.quote) + Number(fill.fee.amount)
      fees += Number(fill.fee.amount)
      fill = fills[next + 1]
    }
    profit = cash + base * close
    peak = Math.max(peak, profit)
    drawdown = Math.max(drawdown, peak - profit)
    most = Math.max(most, Math.abs(base * close))
  }
  return { profit, drawdown, fills: fills.length, fees, most }
}

export type Run = TestResult & { readonly figures: Figures }

export function run(strategy: Strategy, options: TestOptions): Run {
  const result = testStrategy(strategy, { balances: FUNDS, ...options })
  return { ...result, figures: figuresOf(result.fills, options.bars) }
}

/** The same bars with a restart after some of them: the exchange forgot the orders that rested. */
export function runTwice(strategy: Strategy, options: TestOptions, at: number): Run {
  const { bars, history = [] } = options
  const first = testStrategy(strategy, { balances: FUNDS, ...options, bars: bars.slice(0, at) })
  const own = Object.entries(first.balances).map(([asset, sum]) => [asset, sum.toFixed(4)])
  const second = testStrategy(strategy, {
    ...{ ...options, bars: bars.slice(at), history: [...history, ...bars.slice(0, at)] },
    ...{ balances: Object.fromEntries(own), saved: first.saved ?? {} },
  })
  const fills = [...first.fills, ...second.fills]
  const notes = [...first.notes, ...second.notes]
  return { ...second, fills, notes, figures: figuresOf(fills, bars) }
}
