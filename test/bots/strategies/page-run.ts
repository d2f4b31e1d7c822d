// Page run: what a page of docs/strategies says of a run, carried out.
//
// The line above the table says bars, length, history and parameters; each row names a market.

import type { Strategy } from '#bots/strategy.ts'
import { type Figures, run } from './figures.ts'
import { bars, type MarketName, type MarketOptions } from './markets.ts'

export type PageRun = {
  readonly count: number
  readonly interval: MarketOptions['interval']
  readonly history: number
  readonly params: Readonly<Record<string, unknown>>
  readonly markets: readonly MarketName[]
}

const RUN =
  /^([\d,]+) bars of `(\w+)` after ([\d,]+) of history, parameters (as they stand|`(\{.*\})`):$/m
const ROW = /^\| (rising|falling|sideways|waves|bursts|choppy) \|.*$/gm
const BOTH = { USDC: '10000', ETH: '5' }

export const HEAD = `| market | profit | most lost | fills | fees | most held |
|---|---|---|---|---|---|`

/** Undefined for a page without a run. */
export function readRun(page: string): PageRun | undefined {
  const [, count = '', interval, history = '', , params = '{}'] = RUN.exec(page) ?? []
  if (interval === undefined) return undefined
  return {
    ...{ count: numberOf(count), history: numberOf(history), params: JSON.parse(params) },
    interval: interval as MarketOptions['interval'], // Another one makes no bars.
    markets: [...page.matchAll(ROW)].map(([, market]) => market as MarketName), // By the pattern.
  }
}

function numberOf(text: string): number {
  return Number(text.replaceAll(',', ''))
}

/** The rows as they should be. */
export function carryOut(strategy: Strategy, page: PageRun): string {
  const { count, interval, history, params, markets } = page
  const rows = markets.map((market) => {
    const all = bars(market, { count: history + count, interval })
    const own = { bars: all.slice(history), history: all.slice(0, history), balances: BOTH }
    const { figures } = run(strategy, { ...own, interval, params })
    return rowOf(market, figures)
  })
  return [HEAD, ...rows].join('\n')
}

function rowOf(market: string, { profit, drawdown, fills, fees, most }: Figures): string {
  const money = (value: number) => Number(value.toFixed(2)).toFixed(2)
  const columns = [money(profit), money(drawdown), fills, money(fees), most.toFixed(0)]
  return `| ${[market, ...columns].join(' | ')} |`
}
