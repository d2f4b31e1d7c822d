// An exchange with its page on a port, a market maker's levels in the book, trades and candles.
//
// Chain and bots are stand-ins of their ports; everything between the browser and the engine is
// what runs at a user's.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PoolMarket } from '#connectors/evm/pools/market.ts'
import type { PoolState } from '#connectors/evm/pools/pool.ts'
import { createPool } from '#connectors/evm/uniswap-v3/pool.ts'
import { sqrtPriceAtTick } from '#connectors/evm/uniswap-v3/tick-maths.ts'
import { changeLiquidity, liquidityAt } from '#connectors/evm/uniswap-v3/ticks.ts'
import { createWordEdges } from '#connectors/evm/uniswap-v3/word-edges.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Fleet, FleetBot } from '#platform/fleet/port.ts'
import type { PoolNow } from '#scripts/demo/chain.ts'
import { poolFacts } from '#scripts/demo/pool-facts.ts'
import { type Customer, createCustomer, createExchange } from '#test/api/exchange.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const DIST = resolve(ROOT, 'platform/web/dist')

const MIDDLE = 46_432
const LEVELS = 24

/** Builds the page when nobody did. */
export function buildPage(): void {
  if (existsSync(resolve(DIST, 'index.html'))) return
  const vite = resolve(ROOT, 'node_modules/vite/bin/vite.js')
  const build = ['build', '--logLevel=warn', 'platform/web']
  const { status, stderr } = spawnSync(process.execPath, [vite, ...build], { cwd: ROOT })
  if (status !== 0) throw new Error(`the page was not built: ${stderr}`)
}

/** Listens on a free port of the loopback. */
export async function createExchangeWithPage() {
  buildPage()
  const fleet = createFleetOfTwo()
  const pool = { base: 120, quote: 120 * (MIDDLE + 95) }
  const exchange = await createExchange({
    serve: {
      fleet,
      pageFolder: DIST,
      chainFacts: {
        token: () => undefined,
        pools: (market, detail) => (market === 'BTC-USDC' ? poolRows(pool, detail) : []),
      },
    },
  })
  const maker = await createCustomer(exchange, 'maker')
  const taker = await createCustomer(exchange, 'taker')
  for (let again = 0; again < 4; again += 1) await takeCoins(maker)
  await quote(maker)
  await trade(taker)
  const url = await exchange.app.listen({ host: '127.0.0.1', port: 0 })
  return { ...exchange, maker, taker, url, fleet, pool }
}

type Reserves = { readonly base: number; readonly quote: number }

const WBTC = { symbol: 'WBTC', address: '0xb', decimals: 8 }
const USDC = { symbol: 'USDC', address: '0xc', decimals: 6 }
/** The pool of V3 has a tenth of the pair's coins, in a narrow range around the book's middle. */
const [V3_FEE, V3_SPACING, V3_RANGE] = [500, 10, 30]

/** A pair of V2 that is dearer than the book, and a pool of V3 that agrees with it. */
function poolRows(pair: Reserves, detail: 'ladder' | undefined) {
  const units = { reserve0: scale(pair.base, WBTC), reserve1: scale(pair.quote, USDC) }
  const fee = { numerator: 997n, denominator: 1_000n }
  const v3 = { name: 'v3', feePips: BigInt(V3_FEE), tickSpacing: V3_SPACING } as const
  return [
    poolFacts(
      poolNow({ name: 'v2', fee }, '0x5FbDB2315678afecb367f032d93F642f64180aa3', {
        ...{ kind: 'v2', fee, ...units },
      }),
      detail,
    ),
    poolFacts(poolNow(v3, '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512', v3State()), detail),
  ]
}

function scale(coins: number, { decimals }: { readonly decimals: number }) {
  return BigInt(Math.round(coins * 10 ** decimals))
}

function v3State(): PoolState {
  const tick = Math.floor(Math.log(MIDDLE / 10 ** 2) / Math.log(1.0001))
  const middle = Math.floor(tick / V3_SPACING)
  const [lower, upper] = [middle - V3_RANGE, middle + V3_RANGE].map((at) => at * V3_SPACING)
  const ticks = changeLiquidity([], {
    ...{ lower: lower ?? 0, upper: upper ?? 0, amount: 60n * 10n ** 11n },
  })
  const shape = { sqrtPriceX96: sqrtPriceAtTick(tick), tick, liquidity: liquidityAt(ticks, tick) }
  const edges = createWordEdges(V3_SPACING)
  return { kind: 'v3', pool: createPool({ ...shape, feePips: BigInt(V3_FEE), edges, ticks }) }
}

function poolNow(kind: PoolMarket['kind'], address: string, state: PoolState): PoolNow {
  const tokens = { baseToken: WBTC, quoteToken: USDC, base: 'BTC', quote: 'USDC' }
  const pool = { market: 'BTC-USDC', address, baseIsToken0: true, kind, ...tokens }
  const head = { number: 1, hash: '', parentHash: '', baseFeePerGas: 0n }
  const timestamp = Math.floor(Date.now() / 1_000)
  return { pool, now: { state, head: { ...head, timestamp } } }
}

async function takeCoins(customer: Customer): Promise<void> {
  await customer.post('/v1/faucet', { requestId: crypto.randomUUID() })
}

async function quote(maker: Customer): Promise<void> {
  for (let level = 0; level < LEVELS; level += 1) {
    const distance = 0.7 + level * 2.3 + (level % 3)
    const size = (0.05 + ((level * 7) % 11) / 20).toFixed(5)
    for (const [side, price] of [
      ['sell', MIDDLE + distance],
      ['buy', MIDDLE - distance],
    ] as const) {
      const order = { market: 'BTC-USDC', side, type: 'limit', price: price.toFixed(1), size }
      await maker.post('/v1/orders', order)
    }
  }
}

async function trade(taker: Customer): Promise<void> {
  for (let turn = 0; turn < 24; turn += 1) {
    const side = (turn * 5) % 7 < 4 ? 'buy' : 'sell'
    const size = (0.001 + (turn % 5) / 400).toFixed(5)
    await taker.post('/v1/orders', { market: 'BTC-USDC', side, type: 'market', size })
  }
}

/** Two bots that anybody may pause who owns them: the owner is set by the test. */
function createFleetOfTwo(): Fleet & { owner: string } {
  const base = { owner: '', account: 16, since: Date.now() * 1_000 - 3.6e9 }
  const bots = new Map<string, Omit<FleetBot, 'ownerId'>>()
  for (const [id, strategy, pnl] of [
    ['maker-btc', 'market-making', '184.207311'],
    ['arbitrage-btc', 'arbitrage', '-12.440000'],
  ] as const) {
    const money = { equity: '250184.207311', pnl, fees: '41.900000', gas: '3.120000' }
    bots.set(id, {
      id,
      strategy,
      account: base.account,
      since: base.since,
      halted: null,
      ...money,
      state: 'running',
    })
  }
  const fleet = {
    owner: '',
    list: () => [...bots.values()].map((bot) => ({ ...bot, ownerId: fleet.owner })),
    pause: async (id: string) => change(id, 'paused'),
    resume: async (id: string) => change(id, 'running'),
  }
  const change = (id: string, state: 'running' | 'paused'): Result<FleetBot> => {
    const bot = bots.get(id)
    if (bot === undefined) return refuse('not_found')
    bots.set(id, { ...bot, state })
    return accept({ ...bot, state, ownerId: fleet.owner })
  }
  return fleet
}
