// Rehearse: runs the set-up of a strategy once, against markets that say nothing.
//
// What a deployment would fail with at its start is found here: a file that exports no strategy,
// parameters that do not fit, indicators with impossible periods, a set-up that throws. A market
// that the set-up asks for is made, and the set-up begins anew.

import type { Instrument } from '#connectors/venue.ts'
import { createStrategyHost } from '../runtime/strategy-host.ts'
import type { Strategy } from '../strategy.ts'

export type Rehearsal = { readonly name: string; readonly markets: readonly string[] }

const MISSING = /no market ([a-z0-9-]+):([A-Z0-9]+)-([A-Z0-9]+)$/
const MARKETS_MAX = 256

/** Throws an Error that says what is wrong. */
export function rehearse(exported: unknown, params: Readonly<Record<string, unknown>>): Rehearsal {
  if (!isStrategy(exported)) throw new Error('export default defineStrategy({ ... }) is missing')
  const venues = new Map<string, Instrument[]>()
  for (let round = 0; round < MARKETS_MAX; round += 1) {
    const missing = missingMarket(exported, params, venues)
    if (missing === undefined) break
    const [, venue = '', base = '', quote = ''] = missing
    venues.set(venue, [...(venues.get(venue) ?? []), anyInstrument(base, quote)])
  }
  const markets = [...venues].flatMap(([venue, instruments]) =>
    instruments.map(({ symbol }) => `${venue}:${symbol}`),
  )
  return { name: exported.name, markets }
}

function isStrategy(value: unknown): value is Strategy {
  return typeof value === 'object' && value !== null && 'begin' in value && 'params' in value
}

/** The market that the set-up asked for in vain; any other error is passed on. */
function missingMarket(
  strategy: Strategy,
  params: Readonly<Record<string, unknown>>,
  venues: ReadonlyMap<string, readonly Instrument[]>,
): RegExpExecArray | undefined {
  try {
    createStrategyHost(strategy, {
      ...{ kind: 'start', strategy: strategy.name, params, saved: undefined },
      venues: [...venues].map(([venue, instruments]) => ({ venue, instruments })),
      ...{ idPrefix: 'rehearsal-', seed: 1, no: 0, at: 1_000_000 },
    })
    return undefined
  } catch (error) {
    const missing = error instanceof Error ? MISSING.exec(error.message) : null
    if (missing === null) throw error
    return missing
  }
}

function anyInstrument(base: string, quote: string): Instrument {
  return {
    ...{ symbol: `${base}-${quote}`, base, quote, kind: 'order-book', tick: '0.01', lot: '0.0001' },
    ...{ takerFee: '0.0005', makerFee: '0.0002' },
  }
}
