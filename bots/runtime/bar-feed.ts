// Bar feed: keeps the bars of one market up to date, from history, trades and shorter bars.
//
// All lengths of a market are brought up to date before any handler runs, so that a handler of the
// minute sees the hour that ended with it. The clock of the events closes bars, never another one.

import type { Bar, History, MarketUpdate } from '#connectors/venue.ts'
import { assert } from '#kernel/assert.ts'
import { type Bars, type BarsHandle, createBars } from '../bars/bars.ts'
import {
  type Builder,
  createBuilder,
  type Print,
  printOfBar,
  printOfTrade,
} from '../bars/builder.ts'
import { intervalUs } from '../bars/interval.ts'

export type Closed = { readonly handle: BarsHandle; readonly bar: Bar }

export type BarFeed = {
  bars(interval: string): Bars
  lengths(): readonly BarsHandle[]
  take(update: MarketUpdate): void
  history(wantedUs: number, history: History): void
  /** History is there: what came meanwhile follows it. */
  open(): void
  passTo(now: number): void
  /** Bars that closed since it was asked last. */
  closed(): readonly Closed[]
  seal(): void
}

type Fed = { readonly handle: BarsHandle; readonly builder: Builder }

/** Trades that may come before history does. */
const WAITING_MAX = 100_000

export function createBarFeed(): BarFeed {
  const all = new Map<string, Fed>()
  let isSealed = false
  let closed: Closed[] = []
  let waiting: MarketUpdate[] | undefined = []
  const print = (one: Print) => {
    for (const { builder } of all.values()) builder.print(one)
  }
  return {
    bars(interval) {
      const known = all.get(interval)
      if (known !== undefined) return known.handle.bars
      assert(!isSealed, `bars of ${interval} are declared in setup, not later`)
      const handle = createBars(interval)
      const builder = createBuilder(handle.lengthUs, (bar) => {
        handle.take(bar)
        closed.push({ handle, bar })
      })
      all.set(interval, { handle, builder })
      return handle.bars
    },
    lengths: () => [...all.values()].map(({ handle }) => handle),
    take(update) {
      if (waiting === undefined) for (const one of printsOf(update)) print(one)
      else if (all.size > 0 && waiting.length < WAITING_MAX) waiting.push(update)
    },
    open() {
      const came = waiting ?? []
      waiting = undefined
      for (const update of came) for (const one of printsOf(update)) print(one)
      closed = []
    },
    history(wantedUs, { lengthUs, bars }) {
      for (const { handle, builder } of all.values()) {
        if (handle.lengthUs !== wantedUs) continue
        for (const bar of bars) builder.print(printOfBar(bar, lengthUs))
      }
      // What is history is no event.
      closed = []
    },
    passTo(now) {
      if (waiting !== undefined) return
      for (const { builder } of all.values()) builder.passTo(now)
    },
    closed() {
      const now = closed
      closed = []
      return now
    },
    seal() {
      isSealed = true
      for (const { handle } of all.values()) handle.seal()
    },
  }
}

function printsOf(update: MarketUpdate): Print[] {
  if (update.kind === 'trade') {
    return [printOfTrade(Number(update.price), Number(update.size), update.at)]
  }
  if (update.kind !== 'bar') return []
  return [printOfBar(update.bar, intervalUs(update.interval))]
}
