// Strategy text: what `crossbook new` writes: a strategy that runs, to be changed.

/** Of a name such as 'my-strategy'. */
export function strategyText(name: string): string {
  return `import { defineStrategy, p } from 'crossbook/strategy'

export default defineStrategy({
  name: '${name}',
  params: {
    market: p.market('internal:ETH-USDC'),
    fast: p.int(2, 200, 12),
    slow: p.int(3, 400, 26),
  },
  state: { entries: 0 },
  setup(ctx, { market, fast, slow }) {
    const m = ctx.market(market)
    const bars = m.bars('1m')
    const quick = bars.ema(fast)
    const calm = bars.ema(slow)
    const atr = bars.atr(14)
    // Called at each close, once everything above is warm.
    bars.onClose(() => {
      if (quick.crossedAbove(calm)) {
        m.target(ctx.risk({ percent: 1, stop: 2 * atr.value }), { tag: 'in' })
      }
      if (quick.crossedBelow(calm)) m.flatten({ tag: 'out' })
    })
    m.onOpened((position) => {
      ctx.state.entries += 1
      position.protect({ stop: position.entry - 2 * atr.value })
    })
    ctx.plot('trend', { quick, calm }, { over: m })
  },
})
`
}

export function testText(name: string): string {
  return `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testStrategy } from 'crossbook/testing'
import strategy from './${name}.ts'

/** A price that goes up and down by 5 %, a minute a bar. */
const bars = Array.from({ length: 1_000 }, (_, at) => {
  const price = (minute: number) => 2_000 * (1 + 0.05 * Math.sin(minute / 15))
  const [open, close] = [price(at - 1), price(at)]
  const [high, low] = [Math.max(open, close), Math.min(open, close)]
  return { openAt: at * 60_000_000, open, high, low, close, volume: 10 }
})

test('${name} trades in a market that goes up and down', () => {
  const { fills, state } = testStrategy(strategy, { bars })
  assert.ok(fills.length > 0)
  assert.ok(Number(state.entries) > 0)
})
`
}
