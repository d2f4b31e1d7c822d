// The box: what holds for every strategy in it, whatever it does.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { after, test } from 'node:test'
import { rehearse } from '#bots/backtest/rehearse.ts'
import type { Handled } from '#bots/runtime/channel.ts'
import { strategyChildren } from '#bots/runtime/strategy-child.ts'
import type { Strategy } from '#bots/strategy.ts'
import { START } from '../runtime/start-message.ts'
import { createBench, placed } from '../strategy-bench.ts'
import { run } from './figures.ts'
import { bars } from './markets.ts'
import { NAMES as names } from './names.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
/** Older than the box, of the demo, and of more than one file. */
const OF_DEMO = ['arbitrage', 'market-making']
const toCopy = names.filter((name) => !OF_DEMO.includes(name))
/** Those that bars are enough for, with what lets them act within them. */
const ON_BARS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'avellaneda-stoikov': { interval: '15m' },
  'bollinger-breakout': { interval: '15m', squeezeAtr: 3 },
  dca: { every: '1h' },
  'donchian-trend': { interval: '15m' },
  'ema-cross': { interval: '15m' },
  grid: {},
  'pure-market-making': {},
  'rsi-reversion': { oversold: 40 },
  twap: { over: '2d' },
}
const BOTH = { USDC: '10000', ETH: '5' }

async function strategyOf(name: string): Promise<Strategy> {
  const loaded: { default: Strategy } = await import(`#bots/strategies/${name}.ts`)
  return loaded.default
}

test('every strategy is one file of 40 to 120 lines that can be copied anywhere', () => {
  assert.equal(toCopy.length, 10)
  for (const name of toCopy) {
    const text = readFileSync(resolve(ROOT, `bots/strategies/${name}.ts`), 'utf8')
    const lines = text.trimEnd().split('\n').length
    assert.ok(lines >= 40 && lines <= 120, `${name}: ${lines} lines`)
    const from = [...text.matchAll(/from '(.+)'/g)].map(([, module]) => module)
    assert.deepEqual(from, ['crossbook/strategy'], name)
    assert.match(text, /\/\/ .*[Aa]t risk: /, `${name} says in its header what it may lose`)
  }
})

test('every strategy sets itself up with the parameters that it has', async () => {
  for (const name of names) {
    const { markets } = rehearse(await strategyOf(name), {})
    assert.ok(markets.includes('internal:ETH-USDC') || OF_DEMO.includes(name), name)
  }
})

for (const [name, params] of Object.entries(ON_BARS)) {
  test(`${name} never looks ahead, and the same bars give the same run`, async () => {
    const strategy = await strategyOf(name)
    const all = bars('sideways', { count: 900, interval: '15m' })
    const history = all.slice(0, 600)
    const own = all.slice(600)
    const others = own.map((bar, at) => {
      const moved = (price: number) => Math.round(price * 110) / 100
      if (at < 150) return bar
      const prices = { open: moved(bar.open), high: moved(bar.high), low: moved(bar.low) }
      return { ...bar, ...prices, close: moved(bar.close) }
    })
    const options = { history, params, balances: BOTH, interval: '15m' }
    const [one, two, other] = [own, own, others].map((of) =>
      run(strategy, { ...options, bars: of }),
    )
    const until = own[150]?.openAt ?? 0
    const early = (fills = one?.fills ?? []) => fills.filter(({ at }) => at < until)
    assert.deepEqual(one?.fills, two?.fills)
    assert.deepEqual(early(other?.fills), early())
    assert.ok(early().length > 0, 'it does something that could have looked ahead')
  })
}

test('a strategy of the box is started by its name, in its own process', async () => {
  for (const name of ['grid', 'avellaneda-stoikov']) {
    const first = Promise.withResolvers<Handled>()
    const child = strategyChildren([])({
      ...{ strategy: name, onHandled: first.resolve, log: (text: string) => first.reject(text) },
      onEnd: (why) => first.reject(why),
    })
    after(() => child.kill())
    child.send({ ...START, strategy: name, params: { market: 'internal:BTC-USDC', ...own(name) } })
    const { actions } = await first.promise
    assert.ok(
      actions.some(({ kind }) => kind === 'timer'),
      name,
    )
  }
})

for (const name of ['ema-cross', 'rsi-reversion', 'bollinger-breakout', 'donchian-trend']) {
  test(`${name} protects what it hears of before its history is there`, async () => {
    const strategy = await strategyOf(name)
    const all = bars('waves', { count: 1_600, interval: '15m' })
    const params = { interval: '15m', ...ON_BARS[name] }
    const [history, live] = [all.slice(0, 600), all.slice(600)]
    const options = { history, params, balances: BOTH, interval: '15m' }
    const [entry] = run(strategy, { ...options, bars: live }).fills
    const filledAt = live.findIndex(({ openAt }) => openAt === entry?.at)
    // The order of the last close has just been saved, and the runner dies.
    const { saved = {} } = run(strategy, { ...options, bars: live.slice(0, filledAt) })
    const record: { kept?: { orders?: Record<string, { side: 'buy'; size: number }> } } = saved
    const [[id, order] = [], ...others] = Object.entries(record.kept?.orders ?? {})
    assert.ok(id !== undefined && order !== undefined && others.length === 0)
    const bench = createBench(strategy, { params, saved, run: 'again' })
    const filled = { filledBase: String(order.size), filledQuote: String(entry?.quote) }
    bench.send({
      ...{ kind: 'order', venue: 'internal' },
      order: {
        clientOrderId: id,
        symbol: 'ETH-USDC',
        side: 'buy',
        state: 'filled',
        ...IDS,
        ...filled,
      },
    })
    const [stop] = placed(bench.send({ kind: 'ready' }))
    assert.deepEqual([stop?.request.type, stop?.request.side], ['stop', 'sell'])
    assert.ok(Number(stop?.request.triggerPrice) < Number(entry?.quote) / Number(entry?.base))
  })
}

const IDS = { venueOrderId: '1' }
const own = (name: string) => (name === 'grid' ? {} : { reference: 'internal:BTC-USDC' })
