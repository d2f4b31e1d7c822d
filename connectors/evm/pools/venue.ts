// The venue of pools of one protocol: pools as instruments, swaps as orders that fill or fail.
//
// What it tells comes from states of a whole block, what it quotes from maths equal to the
// contracts'. Every pool is told as a book; a constant product pool as its reserves, too. Without
// trading it is read-only. It never quotes from a pool it has not read.

import type {
  MarketUpdate,
  PoolSnapshot,
  Quote,
  QuoteRequest,
  Trading,
  Venue,
} from '../../venue.ts'
import { formatChainAmount, parseChainAmount } from '../chain-amount.ts'
import { depthOf } from './depth.ts'
import { type PoolMarket, toInstrument, wayOf } from './market.ts'
import type { PoolAt, PoolMirror } from './mirror.ts'
import { reservesOf } from './pool.ts'
import { quotePool } from './quoting.ts'

export type PoolVenueDeps = {
  /** 'uniswap-v2', or the name of a fork. */
  readonly name: string
  readonly markets: readonly PoolMarket[]
  readonly mirror: PoolMirror
  readonly trading?: Trading
}

/** A venue over a mirror that somebody else keeps; closing it leaves that running. */
export function createPoolVenue({ name, markets, mirror, trading }: PoolVenueDeps): Venue {
  const subscriptions = new Set<() => void>()

  function subscribe(symbol: string, listener: (update: MarketUpdate) => void): () => void {
    const market = marketIn(markets, symbol)
    if (market === undefined) throw new Error(`no pool for ${symbol}`)
    const end = mirror.onChange((changed, at) => {
      if (changed !== symbol) return
      const snapshot = toSnapshot(market, at)
      if (snapshot !== undefined) listener({ kind: 'pool', symbol, ...snapshot })
      listener({ kind: 'book', symbol, ...depthOf(market, at.state), at: timeOf(at) })
    })
    subscriptions.add(end)
    return () => {
      subscriptions.delete(end)
      end()
    }
  }

  return {
    name,
    instruments: async () => markets.map(toInstrument),
    subscribe,
    async quote(request) {
      const market = marketIn(markets, request.symbol)
      const at = mirror.get(request.symbol)
      if (market === undefined || at === undefined) return unavailable('the pool is not known')
      return quoteAt(request, market, at)
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

/** Reserves as a venue tells them: plain text that fits through any channel. */
function toSnapshot(market: PoolMarket, at: PoolAt): PoolSnapshot | undefined {
  const { state } = at
  if (state.kind !== 'v2') return undefined
  const { reserveBase, reserveQuote } = reservesOf(market, state)
  return {
    reserveBase: reserveBase.toString(),
    reserveQuote: reserveQuote.toString(),
    baseDecimals: market.baseToken.decimals,
    quoteDecimals: market.quoteToken.decimals,
    feeNumerator: state.fee.numerator.toString(),
    feeDenominator: state.fee.denominator.toString(),
    block: at.head.number,
    at: timeOf(at),
  }
}

function quoteAt({ side, quantity }: QuoteRequest, market: PoolMarket, at: PoolAt): Quote {
  const { baseToken, quoteToken } = market
  const decimals = quantity.in === 'base' ? baseToken.decimals : quoteToken.decimals
  const amount = parseChainAmount(quantity.amount, decimals)
  if (amount === undefined) return unavailable('the quantity is malformed or too precise')
  const exact = (side === 'buy') === (quantity.in === 'quote') ? 'in' : 'out'
  const quoted = quotePool(at.state, { way: wayOf(market, side), exact, amount })
  if (quoted === undefined) return unavailable('the pool has not that much')
  const { amountIn, amountOut } = quoted
  const [base, quote] = side === 'buy' ? [amountOut, amountIn] : [amountIn, amountOut]
  return {
    kind: 'quote',
    base: formatChainAmount(base, baseToken.decimals),
    quote: formatChainAmount(quote, quoteToken.decimals),
    at: timeOf(at),
  }
}

/** Microseconds, by the chain's clock. */
export function timeOf({ head }: PoolAt): number {
  return head.timestamp * 1_000_000
}

export function unavailable(reason: string): Quote {
  return { kind: 'unavailable', reason }
}
