// The monitor: samples pools and books once a second and writes the status line.
//
// It reads what is in memory anyway; it never asks the sequencer, the database or the chain. The
// shadow pools take the swaps of the swappers as they are reported.

import type { Deployment } from '#connectors/evm/deployment.ts'
import type { Fleet } from '#platform/fleet/port.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import type { PrivateMessage } from '#views/live/message-slots.ts'
import type { PairReserves } from './chain.ts'
import { POOL_MARKETS } from './chain-plan.ts'
import { TAKER_FEE } from './genesis.ts'
import { createMeasure, type Measure } from './measure.ts'
import type { ArbitrageReport, SwapReport } from './runner.ts'
import { createShadowPool, poolPrice, type ShadowPool } from './shadow-pool.ts'

export type MonitorDeps = {
  readonly views: LiveViews
  /** Of the newest chain; none while one chain follows another. */
  readonly pools: PairReserves
  /** The same on every chain but for the instance. */
  readonly deployment: Deployment
  readonly fleet: Fleet
  /** Native ETH that one swap's gas costs. */
  readonly gasEth: () => number
}

export type Counters = {
  readonly fills: number
  readonly sameOwnerFills: number
  readonly swaps: number
}

export type Monitor = {
  readonly measure: Measure
  counters(): Counters
  swapped(swap: SwapReport): void
  arbitraged(report: ArbitrageReport): void
  /** Takes the second's samples and answers the status line. */
  second(): string
  close(): void
}

const POOL_FEE = { numerator: 997n, denominator: 1_000n }
const RATES = { poolFee: 0.003, takerFee: TAKER_FEE }

export function createMonitor(deps: MonitorDeps): Monitor {
  const { views } = deps
  const measure = createMeasure(RATES)
  const counters = { fills: 0, sameOwnerFills: 0, swaps: 0 }
  const shadows = new Map<string, ShadowPool>()
  const stop = views.listen({
    trade() {
      counters.fills += 1
    },
    message: sameOwners(views, () => {
      counters.sameOwnerFills += 1
    }),
  })

  function second(): string {
    const parts = POOL_MARKETS.map(({ symbol }) => {
      const look = lookAt(deps, symbol, shadows)
      if (look === undefined) return `${symbol} waiting`
      measure.sample(look)
      const bps = (look.pool / ((look.bid + look.ask) / 2) - 1) * 10_000
      const signed = `${bps < 0 ? '' : '+'}${bps.toFixed(1)}`
      return `${symbol} ${look.bid} / ${look.ask} pool ${look.pool.toFixed(2)} (${signed} bps)`
    })
    const gbp = quoteOf(views, 'GBP-USD')
    if (gbp !== undefined) parts.push(`GBP-USD ${gbp.bid} / ${gbp.ask}`)
    const bots = deps.fleet.list().map(({ id, pnl, state }) => `${id} ${pnl ?? '-'} (${state})`)
    const counts = `fills ${counters.fills}  swaps ${counters.swaps}`
    return [...parts, counts, `arb ${measure.arbitrages()}`, ...bots].join(' | ')
  }

  return {
    measure,
    counters: () => ({ ...counters }),
    swapped({ market, direction, amountIn }) {
      counters.swaps += 1
      shadowOf(deps, market, shadows)?.swap({ side: direction, amountIn: BigInt(amountIn) })
    },
    arbitraged: ({ realisedQuote, cause }) => measure.arbitrage({ realised: realisedQuote, cause }),
    second,
    close: stop,
  }
}

function lookAt(deps: MonitorDeps, market: string, shadows: Map<string, ShadowPool>) {
  const { pools, deployment } = deps
  const pair = deployment.pairs[market]
  const state = pools.get(market)
  const quote = quoteOf(deps.views, market)
  const shadow = shadowOf(deps, market, shadows)
  if (pair === undefined || state === undefined) return undefined
  if (quote === undefined || shadow === undefined) return undefined
  const decimals = {
    base: deployment.tokens[pair.base]?.decimals ?? 0,
    quote: deployment.tokens[pair.quote]?.decimals ?? 0,
  }
  const ether = quoteOf(deps.views, 'ETH-USDC')
  return {
    market,
    ...quote,
    pool: poolPrice({ base: state.reserveBase, quote: state.reserveQuote }, decimals),
    shadow: poolPrice(shadow.reserves(), decimals),
    reserve: Number(state.reserveQuote) / 10 ** decimals.quote,
    gas: deps.gasEth() * (ether?.bid ?? 0),
  }
}

/** Begins with the pool's reserves when it is first looked at, before any swap. */
function shadowOf({ pools }: MonitorDeps, market: string, shadows: Map<string, ShadowPool>) {
  const known = shadows.get(market)
  const state = pools.get(market)
  if (known !== undefined || state === undefined) return known
  const { reserveBase: base, reserveQuote: quote } = state
  const made = createShadowPool({ base, quote }, POOL_FEE)
  shadows.set(market, made)
  return made
}

function quoteOf(views: LiveViews, symbol: string) {
  const market = views.listing.marketBySymbol(symbol)
  if (market === undefined) return undefined
  const { bids, asks } = views.book(market.id, 1)
  const [bid] = bids[0] ?? []
  const [ask] = asks[0] ?? []
  if (bid === undefined || ask === undefined) return undefined
  const price = (ticks: number) => (ticks * market.tickUnits) / 10 ** market.priceScale
  return { bid: price(bid), ask: price(ask) }
}

/** The two sides of a fill are told one after the other, with the same trade id. */
function sameOwners(views: LiveViews, found: () => void): (message: PrivateMessage) => void {
  let last = { trade: '', owner: -1 }
  return (message) => {
    if (message.channel !== 'fills') return
    const { fill, account } = message
    const trade = `${fill.market}/${fill.tradeId}`
    const owner = Number(views.account(account)?.owner ?? -2)
    if (last.trade === trade && last.owner === owner) found()
    last = { trade, owner }
  }
}
