// EMA cross: long while a fast average is above a slow one.
//
// It enters at a crossing and at nothing else, and leaves at the first close that finds the fast
// average below, so that a crossing which was missed while the bot was away still ends a position.
// At risk: `riskPercent` of equity a trade by a stop that waits at the venue, and never more than
// `maxQuote` in the market.

import { defineStrategy, p } from 'crossbook/strategy'

/** Of the price: a stop lies above 0. */
const REACH_MAX = 0.9

export default defineStrategy({
  name: 'ema-cross',
  params: {
    market: p.market('internal:ETH-USDC'),
    interval: p.text('1h'),
    fast: p.int(2, 200, 12),
    slow: p.int(3, 400, 26),
    riskPercent: p.number(0.01, 5, 1),
    atrBars: p.int(2, 100, 14),
    /** Distance of the stop from the entry, in average true ranges. */
    stopAtr: p.number(0.5, 20, 3),
    maxQuote: p.number(1, 1_000_000, 2_000),
  },
  /** `reach` is from the entry to the stop, as it was when it entered. */
  state: { isLong: false, reach: 0 },
  setup(ctx, { market, interval, fast, slow, riskPercent, atrBars, stopAtr, maxQuote }) {
    if (fast >= slow) throw new RangeError('ema-cross: fast is shorter than slow')
    const m = ctx.market(market)
    const bars = m.bars(interval)
    const [quick, calm, atr] = [bars.ema(fast), bars.ema(slow), bars.atr(atrBars)]

    bars.onClose(({ close }) => {
      if (ctx.state.isLong) {
        if (quick.value < calm.value) m.flatten({ maxSlippageBps: 50, tag: 'out' })
      } else if (quick.crossedAbove(calm)) {
        ctx.state.reach = Math.min(stopAtr * atr.value, REACH_MAX * close)
        const bearable = m.sizeOf(ctx.risk({ percent: riskPercent, stop: ctx.state.reach }))
        m.target(Math.min(bearable ?? 0, maxQuote / close), { tag: 'in' })
      }
    })
    m.onOpened((position) => {
      ctx.state.isLong = true
      position.protect({ stop: position.entry - ctx.state.reach })
    })
    m.onClosed(({ realised }) => {
      ctx.state.isLong = false
      ctx.note(`closed with ${realised.toFixed(2)} before fees`)
    })
    ctx.plot('trend', { quick, calm }, { over: m })
  },
})
