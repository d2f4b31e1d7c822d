// RSI reversion: buys the end of a setback in a market that rises.
//
// A short RSI comes back from below `oversold` while the close is above its long average: that is
// the entry. The exit is the RSI above `recovered`, or `maxBars` without it: what has not come back
// by then is no setback. At risk: `riskPercent` of equity a trade by a stop that waits at the
// venue, and never more than `maxQuote` in the market.

import { defineStrategy, p } from 'crossbook/strategy'

/** Of the price: a stop lies above 0. */
const REACH_MAX = 0.9

export default defineStrategy({
  name: 'rsi-reversion',
  params: {
    market: p.market('internal:ETH-USDC'),
    interval: p.text('15m'),
    period: p.int(2, 100, 4),
    oversold: p.number(1, 50, 20),
    recovered: p.number(40, 99, 60),
    /** Bars of the average that says whether the market rises. */
    trend: p.int(10, 250, 200),
    maxBars: p.int(1, 1_000, 16),
    riskPercent: p.number(0.01, 5, 1),
    atrBars: p.int(2, 100, 14),
    /** Distance of the stop from the entry, in average true ranges. */
    stopAtr: p.number(0.5, 20, 2.5),
    maxQuote: p.number(1, 1_000_000, 2_000),
  },
  /** `reach` is from the entry to the stop, as it was when it entered. */
  state: { isLong: false, held: 0, reach: 0 },
  setup(ctx, { market, interval, period, oversold, recovered, trend, ...risk }) {
    const { maxBars, riskPercent, atrBars, stopAtr, maxQuote } = risk
    const m = ctx.market(market)
    const bars = m.bars(interval)
    const [rsi, average, atr] = [bars.rsi(period), bars.sma(trend), bars.atr(atrBars)]

    bars.onClose(({ close }) => {
      if (ctx.state.isLong) {
        ctx.state.held += 1
        const isOver = rsi.value > recovered || ctx.state.held >= maxBars
        if (isOver) m.flatten({ maxSlippageBps: 50, tag: 'out' })
      } else if (rsi.crossedAbove(oversold) && close > average.value) {
        ctx.state.reach = Math.min(stopAtr * atr.value, REACH_MAX * close)
        const bearable = m.sizeOf(ctx.risk({ percent: riskPercent, stop: ctx.state.reach }))
        m.target(Math.min(bearable ?? 0, maxQuote / close), { tag: 'in' })
      }
    })
    m.onOpened((position) => {
      ctx.state.isLong = true
      ctx.state.held = 0
      position.protect({ stop: position.entry - ctx.state.reach })
    })
    m.onClosed(({ realised }) => {
      ctx.state.isLong = false
      ctx.note(`closed with ${realised.toFixed(2)} before fees`)
    })
    ctx.plot('rsi', { rsi })
    ctx.plot('trend', { average }, { over: m })
  },
})
