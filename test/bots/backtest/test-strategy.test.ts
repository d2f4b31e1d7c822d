// testStrategy: bars in, fills at the next open out, on the real engine.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testStrategy } from '#bots/backtest/test-strategy.ts'
import { defineStrategy, p } from '#bots/strategy.ts'
import { barsOf, waves } from './waves.ts'

const emaCross = defineStrategy({
  name: 'ema-cross',
  params: {
    market: p.market('internal:ETH-USDC'),
    fast: p.int(2, 200, 5),
    slow: p.int(3, 400, 12),
  },
  state: { entries: 0 },
  setup(ctx, { market, fast, slow }) {
    const m = ctx.market(market)
    const bars = m.bars('1m')
    const [f, s, atr] = [bars.ema(fast), bars.ema(slow), bars.atr(14)]
    bars.onClose(() => {
      if (f.crossedAbove(s)) m.target(ctx.risk({ percent: 1, stop: 2 * atr.value }), { tag: 'in' })
      if (f.crossedBelow(s)) m.flatten({ tag: 'out' })
    })
    m.onOpened((position) => {
      ctx.state.entries += 1
      position.protect({ stop: position.entry - 4 * atr.value })
    })
    ctx.plot('trend', { f, s }, { over: m })
    m.onClosed(() => ctx.note('closed'))
  },
})

test('the strategy of the first page buys and sells on its crossings', () => {
  const bars = waves(1_000)
  const { fills, state, plots, notes, balances, warmBars, orders } = testStrategy(emaCross, {
    bars,
  })
  assert.ok(Number(state.entries) > 3, `entries: ${state.entries}`)
  assert.ok(fills.some(({ side }) => side === 'sell'))
  assert.equal(plots.length, 1_000 - warmBars)
  const { chart, over, at, values } = plots.at(-1) ?? assert.fail()
  assert.deepEqual([chart, over, at], ['trend', 'internal:ETH-USDC', bars.at(-1)?.openAt])
  assert.deepEqual(
    [Object.keys(values), Object.values(values).every(Number.isFinite)],
    [['f', 's'], true],
  )
  const times = new Set(fills.map((fill) => fill.at))
  assert.ok(notes.length > 0 && notes.every((note) => note.text === 'closed' && times.has(note.at)))
  assert.ok((balances.USDC ?? 0) > 0 && orders.length > 0)
})

test('1,000 bars take less than 100 ms', () => {
  const bars = waves(1_000)
  const times = Array.from({ length: 5 }, () => {
    // Of this process: what else the machine does is not ours.
    const start = process.cpuUsage()
    testStrategy(emaCross, { bars })
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1_000
  })
  assert.ok(Math.min(...times) < 100, `${Math.min(...times)} ms`)
})

/** Places what a test says at the close of the first bar. */
function once(order: Parameters<ReturnType<typeof marketOf>['place']>[0]) {
  return defineStrategy({
    name: 'once',
    params: {},
    state: { codes: [] as string[] },
    setup(ctx) {
      const m = ctx.market('internal:ETH-USDC')
      const bars = m.bars('1m')
      let isPlaced = false
      bars.onClose(() => {
        if (!isPlaced) m.place(order)
        isPlaced = true
      })
      m.onOrder(({ code }) => {
        if (code !== undefined) ctx.state.codes.push(code)
      })
    },
  })
}

declare function marketOf(): import('#bots/strategy.ts').Market

const HISTORY = barsOf([100, 100, 100], 1_699_999_800_000_000)

function run(order: Parameters<typeof once>[0], closes: number[], balances = {}) {
  const own = { USDC: '10000', ETH: '10', ...balances }
  return testStrategy(once(order), { bars: barsOf(closes), history: HISTORY, balances: own })
}

test('an order of a close is filled at the next open', () => {
  const bars = barsOf([100, 100, 120])
  const gap = bars.map((bar, at) => (at === 1 ? { ...bar, open: 103, high: 103 } : bar))
  const { fills } = testStrategy(once({ side: 'buy', size: 1 }), {
    ...{ bars: gap, history: HISTORY, balances: { USDC: '10000' } },
  })
  assert.deepEqual(
    fills.map(({ base, quote }) => [base, quote]),
    [['1.0000', '103.000000']],
  )
})

test('a limit order is filled at its price when the market goes through it, not at a touch', () => {
  const order = { side: 'buy', size: 1, price: 95 } as const
  assert.deepEqual(run(order, [100, 100, 95, 96]).fills, [])
  const [fill] = run(order, [100, 100, 94, 96]).fills
  assert.deepEqual([fill?.quote, fill?.liquidity], ['95.000000', 'maker'])
})

test('a stop fires at its price, or at the first price beyond it after a gap', () => {
  const order = { side: 'sell', size: 1, type: 'stop', trigger: 95 } as const
  const [fill] = run(order, [100, 100, 90, 96]).fills
  assert.deepEqual([fill?.side, fill?.quote], ['sell', '95.000000'])
  const gap = barsOf([100, 100, 90]).map((bar, at) =>
    at === 2 ? { ...bar, open: 92, high: 92 } : bar,
  )
  const balances = { ETH: '10' }
  const [late] = testStrategy(once(order), { bars: gap, history: HISTORY, balances }).fills
  assert.equal(late?.quote, '92.000000')
})

test('what the engine refuses is refused with its code', () => {
  const { state, fills } = run({ side: 'buy', size: 1_000, price: 50 }, [100, 100, 100])
  assert.deepEqual([state.codes, fills], [['funds.insufficient'], []])
})

test('a number that is none comes back refused and never leaves', () => {
  for (const [order, code] of [
    [{ side: 'buy', size: Number.NaN }, 'bot.not_a_number'],
    [{ side: 'buy', size: -1 }, 'bot.not_a_number'],
    [{ side: 'buy', size: 0.00001 }, 'bot.below_lot'],
    [{ side: 'buy', size: 1, price: Number.NaN }, 'bot.not_a_number'],
    [{ side: 'buy', size: 1, price: -5 }, 'bot.not_a_number'],
    [{ side: 'sell', size: 1, type: 'stop', trigger: Number.NaN }, 'bot.not_a_number'],
    [{ side: 'buy' }, 'bot.malformed'],
  ] as const) {
    assert.deepEqual(run(order, [100, 100, 100]).state.codes, [code], JSON.stringify(order))
  }
})

test('too few bars for the history of an indicator are said, with the number needed', () => {
  assert.throws(() => testStrategy(emaCross, { bars: waves(50) }), /\d+ bars are history here/)
})

test('the same bars give the same run', () => {
  const bars = waves(400)
  const [one, two] = [testStrategy(emaCross, { bars }), testStrategy(emaCross, { bars })]
  assert.deepEqual(one.fills, two.fills)
  assert.deepEqual(one.saved, two.saved)
})

test('a fee in what was received makes the position smaller, and that is sold', () => {
  const strategy = defineStrategy({
    ...{ name: 'received', params: {}, state: { sizes: [] as number[] } }, // Empty at first.
    setup(ctx) {
      const m = ctx.market('internal:ETH-USDC')
      m.bars('1m').onClose(() => {
        ctx.state.sizes.push(m.position().size)
        if (ctx.state.sizes.length === 1) m.place({ side: 'buy', size: 1, feeIn: 'received' })
        if (ctx.state.sizes.length === 3) m.flatten()
      })
    },
  })
  const bar = { open: 100, high: 100, low: 100, close: 100, volume: 1 }
  const bars = Array.from({ length: 8 }, (_, at) => ({ ...bar, openAt: at * 60_000_000 }))
  const { fills, state, balances } = testStrategy(strategy, { bars })
  assert.deepEqual(
    fills.map(({ side, base, fee }) => [side, base, fee.asset, fee.amount]),
    [
      ['buy', '1.0000', 'ETH', '0.0005'],
      ['sell', '0.9995', 'USDC', '0.049975'],
    ],
  )
  assert.deepEqual(Object(state).sizes, [0, 0.9995, 0.9995, 0, 0, 0])
  assert.equal(balances.ETH, 0)
})
