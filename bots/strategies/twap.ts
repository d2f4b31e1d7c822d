// TWAP: one order in equal slices over time, and what that has cost.
//
// It trades once and ends. What it missed while it was away it makes up for in one slice. At the
// end it says what its execution cost, as Perold measures it: against the price when it began, and
// against the mean price of its time, which is what a TWAP promises. At risk: the market may run
// away from it until the end; `maxSlippageBps` bounds each slice, and nothing bounds the whole.

import { defineStrategy, p } from 'crossbook/strategy'

export default defineStrategy({
  name: 'twap',
  params: {
    market: p.market('internal:ETH-USDC'),
    /** Base coins: above 0 it buys, below 0 it sells. */
    size: p.number(-1_000_000, 1_000_000, 1),
    over: p.text('1h'),
    slices: p.int(1, 1_000, 60),
    maxSlippageBps: p.number(1, 1_000, 25),
  },
  state: { arrival: 0, sum: 0, count: 0, isDone: false },
  setup(ctx, { market, size, over, slices, maxSlippageBps }) {
    if (size === 0) throw new RangeError('twap: a size above or below 0')
    const m = ctx.market(market)
    const side = size > 0 ? 'buy' : 'sell'

    ctx.every(1_000, () => {
      const price = m.price()
      if (price === undefined || ctx.state.isDone || ctx.isPaused()) return
      if (ctx.state.arrival === 0) {
        ctx.state.arrival = price
        m.twap({ side, size: Math.abs(size), over, slices, maxSlippageBps, tag: 'twap' })
      }
      ctx.state.sum += price
      ctx.state.count += 1
    })
    ctx.onExecutorEnded(({ outcome, filledBase, filledQuote }) => {
      const { arrival, sum, count } = ctx.state
      ctx.state.isDone = true
      const paid = filledBase === 0 ? arrival : filledQuote / filledBase
      const costBps = (than: number) =>
        Math.round((paid / than - 1) * 100_000 * Math.sign(size)) / 10
      const mean = count === 0 ? arrival : sum / count
      ctx.note(
        `${outcome}: ${filledBase} at ${paid.toFixed(2)}, which cost ${costBps(arrival)} bps`,
      )
      ctx.note(`against the mean price: ${costBps(mean)} bps`)
      ctx.report({ filledBase, paid, arrival, mean })
    })
  },
})
