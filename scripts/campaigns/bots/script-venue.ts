// Script venue: prices and a clock that stand still until the campaign moves them.
//
// Whoever subscribes is told the last price at once, as a venue tells a snapshot: a strategy that
// was killed while it handled a price hears it again.

import type { Instrument, MarketUpdate, Venue } from '#connectors/venue.ts'

export type ScriptClock = {
  /** Microseconds. */
  now(): number
  every(ms: number, tick: () => void): () => void
}

export type Script = {
  readonly venue: Venue
  readonly clock: ScriptClock
  /** Moves the clock, tells every price, then lets timers that are due tick, each once. */
  move(to: Moment): void
}

export type Moment = {
  readonly now: number
  readonly prices: Readonly<Record<string, string>>
}

type Timer = { readonly us: number; readonly tick: () => void; dueAt: number }
type Listener = { readonly symbol: string; readonly hear: (update: MarketUpdate) => void }

export function createScript(first: Moment): Script {
  let moment = first
  const timers = new Set<Timer>()
  const listeners = new Set<Listener>()
  const tell = ({ symbol, hear }: Listener) => {
    const price = moment.prices[symbol]
    if (price !== undefined) hear({ kind: 'price', symbol, price, at: moment.now })
  }
  return {
    clock: {
      now: () => moment.now,
      every(ms, tick) {
        const timer = { us: ms * 1_000, tick, dueAt: moment.now + ms * 1_000 }
        timers.add(timer)
        return () => void timers.delete(timer)
      },
    },
    move(to) {
      moment = to
      for (const listener of listeners) tell(listener)
      for (const timer of timers) {
        if (timer.dueAt > to.now) continue
        timer.dueAt = to.now + timer.us
        timer.tick()
      }
    },
    venue: {
      name: 'script',
      instruments: async () => Object.keys(first.prices).map(instrumentOf),
      subscribe(symbol, hear) {
        const listener = { symbol, hear }
        listeners.add(listener)
        tell(listener)
        return () => void listeners.delete(listener)
      },
      quote: async () => ({ kind: 'unavailable', reason: 'prices only' }),
      trading: undefined,
      close: async () => {},
    },
  }
}

function instrumentOf(symbol: string): Instrument {
  const [base = '', quote = ''] = symbol.split('-')
  return {
    ...{ symbol, base, quote, kind: 'reference', tick: '0.01', lot: '0.0001' },
    ...{ takerFee: '0', makerFee: '0' },
  }
}
