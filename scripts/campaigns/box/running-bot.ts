// A running bot of the campaign: a customer of its own, the real runner, and a count of everything.
//
// Orders are counted where they leave the runner, so a refusal of the venue is one whoever made the
// order. What the runner logs is kept: an end of the strategy, a halt, a refusal of the gate.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BotVenue } from '#bots/runtime/bot-venue.ts'
import { limitsOf } from '#bots/runtime/risk-gate.ts'
import { type BotRunner, createBotRunner } from '#bots/runtime/runner.ts'
import { openStateStore } from '#bots/runtime/state-store.ts'
import type { StartStrategyChild } from '#bots/runtime/strategy-child.ts'
import { createClient } from '#client/client.ts'
import type { Send } from '#client/send.ts'
import { keyAuthorization } from '#client/sign.ts'
import { createStream } from '#client/stream.ts'
import { watchAccount } from '#connectors/internal/account-feed.ts'
import type { MarketFeed } from '#connectors/internal/market-feed.ts'
import { createInternalTrading } from '#connectors/internal/trading.ts'
import { createInternalVenue } from '#connectors/internal/venue.ts'
import type { Fill, Order, Trading } from '#connectors/venue.ts'
import type { Customer } from '../kill9/customers.ts'
import type { BoxBot } from './bots.ts'
import { openChainWallet } from './chain-wallet.ts'

export type Counts = {
  placed: number
  readonly refused: Map<string, number>
  readonly logs: string[]
}

export type RunningBot = {
  readonly bot: BoxBot
  readonly counts: Counts
  readonly runner: BotRunner
  /** Of the venue: orders that still rest, fills since the beginning. */
  openOrders(): Promise<readonly Order[]>
  fills(): Promise<readonly Fill[]>
  /** What the strategy believes to hold, by venue and market. */
  positions(): Readonly<Record<string, number>>
  close(): Promise<void>
}

export type Ground = {
  readonly baseUrl: string
  /** Of the demo. */
  readonly folder: string
  readonly stateFolder: string
  readonly send: Send
  readonly feed: MarketFeed
  readonly priceOf: (asset: string) => number | undefined
  readonly startChild: StartStrategyChild
}

const TIMEOUT_MS = 5_000
const LOGS_MAX = 1_000

const now = () => Math.floor((performance.timeOrigin + performance.now()) * 1_000)

export async function startBot(
  ground: Ground,
  bot: BoxBot,
  { key }: Pick<Customer, 'key'>,
): Promise<RunningBot> {
  const { baseUrl, send, feed, startChild, priceOf } = ground
  const client = createClient({
    ...{ baseUrl, send, authorization: keyAuthorization(key), timeoutMs: TIMEOUT_MS },
  })
  const counts: Counts = { placed: 0, refused: new Map(), logs: [] }
  const trading = createInternalTrading({ client })
  const venue = createInternalVenue({ feed, now, trading: counting(trading, counts) })
  const venues: BotVenue[] = [{ venue, watch: (listener) => watch(baseUrl, key, listener) }]
  const wallet = bot.onChain === true ? await openChainWallet(ground.folder, client) : undefined
  if (wallet !== undefined) {
    const { address, watch: watchWallet, venues: pools } = wallet.account
    const pool = pools['uniswap-v2']
    const swapping = pool.trading && counting(pool.trading, counts)
    venues.push({
      ...{ venue: { ...pool, trading: swapping }, wallet: address, watch: watchWallet },
    })
  }
  const { strategy, params } = bot
  const path = join(ground.stateFolder, `${strategy}.json`)
  const runner = createBotRunner({
    settings: { id: strategy, strategy, params, state: 'running' },
    ...{ venues, treasury: undefined, store: openStateStore(path) },
    ...{ limits: limitsOf(strategy), priceOf, startChild, now, onReport: () => {} },
    log(text) {
      if (counts.logs.length < LOGS_MAX) counts.logs.push(text.trimEnd())
    },
  })
  await runner.start()
  return {
    ...{ bot, counts, runner },
    openOrders: () => restingOrders(trading, feed),
    async fills() {
      const answer = await trading.fills(undefined)
      if (answer.kind === 'unknown') throw new Error(`${strategy}: no fills: ${answer.reason}`)
      return answer.value
    },
    positions: () => positionsOf(path),
    close: async () => wallet?.close(),
  }
}

function counting(trading: Trading, counts: Counts): Trading {
  return {
    ...trading,
    async place(request) {
      counts.placed += 1
      const answer = await trading.place(request)
      if (answer.kind === 'refused') {
        counts.refused.set(answer.code, (counts.refused.get(answer.code) ?? 0) + 1)
      }
      return answer
    },
  }
}

type Watching = Parameters<NonNullable<BotVenue['watch']>>[0]

function watch(baseUrl: string, key: Customer['key'], listener: Watching): () => void {
  const url = `${baseUrl.replace(/^http/, 'ws')}/v1/stream`
  const stream = createStream({ url, authorization: keyAuthorization(key) })
  const end = watchAccount({ stream, listener })
  return () => {
    end()
    stream.close()
  }
}

async function restingOrders(trading: Trading, feed: MarketFeed): Promise<Order[]> {
  const open: Order[] = []
  for (const { symbol } of await feed.instruments()) {
    const answer = await trading.orders(symbol)
    if (answer.kind === 'unknown') throw new Error(`no orders: ${answer.reason}`)
    open.push(...answer.value)
  }
  return open
}

type Saved = {
  readonly state?: { readonly kept?: { readonly positions?: Record<string, { size: number }> } }
}

/** As the runner has saved it; nothing for a strategy that has never traded. */
function positionsOf(path: string): Readonly<Record<string, number>> {
  const saved: Saved = JSON.parse(readFileSync(path, 'utf8'))
  const positions = Object.entries(saved.state?.kept?.positions ?? {})
  return Object.fromEntries(positions.map(([market, { size }]) => [market, size]))
}
