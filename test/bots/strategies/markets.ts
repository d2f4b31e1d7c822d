// Markets for tests of the box: seeded walks with a drift, in waves, in bursts, or to and fro.
//
// A bar is a walk of its own, so its high and low lie beyond open and close. The same name gives
// the same bars on every machine; they are made up, and say how a strategy works and not what it
// earns.

import { createGauss, createUniform, seedOf } from '#bots/random.ts'
import type { Bar } from '#connectors/venue.ts'

export type MarketName = 'rising' | 'falling' | 'sideways' | 'waves' | 'bursts' | 'choppy'

export type MarketOptions = {
  readonly count: number
  readonly interval: '1m' | '15m' | '1h'
}

/** Of a bar, whose variance grows with its length. */
const LENGTHS_US = { '1m': 60_000_000, '15m': 900_000_000, '1h': 3_600_000_000 }
const START_US = 1_700_000_000_000_000
const START_PRICE = 2_000
const STEPS = 20
/** Of a minute: 70 % a year. */
const MINUTE_DEVIATION = 0.001
/** Of a trend, in deviations a bar; of a wave it is more. */
const DRIFT = 0.06
const WAVE_DRIFT = 0.25
/** How much of the way back to the start a step goes, of a market without a trend. */
const PULL = 0.005
const WAVE_BARS = 60
/** In deviations, of a choppy market. */
const BOUNCE = 1.5
/** Of a market that is quiet for long, and then is not. */
const QUIET = 0.25
const QUIET_BARS = 90
const BURST_BARS = 30
const BURST_DRIFT = 0.4

/** Of 2,000 at the start. */
export function bars(name: MarketName, { count, interval }: MarketOptions): Bar[] {
  const lengthUs = LENGTHS_US[interval]
  const gauss = createGauss(createUniform(seedOf(name)))
  const deviation = MINUTE_DEVIATION * Math.sqrt(lengthUs / LENGTHS_US['1m'])
  const firstAt = Math.ceil(START_US / lengthUs) * lengthUs
  let logPrice = 0
  // Of people who trade for reasons of their own: it comes and goes, and moves nothing.
  const bounce = () => (name === 'choppy' ? BOUNCE * deviation * gauss() : 0)
  const price = () => Math.round(START_PRICE * Math.exp(logPrice + bounce()) * 100) / 100
  let before = price()
  return Array.from({ length: count }, (_, at) => {
    const path = [before]
    for (let step = 0; step < STEPS; step += 1) {
      logPrice += (calmOf(name, at) * deviation * gauss()) / Math.sqrt(STEPS)
      logPrice += driftOf(name, at, { deviation, logPrice }) / STEPS
      path.push(price())
    }
    const open = before
    const close = path.at(-1) ?? open
    before = close
    const [high, low] = [Math.max(...path), Math.min(...path)]
    return { openAt: firstAt + at * lengthUs, open, high, low, close, volume: 10 }
  })
}

/** The share of the usual deviation. */
function calmOf(name: MarketName, at: number): number {
  if (name === 'bursts') return isBurst(at) ? 1 : QUIET
  return name === 'choppy' ? QUIET : 1
}

function isBurst(at: number): boolean {
  return at % (QUIET_BARS + BURST_BARS) >= QUIET_BARS
}

type Where = { readonly deviation: number; readonly logPrice: number }

function driftOf(name: MarketName, at: number, { deviation, logPrice }: Where): number {
  switch (name) {
    case 'rising':
      return DRIFT * deviation
    case 'falling':
      return -DRIFT * deviation
    case 'sideways':
      return -PULL * STEPS * logPrice
    case 'waves':
      return (at % (2 * WAVE_BARS) < WAVE_BARS ? 1 : -1) * WAVE_DRIFT * deviation
    case 'bursts':
      return isBurst(at) ? BURST_DRIFT * deviation : 0
    default:
      return 0
  }
}
