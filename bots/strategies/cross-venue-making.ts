// Cross-venue market making: quotes on the book what it can buy or sell at the pool a moment later.
//
// A quote is the pool's own price for the whole order with fees, gas and `edgeBps` on top. What the
// book fills is traded the other way on the pool; what is still open there is the difference of two
// positions that survive a crash, so it is neither forgotten nor hedged twice. At risk: what is not
// hedged yet. Beyond `openQuote` of it nothing is quoted; a hedge goes at most `hedgeMaxBps` beyond
// the pool's price, its fee included, and is tried again until it is done.

import { defineStrategy, keepQuotes, p, type WantedQuote } from 'crossbook/strategy'

const BPS = 10_000

export default defineStrategy({
  name: 'cross-venue-making',
  params: {
    book: p.market('internal:ETH-USDC'),
    /** One that tells its reserves: of Uniswap V2. */
    pool: p.market('uniswap-v2:ETH-USDC'),
    orderQuote: p.number(10, 100_000, 500),
    /** Earned by a round, after the fees of both venues and gas. */
    edgeBps: p.number(0, 1_000, 10),
    /** What the gas of a swap costs, in quote coins. */
    gasQuote: p.number(0, 1_000, 0.5),
    hedgeMaxBps: p.number(1, 1_000, 100),
    /** Less than that waits for more of it: a swap has its price. */
    hedgeQuote: p.number(1, 100_000, 50),
    openQuote: p.number(10, 1_000_000, 1_000),
    toleranceBps: p.number(0, 100, 3),
    refreshMs: p.int(250, 60_000, 1_000),
  },
  state: {},
  setup(ctx, { book: bookName, pool: poolName, orderQuote, edgeBps, gasQuote, ...limits }) {
    const { hedgeMaxBps, hedgeQuote, openQuote, toleranceBps, refreshMs } = limits
    const book = ctx.market(bookName)
    const pool = ctx.market(poolName)
    const { base, quote } = book.instrument
    const makerFee = Number(book.instrument.makerFee)
    const isHedging = () => ctx.executors().some(({ tag }) => tag === 'hedge')
    const openBase = () => book.position().size + pool.position().size

    /** Quote coins for a swap of so many base coins, by the product that stays the same. */
    function swapped(side: 'buy' | 'sell', size: number): number | undefined {
      const known = pool.pool()
      if (known === undefined) return undefined
      const bases = Number(known.reserveBase) / 10 ** known.baseDecimals
      const quotes = Number(known.reserveQuote) / 10 ** known.quoteDecimals
      const fee = Number(known.feeNumerator) / Number(known.feeDenominator)
      if (side === 'sell') return (quotes * size * fee) / (bases + size * fee)
      return size < bases ? (quotes * size) / ((bases - size) * fee) : undefined
    }

    function wanted(price: number): WantedQuote[] {
      const size = orderQuote / price
      const [cost, gain] = [swapped('buy', size), swapped('sell', size)]
      if (cost === undefined || gain === undefined) return []
      const ask = (((cost + gasQuote) / size) * (1 + edgeBps / BPS)) / (1 - makerFee)
      const bid = (((gain - gasQuote) / size) * (1 - edgeBps / BPS)) / (1 + makerFee)
      // Both legs must be affordable: coins on the book, and the other ones on the chain.
      const maySell = book.balance(base) >= size && pool.balance(quote) >= 2 * cost
      const mayBuy = book.balance(quote) >= orderQuote && pool.balance(base) >= 2 * size
      return [
        ...(mayBuy ? [{ side: 'buy', price: bid, size } as const] : []),
        ...(maySell ? [{ side: 'sell', price: ask, size } as const] : []),
      ]
    }

    function hedge(): void {
      const open = Math.abs(openBase()) * (pool.price() ?? 0)
      if (ctx.isPaused() || isHedging() || open < hedgeQuote) return
      pool.target(-book.position().size, { maxSlippageBps: hedgeMaxBps, tag: 'hedge' })
    }

    function look(): void {
      if (ctx.isPaused()) return
      hedge()
      const price = pool.price()
      const isSafe = price !== undefined && Math.abs(openBase()) * price <= openQuote
      keepQuotes(book, isSafe ? wanted(price) : [], { toleranceBps })
    }

    pool.onPool(look)
    pool.onStale(look)
    // What an order has traded is in the position by then.
    book.onOrder(hedge)
    ctx.every(refreshMs, look)
  },
})
