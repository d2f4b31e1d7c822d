// bench dex: quotes, routes and updates from local state of real pools on a chain of its own.
//
// Quotes of one V3 pool beside Uniswap's v3-sdk on the same state and beside QuoterV2 by eth_call,
// in turn in one run; all three must give the same amounts. `ours` asks again and again what may
// have been asked of the state before, as between two blocks; `freshQuotes` asks a state that is
// new for each quote.

import type { V3Pool } from '#connectors/evm/uniswap-v3/pool.ts'
import { createPool } from '#connectors/evm/uniswap-v3/pool.ts'
import { type SwapRequest, swap } from '#connectors/evm/uniswap-v3/swap-maths.ts'
import { startPoolChain } from '../campaigns/chain/exchange-pools.ts'
import { createRandom, type Random } from '../campaigns/random.ts'
import { openBenchPools } from './dex/bench-pools.ts'
import { createCallQuotes } from './dex/call-quotes.ts'
import { routesPerSecond } from './dex/routes.ts'
import { createSdkPool, type SdkQuote } from './dex/sdk-pool.ts'
import { updateLatencies } from './dex/updates.ts'
import { median, round } from './measure.ts'
import type { BenchResult } from './result.ts'

const RUNS = 5
const QUOTES = 400
const ROUNDS = 25
const SEED = 11
const POSITIONS = 40
/** Bitcoins: the largest cross dozens of ticks. */
const COINS_MAX = 20

export async function bench(): Promise<BenchResult> {
  const random = createRandom(SEED)
  const world = await startPoolChain(random, POSITIONS)
  try {
    const pools = await openBenchPools(world)
    const { pool } = pools
    const requests = Array.from({ length: QUOTES }, () => randomRequest(random, pools))
    const sdk = createSdkPool(pool)
    const theirs = requests.map((request) => sdk.prepare(request))
    const calls = createCallQuotes(world, pools)
    await assertSame(pool, requests, { theirs, calls })
    const runs: Run[] = []
    for (let run = 0; run < RUNS; run++) runs.push(await measure(pool, requests, { theirs, calls }))
    const of = (name: keyof Run) => median(runs.map((one) => one[name]))
    // Of each run apart: what slows the machine down slows all in the same run.
    const over = (name: keyof Run) => round(median(runs.map((one) => one.ours / one[name])), 1)
    const routes = routesPerSecond()
    const updates = await updateLatencies(world, random)
    return {
      bench: 'dex',
      unit: 'quotes/s',
      ours: Math.round(of('ours')),
      peers: {
        '@uniswap/v3-sdk': round(of('sdk'), 1),
        'QuoterV2 by eth_call': round(of('calls'), 1),
      },
      ratios: { '@uniswap/v3-sdk': over('sdk'), 'QuoterV2 by eth_call': over('calls') },
      extra: {
        freshQuotes: Math.round(of('fresh')),
        freshRatioSdk: round(median(runs.map((one) => one.fresh / one.sdk)), 1),
        ticksCrossedMean: round(crossedMean(pool, requests), 2),
        ...routes,
        ...updates,
        sameQuotes: true,
      },
      runs: RUNS,
    }
  } finally {
    await world.chain.stop()
  }
}

/** Quotes per second. */
type Run = {
  readonly ours: number
  readonly fresh: number
  readonly sdk: number
  readonly calls: number
}

type Peers = {
  readonly theirs: readonly SdkQuote[]
  readonly calls: ReturnType<typeof createCallQuotes>
}

async function measure(pool: V3Pool, requests: readonly SwapRequest[], peers: Peers): Promise<Run> {
  const ours = await perSecond(requests.length * ROUNDS, () => {
    for (let turn = 0; turn < ROUNDS; turn++) for (const request of requests) swap(pool, request)
  })
  const fresh = await perSecond(requests.length, () => {
    for (const request of requests) swap(createPool(pool), request)
  })
  const sdk = await perSecond(requests.length, async () => {
    for (const quote of peers.theirs) await quote()
  })
  const calls = await perSecond(requests.length, () => peers.calls.all(requests))
  process.stderr.write(`ours ${Math.round(ours)}/s, sdk ${Math.round(sdk)}/s\n`)
  return { ours, fresh, sdk, calls }
}

async function perSecond(count: number, run: () => unknown): Promise<number> {
  const start = performance.now()
  await run()
  return (count * 1_000) / (performance.now() - start)
}

/** Both ways, exact input and output, sizes spread over three orders of magnitude. */
function randomRequest(random: Random, { baseIsToken0 }: { readonly baseIsToken0: boolean }) {
  const way = random.pick(['down', 'up'] as const)
  const exact = random.pick(['in', 'out'] as const)
  const isOf0 = (way === 'down') === (exact === 'in')
  const coins = COINS_MAX * 10 ** -(3 * random.share())
  const [scale, worth] = isOf0 === baseIsToken0 ? [8, 1] : [6, 60_000]
  const amount = BigInt(Math.ceil(coins * worth * 1e6)) * 10n ** BigInt(scale - 6)
  return { way, exact, amount }
}

async function assertSame(
  pool: V3Pool,
  requests: readonly SwapRequest[],
  { theirs, calls }: Peers,
) {
  const called = await calls.all(requests)
  for (const [at, request] of requests.entries()) {
    const { amountIn, amountOut } = swap(pool, request)
    const own = request.exact === 'in' ? amountOut : amountIn
    const sdk = await theirs[at]?.()
    if (own === sdk && own === called[at]) continue
    throw new Error(`quotes differ: ${own}, the sdk's ${sdk}, the contract's ${called[at]}`)
  }
}

function crossedMean(pool: V3Pool, requests: readonly SwapRequest[]): number {
  return requests.reduce((sum, request) => sum + swap(pool, request).crossed, 0) / requests.length
}
