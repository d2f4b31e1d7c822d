// Swappers: seeded random people who swap on a pool through the real router.
//
// Each swap is sized by the pool's own maths so that its price impact is normally distributed, in
// both directions. A swapper leans to the side that brings its coins back to even shares and never
// gives more than a part of what it has, so its wallet does not run dry. Pauses vary by half, so
// that swaps do not fall into step with whoever samples the pool.

import type { MarketUpdate, PoolSnapshot, Side, Trading, Venue } from '#connectors/venue.ts'
import { createGauss, createUniform } from '../random.ts'
import type { SwapReport } from './messages.ts'

export type SwapperOptions = {
  /** With trading. */
  readonly venue: Venue
  readonly market: string
  readonly seed: number
  readonly everyMs: number
  readonly impactStdBps: number
  readonly idPrefix: string
  readonly now: () => number
  readonly onSwap: (swap: SwapReport) => void
  readonly log: (text: string) => void
}

export type Swapper = { stop(): Promise<void> }

type Run = SwapperOptions & {
  readonly trading: Trading
  readonly uniform: () => number
  readonly gauss: () => number
  pool: PoolSnapshot | undefined
  swaps: number
  isStopped: boolean
  timer: NodeJS.Timeout | undefined
  last: Promise<unknown>
}

/** How much worse than the pool's present price a swap may be: others swap, too. */
const SLIPPAGE = 0.05
const SHARE_MAX = 0.25
const LEAN = 1
const BPS = 10_000

export async function startSwapper(options: SwapperOptions): Promise<Swapper> {
  const { venue, seed, market } = options
  const { trading } = venue
  if (trading === undefined) throw new Error(`${venue.name} has no trading`)
  const uniform = createUniform(seed)
  const run: Run = {
    ...options,
    ...{ trading, uniform, gauss: createGauss(uniform), pool: undefined, swaps: 0 },
    ...{ isStopped: false, timer: undefined, last: Promise.resolve() },
  }
  const end = venue.subscribe(market, (update: MarketUpdate) => {
    if (update.kind === 'pool') run.pool = update
    else if (update.kind === 'stale') run.pool = undefined
  })
  schedule(run)
  return {
    async stop() {
      run.isStopped = true
      clearTimeout(run.timer)
      end()
      await run.last
    },
  }
}

/** The pause counts from one swap's beginning to the next one's, so the mean is everyMs. */
function schedule(run: Run): void {
  if (run.isStopped) return
  const pause = run.everyMs * (0.5 + run.uniform())
  run.timer = setTimeout(() => {
    const before = run.last
    run.last = before.then(() => swapOnce(run)).catch((error: unknown) => run.log(String(error)))
    schedule(run)
  }, pause)
}

async function swapOnce(run: Run): Promise<void> {
  const { pool, market } = run
  const impact = Math.abs(run.gauss() * run.impactStdBps) / BPS
  const leaning = run.uniform()
  const answer = await run.trading.balances()
  if (pool === undefined || answer.kind !== 'ok' || run.isStopped) return
  const held = (asset: string) =>
    Number(answer.value.find((balance) => balance.asset === asset)?.available ?? 0)
  const [base = '', quote = ''] = market.split('-')
  const coins = coinsOf(pool)
  const price = coins.quote / coins.base
  const side = sideOf({ bases: held(base) * price, quotes: held(quote), leaning })
  const wanted = inputFor({ ...coins, fee: feeOf(pool), side, impact })
  const has = side === 'buy' ? held(quote) : held(base)
  const amount = Math.min(wanted, has * SHARE_MAX)
  await swap(run, { side, price, amount, decimals: decimalsOf(pool, side) })
}

function sideOf(of: { bases: number; quotes: number; leaning: number }): Side {
  const { bases, quotes, leaning } = of
  const shift = bases + quotes > 0 ? (LEAN * (quotes - bases)) / (2 * (quotes + bases)) : 0
  return leaning < 0.5 + shift ? 'buy' : 'sell'
}

type Impact = {
  readonly base: number
  readonly quote: number
  /** The share of the input that takes part. */
  readonly fee: number
  readonly side: Side
  readonly impact: number
}

/**
 * Coins in, so that the price moves by the factor 1 + impact (or its inverse for a sale). With the
 * input reserve R, x coins in and g the share that takes part, the price moves by
 * (1 + x / R)(1 + g x / R); solved for x.
 */
export function inputFor({ base, quote, fee, side, impact }: Impact): number {
  const reserve = side === 'buy' ? quote : base
  const root = Math.sqrt((1 + fee) ** 2 + 4 * fee * impact)
  return (reserve * (root - (1 + fee))) / (2 * fee)
}

type Swap = {
  readonly side: Side
  readonly price: number
  readonly amount: number
  readonly decimals: number
}

async function swap(run: Run, { side, price, amount, decimals }: Swap): Promise<void> {
  const text = amount.toFixed(Math.min(decimals, 8))
  if (!(Number(text) > 0)) return
  run.swaps += 1
  const limit = price * (side === 'buy' ? 1 + SLIPPAGE : 1 - SLIPPAGE)
  const answer = await run.trading.place({
    clientOrderId: `${run.idPrefix}${run.swaps.toString(36)}`,
    ...{ sentAt: run.now(), symbol: run.market, side, timeInForce: 'FOK' },
    ...{ quantity: { in: side === 'buy' ? 'quote' : 'base', amount: text } },
    limitPrice: limit.toFixed(8),
  })
  const order = answer.kind === 'accepted' ? answer.order : undefined
  if (order?.state !== 'filled') {
    run.log(`swapper ${run.market}: ${answer.kind === 'accepted' ? order?.code : answer.kind}`)
    return
  }
  const amountIn = units(side === 'buy' ? order.filledQuote : order.filledBase)
  const { market, now } = run
  run.onSwap({ market, direction: side, amountIn, txHash: order.venueOrderId ?? '', at: now() })
}

/** A decimal with all its digits is smallest units with a point in it. */
function units(decimal: string): string {
  return BigInt(decimal.replace('.', '')).toString()
}

function coinsOf(pool: PoolSnapshot) {
  return {
    base: Number(pool.reserveBase) / 10 ** pool.baseDecimals,
    quote: Number(pool.reserveQuote) / 10 ** pool.quoteDecimals,
  }
}

function feeOf(pool: PoolSnapshot): number {
  return Number(pool.feeNumerator) / Number(pool.feeDenominator)
}

function decimalsOf(pool: PoolSnapshot, side: Side): number {
  return side === 'buy' ? pool.quoteDecimals : pool.baseDecimals
}
