// Candle series: the candles of the market and interval that are looked at, older ones on demand.
//
// `items` changes when history was read, `latest` when the running candle moved. Oldest first,
// one candle an opening time; intervals without trades have none.

import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Stream } from '#client/stream.ts'
import type { CandlesChannel, CandlesMessage } from '#client/stream-messages.ts'
import { insist } from './insist.ts'

export type CandleSeriesDeps = {
  readonly client: Client
  readonly stream: Stream
  readonly storage: Storage
  readonly market: ReadonlySignal<string | undefined>
}

export type Candle = CandlesMessage['candle']
export type Interval = CandlesChannel['interval']

export const INTERVALS: readonly Interval[] = ['1s', '1m', '5m', '15m', '1h', '4h', '1d']

const INTERVAL = 'crossbook.interval'
const PAGE = 500

type Shown = { readonly market: string; readonly interval: Interval }
type Run = CandleSeriesDeps & {
  readonly items: Signal<readonly Candle[] | null>
  readonly latest: Signal<Candle | null>
  older: number | null
  isAsking: boolean
}

export function createCandleSeries(deps: CandleSeriesDeps) {
  const stored = INTERVALS.find((one) => one === deps.storage.getItem(INTERVAL))
  const interval = signal<Interval>(stored ?? '1m')
  const run: Run = {
    ...deps,
    items: signal(null),
    latest: signal(null),
    older: null,
    isAsking: false,
  }
  const shown = signal<Shown | null>(null)
  effect(() => {
    const market = deps.market.value
    run.items.value = null
    run.latest.value = null
    run.older = null
    shown.value = market === undefined ? null : { market, interval: interval.value }
    if (shown.value !== null) return follow(run, shown.value)
  })
  return {
    ...{ items: run.items, latest: run.latest, interval, shown },
    choose: (chosen: Interval): void => {
      deps.storage.setItem(INTERVAL, chosen)
      interval.value = chosen
    },
    /** Reads the page before the oldest candle, when there is one. */
    loadOlder: (): void => void loadOlder(run, shown.peek()),
  }
}

function follow(run: Run, { market, interval }: Shown): () => void {
  const alive = { is: true }
  const stop = run.stream.subscribe(
    { name: 'candles', market, interval },
    {
      onMessage: ({ candle }) => {
        run.latest.value = candle
      },
      onReady: async () => {
        const page = await insist(
          () => run.client.candles(market, { interval, limit: PAGE }),
          () => alive.is,
        )
        if (page === undefined) return
        run.older = page.next === null ? null : Number(page.next)
        run.items.value = page.items
      },
    },
  )
  return () => {
    alive.is = false
    stop()
  }
}

async function loadOlder(run: Run, shown: Shown | null): Promise<void> {
  const { older: to, items } = run
  if (to === null || shown === null || run.isAsking || items.peek() === null) return
  run.isAsking = true
  const { market, interval } = shown
  const outcome = await run.client.candles(market, { interval, to, limit: PAGE })
  run.isAsking = false
  if (outcome.kind !== 'done' || run.older !== to) return
  run.older = outcome.value.next === null ? null : Number(outcome.value.next)
  items.value = [...outcome.value.items, ...(items.peek() ?? [])]
}
