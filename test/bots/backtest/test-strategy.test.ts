// testStrategy: bars in, fills at the next open out, on the real engine.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testStrategy } from '#bots/backtest/test-strategy.ts'
import { defineStrategy, p } from '#bots/strategy.ts'
import { barsOf, MINUTE_US, waves } from './waves.ts'

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
    ctx.plot('trend', { f, s })
  },
})

test('the strategy of the first page buys and sells on its crossings', () => {
  const { fills, state, plots, balances, warmBars, orders } = testStrategy(emaCross, {
    bars: waves(1_000),
  })
  assert.ok(Number(state.entries) > 3, `entries: ${state.entries}`)
  assert.ok(fills.some(({ side }) => side === 'sell'))
  assert.equal(plots.length, 1_000 - warmBars)
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

test('an order is amended with the next open, and its refusal leaves it as it was', () => {
  const strategy = defineStrategy({
    ...{ name: 'amends', params: {}, state: { id: '', heard: [] as string[] } }, // Empty at first.
    setup(ctx) {
      const m = ctx.market('internal:ETH-USDC')
      let closes = 0
      m.bars('1m').onClose(() => {
        closes += 1
        const { id } = ctx.state
        if (closes === 1) ctx.state.id = m.place({ side: 'buy', size: 1, price: 90 })
        if (closes === 2) m.amend(id, { size: 1_000_000 })
        if (closes === 3) m.amend(id, { size: 0.5, price: 95 })
      })
      m.onOrder(({ state, size, limitPrice, code }) => {
        ctx.state.heard.push([state, size, limitPrice, code].filter(Boolean).join(' '))
      })
    },
  })
  const { state, fills } = testStrategy(strategy, {
    ...{ bars: barsOf([100, 100, 100, 100, 94]), history: HISTORY },
  })
  assert.deepEqual(state.heard, [
    ...['open 1.0000 90.00', 'open 1.0000 90.00 funds.insufficient', 'open 0.5000 95.00'],
    'filled 0.5000 95.00',
  ])
  assert.deepEqual(
    fills.map(({ base, quote, venue }) => [base, quote, venue]),
    [['0.5000', '47.500000', 'internal']],
  )
})

/** Buys where it is cheap and sells where it is dear, once. */
const between = defineStrategy({
  ...{ name: 'between', params: {}, state: { isDone: false } },
  setup(ctx) {
    const [here, there] = [ctx.market('internal:ETH-USDC'), ctx.market('other:ETH-USDC')]
    here.bars('1m').onClose(() => {
      const [low, high] = [here.price() ?? 0, there.price() ?? 0]
      if (ctx.state.isDone || high < low * 1.01) return
      ctx.state.isDone = true
      here.place({ side: 'buy', size: 1 })
      there.place({ side: 'sell', size: 1 })
    })
  },
})

test('a strategy of two venues trades on both, each with money of its own', () => {
  const { fills, balancesAt, balances, equity } = testStrategy(between, {
    bars: barsOf([100, 100, 100, 100, 100, 100]),
    also: { 'other:ETH-USDC': { bars: barsOf([100, 100, 100, 104, 104, 104]) } },
    balancesAt: { internal: { USDC: '1000' }, other: { ETH: '2' } },
  })
  assert.deepEqual(
    fills.map(({ venue, side, quote }) => [venue, side, quote]),
    [
      ['internal', 'buy', '100.000000'],
      ['other', 'sell', '104.000000'],
    ],
  )
  assert.deepEqual(balancesAt, {
    internal: { ETH: 1, USDC: 899.95 },
    other: { ETH: 1, USDC: 103.948 },
  })
  assert.equal(balances.ETH, 2)
  assert.ok(Math.abs(equity - (899.95 + 103.948 + 200)) < 1e-9, 'at the closes of the first market')
})

test('nothing of a long bar is seen before its end, whatever happens beside it', () => {
  const strategy = defineStrategy({
    ...{ name: 'long', params: {}, state: { seen: [] as string[] } }, // Empty at first.
    setup(ctx) {
      const [quick, slow] = [ctx.market('internal:ETH-USDC'), ctx.market('internal:BTC-USDC')]
      quick.bars('1m').onClose(() => {
        if (ctx.state.seen.length === 0) slow.place({ side: 'buy', size: 1, price: 150 })
        ctx.state.seen.push(`${slow.price()} ${slow.position().size}`)
      })
      slow.bars('3m').onClose(({ close }) => void ctx.state.seen.push(`close ${close}`))
    },
  })
  const long = { open: 200, high: 300, low: 100, close: 250, volume: 1 }
  const startAt = 1_700_000_100_000_000
  const longs = [-2, -1, 0, 1].map((no) => ({ ...long, openAt: startAt + no * 3 * MINUTE_US }))
  const slow = { history: longs.slice(0, 2), bars: longs.slice(2), interval: '3m' }
  const { state, fills } = testStrategy(strategy, {
    bars: barsOf([10, 10, 10, 10, 10, 10], startAt),
    history: barsOf([10, 10], startAt - 2 * MINUTE_US),
    also: { 'internal:BTC-USDC': slow },
  })
  assert.deepEqual(state.seen, [
    ...['undefined 0', 'undefined 0', 'undefined 0', 'close 250'],
    ...['250 0', '250 0', '250 1', 'close 250'],
  ])
  assert.deepEqual([fills.length, fills[0]?.symbol], [1, 'BTC-USDC'])
})

test('a market that only tells prices tells its closes, and takes no order', () => {
  const strategy = defineStrategy({
    ...{ name: 'reads', params: {}, state: { heard: [] as string[] } }, // Empty at first.
    setup(ctx) {
      const told = ctx.market('reference:ETH-USDC')
      ctx.market('internal:ETH-USDC')
      told.onPrice((price) => {
        ctx.state.heard.push(`price ${price}`)
        told.place({ side: 'buy', size: 1 })
      })
      told.onOrder(({ code = '' }) => void ctx.state.heard.push(code))
    },
  })
  const { state } = testStrategy(strategy, {
    bars: barsOf([100, 100]),
    also: { 'reference:ETH-USDC': { bars: barsOf([101, 102]), instrument: { kind: 'reference' } } },
  })
  assert.deepEqual(state.heard, ['price 101', 'venue.read_only', 'price 102'])
})

test('too few bars of any market are said, and a market that is not there', () => {
  const other = { 'other:ETH-USDC': { bars: barsOf([1]) } }
  const warm = defineStrategy({
    ...{ name: 'warm', params: {}, state: {} },
    setup: (ctx) => void ctx.market('other:ETH-USDC').bars('1m').sma(3),
  })
  const bars = barsOf([1, 1, 1])
  assert.throws(() => testStrategy(warm, { bars, also: other }), /\d+ bars are history here/)
  assert.throws(() => testStrategy(warm, { bars }), /no market other:ETH-USDC/)
})
