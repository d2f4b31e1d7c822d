// Bollinger breakout: buys the close that leaves a quiet market upwards.
//
// Quiet is what Carter calls a squeeze: Bollinger's bands lie inside of Keltner's channel. The
// first close above the upper band within `freshBars` of it is the entry, a close below the middle
// the exit. At risk: the way down to the lower band, where a stop waits at the venue, sized to
// `riskPercent` of equity, and never more than `maxQuote` in the market.

import { defineStrategy, p } from 'crossbook/strategy'

export default defineStrategy({
  name: 'bollinger-breakout',
  params: {
    market: p.market('internal:ETH-USDC'),
    interval: p.text('1h'),
    period: p.int(5, 200, 20),
    deviations: p.number(0.5, 5, 2),
    /** Half the width of Keltner's channel, in average true ranges: less is a rarer squeeze. */
    squeezeAtr: p.number(0.5, 10, 2),
    freshBars: p.int(1, 50, 6),
    riskPercent: p.number(0.01, 5, 1),
    maxQuote: p.number(1, 1_000_000, 2_000),
  },
  /** `floor` is the lower band when it entered. */
  state: { isLong: false, sinceQuiet: 1_000, floor: 0 },
  setup(ctx, { market, interval, period, deviations, squeezeAtr, freshBars, ...risk }) {
    const { riskPercent, maxQuote } = risk
    const m = ctx.market(market)
    const bars = m.bars(interval)
    const { upper, middle, lower } = bars.bollinger({ period, deviations })
    const keltner = bars.keltner({ period, atr: period, multiplier: squeezeAtr })

    bars.onClose(({ close }) => {
      const isFresh = ctx.state.sinceQuiet <= freshBars
      const isQuiet = upper.value < keltner.upper.value && lower.value > keltner.lower.value
      ctx.state.sinceQuiet = isQuiet ? 0 : ctx.state.sinceQuiet + 1
      if (ctx.state.isLong) {
        if (close < middle.value) m.flatten({ maxSlippageBps: 50, tag: 'out' })
      } else if (isFresh && bars.close.crossedAbove(upper)) {
        ctx.state.floor = Math.max(lower.value, close / 10)
        const stop = close - ctx.state.floor
        const bearable = m.sizeOf(ctx.risk({ percent: riskPercent, stop }))
        m.target(Math.min(bearable ?? 0, maxQuote / close), { tag: 'in' })
      }
    })
    m.onOpened((position) => {
      ctx.state.isLong = true
      position.protect({ stop: ctx.state.floor })
    })
    m.onClosed(({ realised }) => {
      ctx.state.isLong = false
      ctx.note(`closed with ${realised.toFixed(2)} before fees`)
    })
    ctx.plot('bands', { upper, middle, lower }, { over: m })
  },
})
