// The demo's reference prices: which series each market follows and where it stands.
//
// BTC and GBP follow a recorded week, ETH a seeded synthetic one; `--prices MARKET=FILE.csv` puts
// another file in a market's place. The position is saved once a second and goes on after a
// restart.

import { fileURLToPath } from 'node:url'

import type { Pool } from 'pg'

import type { Bar } from '#connectors/reference/bar.ts'
import { readBars } from '#connectors/reference/csv.ts'
import { createSeries, type Series } from '#connectors/reference/series.ts'
import { synthesiseBars } from '#connectors/reference/synthetic.ts'
import { StartError } from '#kernel/start-error.ts'
import { MARKETS } from './genesis.ts'

export type PriceSource =
  | { readonly kind: 'csv'; readonly path: string }
  | {
      readonly kind: 'synthetic'
      readonly seed: number
      readonly count: number
      readonly startPrice: number
      readonly volatility: number
    }

export type MarketPrice = {
  readonly market: string
  readonly source: PriceSource
  readonly bars: readonly Bar[]
  readonly series: Series
  /** In bars; where the series stands at this start. */
  readonly position: number
}

/** Recorded minutes pass ten times as fast. */
export const PRICE_SPEED = 10

const dataFile = (name: string) =>
  fileURLToPath(new URL(`../data/${name}`, import.meta.url).toString())

const SOURCES: Readonly<Record<string, PriceSource>> = {
  'BTC-USDC': { kind: 'csv', path: dataFile('btc-usd-1m-2022-01-03.csv.gz') },
  'ETH-USDC': {
    kind: 'synthetic',
    seed: 20_220_103,
    count: 10_080,
    startPrice: 3_300,
    volatility: 0.0008,
  },
  'GBP-USD': { kind: 'csv', path: dataFile('gbp-usd-1m-2012-02-06.csv.gz') },
}

/** `MARKET=FILE` of the command line; throws StartError for anything else. */
export function parsePriceOption(text: string): readonly [string, PriceSource] {
  const equals = text.indexOf('=')
  const market = text.slice(0, equals)
  if (equals < 1 || !MARKETS.some(({ symbol }) => symbol === market)) {
    const names = MARKETS.map(({ symbol }) => symbol).join(', ')
    throw new StartError(`--prices ${text}: write MARKET=FILE.csv with a market of ${names}`)
  }
  return [market, { kind: 'csv', path: text.slice(equals + 1) }]
}

/** The series of every demo market at its position. Throws StartError for a bad file. */
export function loadPrices(
  given: ReadonlyMap<string, PriceSource>,
  positions: Readonly<Record<string, number>>,
): MarketPrice[] {
  return MARKETS.map(({ symbol: market }) => {
    const source = given.get(market) ?? SOURCES[market]
    if (source === undefined) throw new StartError(`no reference price for ${market}`)
    const bars = source.kind === 'csv' ? readBars(source.path) : synthesiseBars(source)
    return { market, source, bars, series: createSeries(bars), position: positions[market] ?? 0 }
  })
}

const NAME = 'reference-prices'

export async function readPositions(pool: Pool): Promise<Record<string, number>> {
  const sql = 'SELECT value FROM records.positions WHERE name = $1'
  const { rows } = await pool.query<{ value: Record<string, number> }>(sql, [NAME])
  return rows[0]?.value ?? {}
}

export async function savePositions(
  pool: Pool,
  positions: Readonly<Record<string, number>>,
  nowUs: number,
): Promise<void> {
  const sql = `INSERT INTO records.positions (name, value, saved_at) VALUES ($1, $2, $3)
    ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, saved_at = EXCLUDED.saved_at`
  await pool.query(sql, [NAME, positions, nowUs])
}
