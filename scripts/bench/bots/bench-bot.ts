// Bench bot: one bot as it runs, with runner, sandboxed process and record on disk.
//
// Its venue is in memory and answers at once, so that only the bot is measured.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createBotRunner } from '#bots/runtime/runner.ts'
import { openStateStore } from '#bots/runtime/state-store.ts'
import { type StartStrategyChild, strategyChildren } from '#bots/runtime/strategy-child.ts'
import type { Instrument, MarketUpdate, Trading, Venue } from '#connectors/venue.ts'

export type BenchBot = {
  readonly pid: number
  /** Tells so many trades at once and answers when the last one was handled; seconds. */
  trades(count: number): Promise<number>
  /** One trade that is answered with an order; milliseconds until the venue has the order. */
  order(): Promise<number>
  end(): Promise<void>
}

const STRATEGY = fileURLToPath(new URL('./counting-strategy.ts', import.meta.url))
const BTC: Instrument = {
  ...{ symbol: 'BTC-USDC', base: 'BTC', quote: 'USDC', kind: 'order-book' },
  ...{ tick: '0.1', lot: '0.00001', takerFee: '0.0005', makerFee: '0.0002' },
}
const LIMITS = {
  ...{ ordersPerSecond: 1e9, orderNotional: 1e9, openNotional: 1e9, position: 1e12 },
  ...{ priceBps: 1e6, dataAgeMs: 1e9, dailyLoss: 1e12, drawdown: 1e12, flatten: false },
}

export async function startBenchBot(orders: 0 | 1): Promise<BenchBot> {
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-bench-bot-'))
  const market = createMarket()
  const handled = { count: 0, until: 0, done: () => {} }
  const runner = createBotRunner({
    settings: { id: 'bench', strategy: STRATEGY, params: { orders }, state: 'running' },
    venues: [{ venue: market.venue }],
    ...{
      treasury: undefined,
      limits: LIMITS,
      priceOf: (asset) => (asset === 'BTC' ? 60_000 : 1),
      onReport: () => {},
    },
    store: openStateStore(join(folder, 'bench.json')),
    startChild: counted(strategyChildren([]), () => {
      handled.count += 1
      if (handled.count >= handled.until) handled.done()
    }),
    log: (text) => void process.stderr.write(`${text}\n`),
    now: () => Math.floor((performance.timeOrigin + performance.now()) * 1_000),
  })
  await runner.start()
  return {
    pid: runner.pid() ?? 0,
    async trades(count) {
      const { promise, resolve } = Promise.withResolvers<void>()
      Object.assign(handled, { until: handled.count + count, done: resolve })
      const begin = performance.now()
      for (let at = 0; at < count; at += 1) market.tell()
      await promise
      return (performance.now() - begin) / 1_000
    },
    async order() {
      const begin = performance.now()
      const placed = market.nextOrder()
      market.tell()
      await placed
      return performance.now() - begin
    },
    async end() {
      await runner.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function counted(start: StartStrategyChild, onHandled: () => void): StartStrategyChild {
  return (events) =>
    start({
      ...events,
      onHandled(answer) {
        events.onHandled(answer)
        onHandled()
      },
    })
}

function createMarket() {
  const listeners = new Set<(update: MarketUpdate) => void>()
  let placed = () => {}
  const trading: Trading = {
    async place({ clientOrderId, symbol, side }) {
      placed()
      const order = { clientOrderId, symbol, side, state: 'cancelled', venueOrderId: '1' } as const
      return { kind: 'accepted', order: { ...order, filledBase: '0', filledQuote: '0' }, fills: [] }
    },
    cancel: async () => ({ kind: 'refused', code: 'not_found' }),
    order: async () => ({ kind: 'ok', value: undefined }),
    orders: async () => ({ kind: 'ok', value: [] }),
    fills: async () => ({ kind: 'ok', value: [] }),
    balances: async () => ({ kind: 'ok', value: [] }),
  }
  const venue: Venue = {
    ...{ name: 'internal', trading, close: async () => {} },
    instruments: async () => [BTC],
    subscribe(_symbol, listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    quote: async () => ({ kind: 'unavailable', reason: 'none' }),
  }
  const trade: MarketUpdate = {
    ...{ kind: 'trade', symbol: 'BTC-USDC', side: 'buy', price: '60000.0', size: '0.01', at: 1 },
  }
  return {
    venue,
    tell() {
      for (const listener of listeners) listener(trade)
    },
    nextOrder: () =>
      new Promise<void>((resolve) => {
        placed = resolve
      }),
  }
}
