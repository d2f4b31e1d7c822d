// History: our own platform's candles as bars, for indicators that must be warm at once.
//
// The longest candle that the wanted bar is made of is asked for, newest page first, until there
// are enough. The candle that still grows is left out: a bar of the history is over.

import type { Client } from '#client/client.ts'
import type { Candle, Interval } from '#client/shapes.ts'
import type { Answer, Bar, History, HistoryRequest } from '../venue.ts'

export type HistoryDeps = {
  readonly client: Pick<Client, 'candles'>
  /** Microseconds. */
  readonly now: () => number
}

const SECOND_US = 1_000_000
/** The longest first. */
const LENGTHS: readonly (readonly [Interval, number])[] = [
  ['1d', 86_400],
  ['4h', 14_400],
  ['1h', 3_600],
  ['15m', 900],
  ['5m', 300],
  ['1m', 60],
  ['1s', 1],
]
const PAGE = 1_000
/** Bars further back than this are not looked for. */
const PAGES_MAX = 50

export async function readHistory(
  { client, now }: HistoryDeps,
  { symbol, lengthUs, count }: HistoryRequest,
): Promise<Answer<History>> {
  const fitting = LENGTHS.find(([, seconds]) => lengthUs % (seconds * SECOND_US) === 0)
  if (fitting === undefined) return { kind: 'unknown', reason: 'bars are of whole seconds' }
  const [interval, seconds] = fitting
  const partUs = seconds * SECOND_US
  const openNow = Math.floor(now() / partUs) * partUs
  const wanted = count * (lengthUs / partUs)
  const pages: Bar[][] = []
  let [found, to] = [0, openNow]
  for (let page = 0; page < PAGES_MAX && found < wanted; page += 1) {
    const limit = Math.min(PAGE, wanted - found)
    const answer = await client.candles(symbol, { interval, to, limit })
    if (answer.kind === 'unknown') return { kind: 'unknown', reason: answer.why }
    if (answer.kind === 'refused') return { kind: 'unknown', reason: answer.code }
    const bars = answer.value.items.map(toBar).filter(({ openAt }) => openAt < openNow)
    pages.push(bars)
    found += bars.length
    if (answer.value.next === null) break
    to = Number(answer.value.next)
  }
  return { kind: 'ok', value: { lengthUs: partUs, bars: pages.reverse().flat() } }
}

function toBar({ openAt, open, high, low, close, volume }: Candle): Bar {
  const prices = { open: Number(open), high: Number(high), low: Number(low), close: Number(close) }
  return { openAt, ...prices, volume: Number(volume) }
}
