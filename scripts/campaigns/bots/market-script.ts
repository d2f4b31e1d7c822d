// Market script: what happens in the bots' markets, move by move, by a seed.
//
// A maker quotes both sides one tick around a price that walks, in one message for each market, so
// that no bot ever sees a market without quotes; a taker then trades once, which is what stops look
// at. Every request carries ids of its own and is repeated until it is answered, so a platform that
// is killed meanwhile takes each exactly once.

import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, createClient } from '#client/client.ts'
import type { Outcome } from '#client/outcome.ts'
import type { Send } from '#client/send.ts'
import type { BatchItem, PlaceBody } from '#client/shapes.ts'
import { keyAuthorization } from '#client/sign.ts'
import type { Key } from '../kill9/ask.ts'
import type { Random } from '../random.ts'

export type MarketScript = {
  /** Chooses the next prices. */
  walk(): void
  prices(): Readonly<Record<string, string>>
  /** From somewhere else. */
  setPrices(prices: Readonly<Record<string, number>>): void
  requote(): Promise<void>
  trade(): Promise<void>
}

export type MarketScriptDeps = {
  readonly baseUrl: string
  readonly send: Send
  readonly markets: readonly string[]
  readonly maker: Key
  readonly taker: Key
  readonly random: Random
}

/** In ticks of 0.01. */
const FIRST = 10_000
const STEP_MAX = 20
const [LOWEST, HIGHEST] = [8_000, 12_500]
const QUOTED = '40'
const TRADED = '0.1'
const TIMEOUT_MS = 2_000
const PAUSE_MS = 20

export function createMarketScript(deps: MarketScriptDeps): MarketScript {
  const { baseUrl, send, markets, random } = deps
  const clientOf = (key: Key) =>
    createClient({ baseUrl, send, authorization: keyAuthorization(key), timeoutMs: TIMEOUT_MS })
  const [maker, taker] = [clientOf(deps.maker), clientOf(deps.taker)]
  const ticks = new Map(markets.map((market) => [market, FIRST]))
  let round = 0
  const each = async (work: (market: string, at: number) => Promise<void>) => {
    await Promise.all([...ticks].map(([market, at]) => work(market, at)))
  }
  return {
    walk() {
      for (const [market, at] of ticks) {
        const next = at + random.below(2 * STEP_MAX + 1) - STEP_MAX
        ticks.set(market, Math.min(HIGHEST, Math.max(LOWEST, next)))
      }
    },
    prices: () => Object.fromEntries([...ticks].map(([market, at]) => [market, priceText(at)])),
    setPrices(prices) {
      for (const [market, price] of Object.entries(prices)) {
        if (ticks.has(market)) ticks.set(market, Math.round(price * 100))
      }
    },
    async requote() {
      round += 1
      await each((market, at) => quote(maker, { market, at, round }))
    },
    async trade() {
      await each(async (market, at) => {
        const order = trading({ market, at, round })
        await answered(() => taker.place(order))
      })
    },
  }
}

type Round = { readonly market: string; readonly at: number; readonly round: number }

async function quote(maker: Client, { market, at, round }: Round): Promise<void> {
  const sentAt = Date.now() * 1_000
  const sides = ['buy', 'sell'] as const
  const idOf = (side: 'buy' | 'sell', no: number) => `${market}-${side}-${no}`
  const cancels = round === 1 ? [] : sides.map((side) => idOf(side, round - 1))
  const items: BatchItem[] = [
    ...cancels.map((clientOrderId) => ({ cancel: { clientOrderId } })),
    ...sides.map((side) => ({
      place: {
        ...{ clientOrderId: idOf(side, round), sentAt, market, side, type: 'limit' as const },
        ...{ size: QUOTED, price: priceText(side === 'buy' ? at - 1 : at + 1) },
      },
    })),
  ]
  const { results } = await answered(() => maker.batch(items))
  const refused = results.slice(-2).find(({ code }) => code !== undefined)
  if (refused !== undefined) throw new Error(`the market is not quoted: ${refused.code}`)
}

/** Buys and sells in turn, so that a long run uses up nobody's coins. */
function trading({ market, at, round }: Round): PlaceBody {
  const isBuy = round % 2 === 1
  return {
    ...{ clientOrderId: `${market}-trade-${round}`, sentAt: Date.now() * 1_000, market },
    ...{ side: isBuy ? 'buy' : 'sell', type: 'limit', size: TRADED },
    ...{ price: priceText(isBuy ? at + 1 : at - 1), timeInForce: 'IOC' },
  }
}

/** Asked with the same body until it is answered. */
async function answered<T>(ask: () => Promise<Outcome<T>>): Promise<T> {
  for (;;) {
    const outcome = await ask()
    if (outcome.kind === 'done') return outcome.value
    if (outcome.kind === 'refused') throw new Error(`the market: ${outcome.code}`)
    await sleep(PAUSE_MS)
  }
}

function priceText(ticks: number): string {
  return (ticks / 100).toFixed(2)
}
