// The Uniswap V2 venue: pools as instruments, swaps as orders that are filled or failed at once.
//
// What it tells comes from pool states of a whole block, what it quotes from the exact maths of the
// router. Without a swapper it is read-only. It never quotes from a pool it has not read.

import type { MarketUpdate, Quote, QuoteRequest, Trading, Venue } from '../../venue.ts'
import { formatChainAmount, parseChainAmount } from '../chain-amount.ts'
import type { Fork } from './forks.ts'
import { type PoolMarket, toInstrument, toSnapshot } from './market.ts'
import { getAmountIn, getAmountOut } from './maths.ts'
import type { PoolReserves, PoolStates } from './pool-state.ts'

export type UniswapVenueDeps = {
  readonly fork: Fork
  readonly markets: readonly PoolMarket[]
  readonly states: PoolStates
  readonly trading?: Trading
}

/** A venue over pool states that somebody else keeps; closing it leaves them running. */
export function createUniswapVenue(deps: UniswapVenueDeps): Venue {
  const { fork, markets, states, trading } = deps
  const subscriptions = new Set<() => void>()

  function subscribe(symbol: string, listener: (update: MarketUpdate) => void): () => void {
    const market = marketIn(markets, symbol)
    if (market === undefined) throw new Error(`no pool for ${symbol}`)
    const end = states.onChange((changed, state) => {
      if (changed !== symbol) return
      listener({ kind: 'pool', symbol, ...toSnapshot(market, fork.fee, state) })
    })
    subscriptions.add(end)
    return () => {
      subscriptions.delete(end)
      end()
    }
  }

  return {
    name: fork.name,
    instruments: async () => markets.map((market) => toInstrument(market, fork.fee)),
    subscribe,
    async quote(request) {
      const market = marketIn(markets, request.symbol)
      const state = states.get(request.symbol)
      if (market === undefined || state === undefined) return unavailable('the pool is not known')
      return quoteAt(request, market, state, fork)
    },
    trading,
    async close() {
      for (const end of subscriptions) end()
      subscriptions.clear()
    },
  }
}

export function marketIn(markets: readonly PoolMarket[], symbol: string): PoolMarket | undefined {
  return markets.find(({ market }) => market === symbol)
}

function quoteAt(
  { side, quantity }: QuoteRequest,
  { baseToken, quoteToken }: PoolMarket,
  { reserveBase, reserveQuote, head }: PoolReserves,
  { fee }: Fork,
): Quote {
  const decimals = quantity.in === 'base' ? baseToken.decimals : quoteToken.decimals
  const exact = parseChainAmount(quantity.amount, decimals)
  if (exact === undefined) return unavailable('the quantity is malformed or too precise')
  const buys = side === 'buy'
  const reserves = buys
    ? { in: reserveQuote, out: reserveBase }
    : { in: reserveBase, out: reserveQuote }
  const pays = buys ? 'quote' : 'base'
  const other =
    quantity.in === pays ? getAmountOut(exact, reserves, fee) : getAmountIn(exact, reserves, fee)
  if (other === undefined) return unavailable('the pool has not that much')
  const [base, quote] = quantity.in === 'base' ? [exact, other] : [other, exact]
  return {
    kind: 'quote',
    base: formatChainAmount(base, baseToken.decimals),
    quote: formatChainAmount(quote, quoteToken.decimals),
    at: head.timestamp * 1_000_000,
  }
}

function unavailable(reason: string): Quote {
  return { kind: 'unavailable', reason }
}
