// Executors over bars on the real engine: what each trades, how it ends, and that a restart in the
// middle makes no difference to what was traded in the end.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testStrategy } from '#bots/backtest/test-strategy.ts'
import { type Context, defineStrategy, type Market } from '#bots/strategy.ts'
import { barsOf, MINUTE_US, START_US } from '../backtest/waves.ts'

type State = { ended: string[]; opened: number; closed: number[] }
const NOTHING: State & { isDone: boolean } = { ended: [], opened: 0, closed: [], isDone: false }
type Act = (m: Market, ctx: Context<State>) => void

/** Acts once, at its first start; counts what it hears. */
function acting(act: Act) {
  return defineStrategy({
    name: 'acting',
    params: {},
    state: NOTHING,
    setup(ctx) {
      const m = ctx.market('internal:ETH-USDC')
      const bars = m.bars('1m')
      bars.onClose(() => {
        if (!ctx.state.isDone) act(m, ctx)
        ctx.state.isDone = true
      })
      ctx.onExecutorEnded(({ kind, outcome }) => void ctx.state.ended.push(`${kind} ${outcome}`))
      m.onOpened(() => {
        ctx.state.opened += 1
      })
      m.onClosed(({ realised }) => void ctx.state.closed.push(Math.round(realised)))
    },
  })
}

const FUNDS = { USDC: '10000', ETH: '0' }
const flat = (count: number, price = 100) => Array.from({ length: count }, () => price)

function run(act: Act, closes: readonly number[], { saved, balances = FUNDS, from = 0 } = NEW) {
  const bars = barsOf(closes, START_US + from * MINUTE_US)
  const history = barsOf([100, 100, 100], START_US + (from - 3) * MINUTE_US)
  return testStrategy(acting(act), {
    ...{ bars, history, balances },
    ...(saved === undefined ? {} : { saved }),
  })
}

type Again = { saved?: object; balances?: Record<string, string>; from?: number }
const NEW: Again = {}

/** The same prices with a restart after some of them; the exchange forgot the open orders. */
function runTwice(act: Act, closes: readonly number[], at: number) {
  const first = run(act, closes.slice(0, at))
  const own = Object.entries(first.balances).map(([asset, amount]) => [asset, amount.toFixed(4)])
  const saved = first.saved ?? {}
  const second = run(act, closes.slice(at), { saved, balances: Object.fromEntries(own), from: at })
  return { first, second, fills: [...first.fills, ...second.fills] }
}

const bought = (fills: readonly { side: string; base: string }[], side = 'buy') =>
  Math.round(
    fills.filter((fill) => fill.side === side).reduce((sum, { base }) => sum + Number(base), 0) *
      1e4,
  ) / 1e4

test('a target is met with one order, and a second one makes up the difference', () => {
  const { fills, state } = run((m) => void m.target(2), flat(5))
  assert.deepEqual([bought(fills), state.ended], [2, ['move done']])
  const more = run((m) => {
    m.target(1)
    m.target(3)
  }, flat(6))
  assert.equal(bought(more.fills), 3, 'the later target replaces the one before')
})

test('flatten takes every order back and closes the position', () => {
  const { fills, state, balances } = run((m, ctx) => {
    m.target(2)
    m.place({ side: 'buy', size: 1, price: 50 })
    let count = 0
    ctx.every(60_000, () => {
      count += 1
      if (count === 3) m.flatten()
    })
  }, flat(12))
  assert.deepEqual([bought(fills), bought(fills, 'sell'), balances.ETH], [2, 2, 0])
  assert.deepEqual(state.closed, [0])
})

test('protection sells at its stop, and leaves with the position', () => {
  const { fills, state } = run(
    (m) => {
      m.target(2)
      m.onOpened((position) => void position.protect({ stop: 95, takeProfit: 120 }))
    },
    [...flat(4), 97, 90, 90, 90],
  )
  assert.deepEqual([bought(fills), bought(fills, 'sell')], [2, 2])
  assert.equal(Number(fills.at(-1)?.quote) / Number(fills.at(-1)?.base), 95)
  assert.deepEqual(state.ended, ['move done', 'protect closed'])
})

test('a TWAP trades its slices in time, also over a restart', () => {
  const act: Act = (m) => void m.twap({ side: 'buy', size: 1, over: '10m', slices: 10, tag: 't' })
  const whole = run(act, flat(16))
  assert.equal(bought(whole.fills), 1)
  assert.equal(whole.fills.length, 10)
  assert.deepEqual(whole.state.ended, ['twap done'])
  for (const at of [3, 6, 9]) {
    const { fills, second } = runTwice(act, flat(18), at)
    assert.equal(bought(fills), 1, `restart after ${at}`)
    assert.deepEqual(second.state.ended, ['twap done'])
  }
})

test('a VWAP trades more where bars had more volume', () => {
  const { fills } = run(
    (m) => void m.vwap({ side: 'buy', size: 1, over: '4m', slices: 4, bars: m.bars('1m') }),
    flat(9),
  )
  assert.equal(bought(fills), 1)
})

test('an iceberg puts the rest up again after a restart, and ends when all is traded', () => {
  const act: Act = (m) => void m.iceberg({ side: 'buy', size: 2, price: 98, display: 0.5 })
  const { fills, second } = runTwice(act, [100, 100, 100, 99, 97, 100], 3)
  assert.equal(bought(fills), 2)
  assert.ok(fills.every(({ base, quote }) => Number(quote) / Number(base) === 98))
  assert.deepEqual(second.state.ended, ['iceberg done'])
})

for (const [outcome, closes, price] of [
  ['take-profit', [...flat(4), 104, 108, 112], 110],
  ['stop', [...flat(4), 97, 92, 92], 95],
] as const) {
  test(`a bracket leaves at its ${outcome}, also when it was restarted before`, () => {
    const act: Act = (m) =>
      void m.bracket({ side: 'buy', size: 1, takeProfit: 110, stop: 95, tag: 'b' })
    for (const at of [2, 3, 4]) {
      const { fills, second } = runTwice(act, closes, at)
      const exit = fills.at(-1)
      assert.deepEqual([bought(fills), bought(fills, 'sell')], [1, 1], `restart after ${at}`)
      assert.equal(Number(exit?.quote) / Number(exit?.base), price)
      assert.deepEqual(second.state.ended, [`barriers ${outcome}`])
    }
  })
}

test('a triple barrier leaves when its time is over', () => {
  const { state, fills } = run(
    (m) => void m.tripleBarrier({ side: 'buy', size: 1, takeProfit: 200, within: '3m' }),
    flat(10),
  )
  assert.deepEqual(state.ended, ['barriers time'])
  assert.equal(bought(fills, 'sell'), 1)
})

test('a triple barrier trails behind the best price', () => {
  const { state, fills } = run(
    (m) => void m.tripleBarrier({ side: 'buy', size: 1, trail: 5, stop: 50 }),
    [...flat(3), 105, 110, 120, 114, 112, 112],
  )
  assert.deepEqual(state.ended, ['barriers trail'])
  assert.ok(Number(fills.at(-1)?.quote) > 110)
})

test('an entry that nobody takes in time is given up', () => {
  const { state, fills } = run(
    (m) => void m.tripleBarrier({ side: 'buy', size: 1, price: 90, stop: 80, entryWithin: '2m' }),
    flat(8),
  )
  assert.deepEqual([state.ended, fills], [['barriers not entered'], []])
})

test('DCA buys again and again, and makes up for nothing that it missed', () => {
  const act: Act = (m, ctx) =>
    void m.dca({ side: 'buy', size: ctx.quote(100), every: '2m', times: 4, tag: 'dca' })
  const { fills, state } = run(act, flat(12))
  assert.deepEqual([fills.length, bought(fills), state.ended], [4, 4, ['dca done']])
})

test('a grid buys lower and sells higher, cell by cell', () => {
  const closes = [100, 100, 100, 96, 92, 96, 101, 96, 92, 96, 101]
  const { fills, balances } = run(
    (m) => void m.grid({ lower: 90, upper: 100, cells: 5, size: 0.5, tag: 'g' }),
    closes,
  )
  const [buys, sells] = [bought(fills), bought(fills, 'sell')]
  assert.ok(buys >= 3 && sells >= 2.5, `${buys} bought, ${sells} sold`)
  assert.ok((balances.USDC ?? 0) + (balances.ETH ?? 0) * 101 > 10_000)
})

test('a grid that falls through its stop sells what it holds', () => {
  const { state, balances } = run(
    (m) => void m.grid({ lower: 90, upper: 100, cells: 5, size: 0.5, stop: 85 }),
    [100, 100, 100, 95, 91, 84, 84, 84, 84],
  )
  assert.deepEqual([state.ended, balances.ETH], [['grid stopped'], 0])
})

test('an executor of a tag that runs is not started twice', () => {
  const { state, fills } = run((m) => {
    const plan = { side: 'buy', size: 1, over: '2m', slices: 2, tag: 'one' } as const
    assert.equal(m.twap(plan).id, m.twap(plan).id)
  }, flat(8))
  assert.deepEqual([bought(fills), state.ended], [1, ['twap done']])
})

test('a cancelled executor takes its orders back and keeps what it has', () => {
  const { state, orders } = run((m) => {
    const handle = m.iceberg({ side: 'buy', size: 1, price: 90, display: 1 })
    m.bars('1m')
    m.onOrder(({ state: now }) => {
      if (now === 'open') handle.cancel()
    })
  }, flat(6))
  assert.deepEqual(state.ended, ['iceberg cancelled'])
  assert.equal(orders.at(-1)?.state, 'cancelled')
})
