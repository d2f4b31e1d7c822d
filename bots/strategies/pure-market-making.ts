// Pure market making: quotes on both sides of a price, a step further out for each level.
//
// The more it holds, the lower it quotes, so that the market takes it off its hands; at `maxQuote`
// it quotes on one side only. `reference` is the price it quotes around: that of the book itself,
// or of a venue that knows better. At risk: `maxQuote` of inventory. What it holds is sold at the
// market when it has lost `stopQuote`; how often that may happen is the risk envelope's to say.

import { defineStrategy, keepQuotes, p } from 'crossbook/strategy'

const BPS = 10_000

export default defineStrategy({
  name: 'pure-market-making',
  params: {
    market: p.market('internal:ETH-USDC'),
    reference: p.market('internal:ETH-USDC'),
    levels: p.int(1, 10, 2),
    /** From the price to the first level, and from each level to the next. */
    spreadBps: p.number(0.5, 1_000, 15),
    stepBps: p.number(0.5, 1_000, 15),
    levelQuote: p.number(5, 100_000, 200),
    maxQuote: p.number(1, 1_000_000, 1_000),
    /** How far all quotes are shifted when it holds maxQuote. */
    skewBps: p.number(0, 1_000, 15),
    stopQuote: p.number(1, 1_000_000, 50),
    toleranceBps: p.number(0, 100, 3),
    refreshMs: p.int(250, 60_000, 1_000),
  },
  state: {},
  setup(ctx, { market, reference, levels, spreadBps, stepBps, levelQuote, ...limits }) {
    const { maxQuote, skewBps, stopQuote, toleranceBps, refreshMs } = limits
    const m = ctx.market(market)
    const priced = ctx.market(reference)

    function wanted(price: number) {
      const { base, quote } = m.instrument
      const held = m.position().size * price
      const centre = price * (1 - ((held / maxQuote) * skewBps) / BPS)
      return Array.from({ length: levels }, (_, level) => {
        const offset = (spreadBps + level * stepBps) / BPS
        const used = (level + 1) * levelQuote
        const size = levelQuote / price
        const mayBuy = held + used <= maxQuote && used <= m.balance(quote)
        const maySell = used - held <= maxQuote && used <= m.balance(base) * price
        return [
          ...(mayBuy ? [{ side: 'buy', price: centre * (1 - offset), size } as const] : []),
          ...(maySell ? [{ side: 'sell', price: centre * (1 + offset), size } as const] : []),
        ]
      }).flat()
    }

    function quote(): void {
      // A flatten that is under way has the market for itself.
      if (ctx.isPaused() || ctx.executors().length > 0) return
      const price = priced.price()
      const { size, entry } = m.position()
      if (price !== undefined && size * (price - entry) < -stopQuote) {
        ctx.note(`stopped out of ${size} at ${price}`)
        m.flatten()
      } else keepQuotes(m, price === undefined ? [] : wanted(price), { toleranceBps })
    }

    ctx.every(refreshMs, quote)
    priced.onStale(quote)
  },
})
