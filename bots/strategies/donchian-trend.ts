// Donchian trend: the Turtles' first system, long only.
//
// A close above the highest high of the `entry` bars before it is the entry. From then on one stop
// waits at the venue: `stopAtr` average ranges below the entry at first, then at the lowest low of
// the last `exit` bars as soon as that is higher; it never goes down, and it works when the bot is
// gone. At risk: `riskPercent` of equity a trade, and never more than `maxQuote` in the market.

import { defineStrategy, p } from 'crossbook/strategy'

/** Of the price: a stop lies above 0. */
const REACH_MAX = 0.9

export default defineStrategy({
  name: 'donchian-trend',
  params: {
    market: p.market('internal:ETH-USDC'),
    interval: p.text('1h'),
    entry: p.int(2, 250, 20),
    exit: p.int(2, 250, 10),
    riskPercent: p.number(0.01, 5, 1),
    atrBars: p.int(2, 100, 20),
    /** Distance of the first stop from the entry, in average true ranges. */
    stopAtr: p.number(0.5, 20, 2),
    maxQuote: p.number(1, 1_000_000, 2_000),
  },
  /** Where the stop is, 0 without a position; how far below the entry the first one is. */
  state: { stop: 0, reach: 0 },
  setup(ctx, { market, interval, entry, exit, riskPercent, atrBars, stopAtr, maxQuote }) {
    const m = ctx.market(market)
    const bars = m.bars(interval)
    const { upper } = bars.donchian(entry)
    const { lower } = bars.donchian(exit)
    const atr = bars.atr(atrBars)

    bars.onClose(({ close }) => {
      if (ctx.state.stop > 0) {
        if (lower.value <= ctx.state.stop) return
        ctx.state.stop = lower.value
        m.position().protect({ stop: lower.value })
      } else if (close > upper.at(1)) {
        ctx.state.reach = Math.min(stopAtr * atr.value, REACH_MAX * close)
        const bearable = m.sizeOf(ctx.risk({ percent: riskPercent, stop: ctx.state.reach }))
        m.target(Math.min(bearable ?? 0, maxQuote / close), { tag: 'in' })
      }
    })
    m.onOpened((position) => {
      ctx.state.stop = position.entry - ctx.state.reach
      position.protect({ stop: ctx.state.stop })
    })
    m.onClosed(({ realised }) => {
      ctx.state.stop = 0
      ctx.note(`closed with ${realised.toFixed(2)} before fees`)
    })
    ctx.plot('channel', { upper, lower }, { over: m })
  },
})
