// The runner of one bot: gate before venue, state before order, clean books before the first event.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { p } from '#bots/params.ts'
import type { AccountChange } from '#bots/runtime/bot-venue.ts'
import type { Handled, ToStrategy } from '#bots/runtime/channel.ts'
import { createBotRunner } from '#bots/runtime/runner.ts'
import { openStateStore } from '#bots/runtime/state-store.ts'
import type { StartStrategyChild } from '#bots/runtime/strategy-child.ts'
import { createStrategyHost, type StrategyHost } from '#bots/runtime/strategy-host.ts'
import { defineStrategy, type Strategy } from '#bots/strategy.ts'
import type { Fill, HistoryRequest, PlaceAnswer, Venue } from '#connectors/venue.ts'
import { createFakeVenue, orderOf } from './fake-venue.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossbook-runner-'))
after(() => rmSync(folder, { recursive: true }))

const LIMITS = {
  ...{ ordersPerSecond: 10, orderNotional: 500, openNotional: 1_500, position: 1_000 },
  ...{ priceBps: 1_000, dataAgeMs: 60_000, dailyLoss: 100, drawdown: 100, flatten: true },
}

/** Buys one coin at every book, at its best bid, and counts what it hears. */
const eager = defineStrategy({
  name: 'eager',
  params: { size: p.number(0, 1_000, 1), saved: p.int(0, 1, 1) },
  state: { books: 0, heard: [] as string[] }, // An empty list has no item to tell its type by.
  setup(ctx, { size, saved }) {
    const market = ctx.market('internal:BTC-USDC')
    market.onBook(({ bids }) => {
      ctx.state.books += 1
      market.place({ side: 'buy', size, price: Number(bids[0]?.price), saved: saved === 1 })
    })
    market.onOrder(({ state, code = '' }) => void ctx.state.heard.push(`${state} ${code}`.trim()))
    market.onFill(({ fillId }) => void ctx.state.heard.push(`fill ${fillId}`))
    ctx.onPause(() => void ctx.state.heard.push('pause'))
  },
})

type Inside = { sent: ToStrategy[]; crash: (why: string) => void; answer: (raw: Handled) => void }

/** A child in this process: everything goes through JSON, and it can crash. */
function childOf(strategy: Strategy) {
  const inside: Inside = { sent: [], crash: () => {}, answer: () => {} }
  const start: StartStrategyChild = ({ onHandled, onEnd }) => {
    let host: StrategyHost | undefined
    let isGone = false
    inside.answer = onHandled
    inside.crash = (why) => {
      isGone = true
      onEnd(why)
    }
    return {
      pid: 1,
      send(message) {
        inside.sent.push(message)
        queueMicrotask(() => {
          if (isGone) return
          if (message.kind === 'start') host = createStrategyHost(strategy, message)
          const handled = message.kind === 'start' ? host?.started : host?.handle(message)
          if (handled !== undefined) onHandled(JSON.parse(JSON.stringify(handled)))
        })
      },
      kill: () => inside.crash('killed'),
    }
  }
  return { inside, start }
}

type SetUp = {
  readonly path?: string
  readonly params?: Record<string, number>
  readonly strategy?: Strategy
  /** Milliseconds until the venue has told flat bars at 7; it has none unless given. */
  readonly history?: number
}

function setUp(options: SetUp = {}) {
  const { path = join(folder, `${randomUUID()}.json`), params = {}, strategy = eager } = options
  const fake = createFakeVenue()
  const prices = { btc: 100 }
  const logs: string[] = []
  const account: { tell: (change: AccountChange) => void } = { tell: () => {} }
  const child = childOf(strategy)
  const runner = createBotRunner({
    settings: { id: 'bot', strategy: 'arbitrage', params, state: 'running' },
    venues: [
      {
        venue: withHistory(fake.venue, options.history),
        watch(listener) {
          account.tell = listener
          return () => {}
        },
      },
    ],
    ...{ treasury: undefined, store: openStateStore(path, 20), limits: LIMITS },
    priceOf: (asset) => (asset === 'BTC' ? prices.btc : 1),
    ...{ startChild: child.start, onReport: () => {}, log: (text: string) => void logs.push(text) },
    now: () => Math.floor(performance.now() * 1_000),
  })
  const book = (bid = '100.0') =>
    fake.tell({
      ...{ kind: 'book', symbol: 'BTC-USDC', at: 1 },
      ...{ bids: [{ price: bid, size: '1' }], asks: [{ price: '101.0', size: '1' }] },
    })
  const stateOf = () => Object(onDisk(path)).state.state
  return { fake, prices, logs, account, ...child, runner, book, path, stateOf }
}

function withHistory(venue: Venue, afterMs: number | undefined): Venue {
  if (afterMs === undefined) return venue
  const price = { open: 7, high: 7, low: 7, close: 7, volume: 1 }
  const answer = async ({ lengthUs, count }: HistoryRequest) => {
    await sleep(afterMs)
    const first = Math.floor((performance.now() * 1_000) / lengthUs - count) * lengthUs
    const bars = Array.from({ length: count }, (_, i) => ({
      ...price,
      openAt: first + i * lengthUs,
    }))
    return { kind: 'ok', value: { lengthUs, bars } } as const
  }
  return { ...venue, history: answer }
}

/** As the next process would find it; this one still writes. */
function onDisk(path: string) {
  const copy = join(folder, randomUUID())
  for (const end of ['', '.log']) if (existsSync(path + end)) copyFileSync(path + end, copy + end)
  return openStateStore(copy).found
}

const settle = () => sleep(30)

test('an order that passes the gate leaves with the state on disk before it', async () => {
  const { fake, runner, book, stateOf } = setUp()
  await runner.start()
  let before: unknown
  fake.onPlace = (request) => {
    before = stateOf()
    fake.orders.set(request.clientOrderId, orderOf(request))
    return { kind: 'accepted', order: orderOf(request), fills: [] }
  }
  book()
  await settle()
  assert.deepEqual(before, { books: 1, heard: [] })
  assert.deepEqual(fake.placed[0]?.quantity, { in: 'base', amount: '1.00000' })
  assert.match(runner.figures().lastAction, /internal buy 1.00000 BTC-USDC at 100.0/)
  await runner.stop()
})

test('what the gate refuses never reaches the venue and comes back with its code', async () => {
  const { fake, runner, book, stateOf, logs } = setUp({ params: { size: 6 } })
  await runner.start()
  book()
  await settle()
  await runner.stop()
  assert.deepEqual(fake.placed, [])
  assert.deepEqual(stateOf().heard, ['refused gate.order_notional', 'pause'])
  assert.ok(logs.some((line) => line.includes('gate.order_notional')))
})

test('open orders count against the gate until the venue calls them final', async () => {
  const { fake, runner, book, account } = setUp({ params: { size: 5 } })
  await runner.start()
  for (let count = 0; count < 3; count += 1) {
    book()
    await settle()
  }
  assert.equal(fake.placed.length, 2, 'the position would pass 1,000 with the third')
  const [first] = fake.placed
  assert.ok(first !== undefined)
  account.tell({ kind: 'order', order: { ...orderOf(first), state: 'cancelled' } })
  book()
  await settle()
  assert.equal(fake.placed.length, 3)
  await runner.stop()
})

test('before the first event, what is ours and in no record is cancelled', async () => {
  const { fake, runner, inside, book } = setUp()
  for (const id of ['bot-lost-1', 'bot-2-lost-1', 'of-a-person']) {
    fake.orders.set(id, orderOf({ clientOrderId: id, side: 'buy' }))
  }
  const started = runner.start()
  book()
  await started
  assert.deepEqual(
    [...fake.orders.values()].map(({ state }) => state),
    ['cancelled', 'open', 'open'],
  )
  const [first] = inside.sent
  assert.equal(first?.kind, 'start')
  assert.deepEqual(fake.placed, [])
  await runner.stop()
})

test('events are numbered without gaps, over a restart too, and the state goes on', async () => {
  const first = setUp()
  await first.runner.start()
  first.book()
  await settle()
  await first.runner.stop()
  const numbers = first.inside.sent.map(({ no }) => no)
  assert.deepEqual(
    numbers,
    numbers.map((_, at) => at),
  )
  const second = setUp({ path: first.path })
  await second.runner.start()
  const [start] = second.inside.sent
  assert.ok(start?.kind === 'start')
  assert.equal(start.no, numbers.at(-1))
  assert.equal(Object(start.saved).state.books, 1)
  await second.runner.stop()
})

test('a fill while the bot was away is counted once, before its first event', async () => {
  const first = setUp()
  await first.runner.start()
  const fill: Omit<Fill, 'fillId'> = {
    ...{ clientOrderId: 'a', symbol: 'BTC-USDC', side: 'buy', base: '1', quote: '100', at: 1 },
    ...{ fee: { asset: 'USDC', amount: '0.05' }, liquidity: 'maker' },
  }
  first.account.tell({ kind: 'fill', fill: { ...fill, fillId: 'BTC-USDC/1' } })
  await first.runner.stop()
  const second = setUp({ path: first.path })
  second.fake.fills = ['1', '2'].map((id) => ({ ...fill, fillId: `BTC-USDC/${id}` }))
  await second.runner.start()
  await settle()
  assert.equal(second.runner.figures().fees, '0.10')
  await second.runner.stop()
  assert.deepEqual(second.stateOf().heard, [
    ...['fill BTC-USDC/1', 'pause'],
    ...['fill BTC-USDC/2', 'pause'],
  ])
})

test('what became of orders waits for the history that was asked for', async () => {
  const heard: string[] = []
  const reader = defineStrategy({
    ...{ name: 'reader', params: {}, state: {} },
    setup(ctx) {
      const market = ctx.market('internal:BTC-USDC')
      const mean = market.bars('1m').sma(3)
      market.onFill(() => void heard.push(`fill ${mean.isWarm() ? mean.value : 'cold'}`))
      ctx.onStart(() => void heard.push('start'))
    },
  })
  const { fake, runner } = setUp({ strategy: reader, history: 60 })
  fake.fills = [
    {
      ...{ fillId: 'BTC-USDC/1', clientOrderId: 'a', symbol: 'BTC-USDC', side: 'buy' },
      ...{ base: '1', quote: '100', at: performance.now() * 1_000, liquidity: 'maker' },
      fee: { asset: 'USDC', amount: '0.05' },
    },
  ]
  await runner.start()
  await settle()
  assert.deepEqual(heard, [])
  await sleep(90)
  assert.deepEqual(heard, ['fill 7', 'start'])
  await runner.stop()
})

test('pausing cancels what rests, resuming lets it quote again', async () => {
  const { fake, runner, book, logs } = setUp()
  await runner.start()
  book()
  await settle()
  await runner.pause()
  assert.equal(runner.figures().state, 'paused')
  assert.deepEqual(
    [...fake.orders.values()].map(({ state }) => state),
    ['cancelled'],
  )
  book()
  await settle()
  assert.equal(fake.placed.length, 1, 'a paused strategy hears no books')
  runner.resume()
  book()
  await settle()
  assert.equal(fake.placed.length, 2)
  assert.equal(runner.figures().state, 'running')
  assert.deepEqual(logs, [])
  await runner.stop()
})

test('a strategy that crashes is started again: its quotes are cancelled', async () => {
  const { fake, runner, inside, book, logs } = setUp({ params: { saved: 0 } })
  await runner.start()
  book()
  await settle()
  assert.equal(fake.placed[0]?.stays, 'connected')
  inside.crash('code 1')
  await sleep(1_300)
  assert.deepEqual(
    [...fake.orders.values()].map(({ state }) => state),
    ['cancelled'],
  )
  book()
  await settle()
  assert.equal(fake.placed.length, 2)
  assert.notEqual(fake.placed[0]?.clientOrderId, fake.placed[1]?.clientOrderId)
  assert.ok(logs.some((line) => line.includes('code 1')))
  await runner.stop()
})

test('what a strategy saved with its state stays, is told once and counts as its own', async () => {
  const { fake, runner, inside, book, stateOf } = setUp()
  await runner.start()
  book()
  await settle()
  inside.crash('code 1')
  await sleep(1_300)
  assert.deepEqual(
    [...fake.orders.values()].map(({ state }) => state),
    ['open'],
  )
  await runner.stop()
  assert.deepEqual(stateOf().heard, ['open', 'pause', 'cancelled'])
})

test('a crash before the order left sends it after the restart, under the same id', async () => {
  const first = setUp()
  await first.runner.start()
  const late = Promise.withResolvers<PlaceAnswer>()
  first.fake.onPlace = () => late.promise
  first.book()
  await settle()
  const [lost] = first.fake.placed
  const path = join(folder, `${randomUUID()}.json`)
  for (const end of ['', '.log']) {
    if (existsSync(first.path + end)) copyFileSync(first.path + end, path + end)
  }
  const second = setUp({ path })
  await second.runner.start()
  await settle()
  assert.deepEqual(second.fake.placed, [lost])
  assert.deepEqual(
    second.inside.sent.slice(1, 4).map((one) => (one.kind === 'event' ? one.event.kind : '')),
    ['balances', 'order', 'ready'],
    'known before anything else is heard',
  )
  await second.runner.stop()
  late.resolve({ kind: 'refused', code: 'gone' })
  await first.runner.stop()
})

test('fills that were not handled are told again, the figures count them once', async () => {
  const { fake, runner, inside, account, stateOf } = setUp()
  await runner.start()
  await settle()
  fake.fills = ['1', '2', '3'].map((id) => ({
    ...{ fillId: `BTC-USDC/${id}`, clientOrderId: 'a', symbol: 'BTC-USDC', side: 'buy' },
    ...{ base: '1', quote: '100', at: performance.now() * 1_000, liquidity: 'maker' },
    fee: { asset: 'USDC', amount: '0.05' },
  }))
  for (const fill of fake.fills.slice(0, 2)) account.tell({ kind: 'fill', fill })
  inside.crash('code 1')
  await sleep(1_300)
  await runner.stop()
  const fills = (stateOf().heard as string[]).filter((one) => one.startsWith('fill'))
  assert.deepEqual(fills, ['fill BTC-USDC/1', 'fill BTC-USDC/2', 'fill BTC-USDC/3'])
  assert.equal(runner.figures().fees, '0.15')
})

test('an answer to another event than the one that is out ends the strategy process', async () => {
  const { runner, inside, logs } = setUp()
  await runner.start()
  inside.answer({ kind: 'handled', no: 77, actions: [] })
  assert.ok(logs.some((line) => line.includes('77')))
  await runner.stop()
})

test('stopping leaves no order at the venue and the newest state on disk', async () => {
  const { fake, runner, book, stateOf } = setUp()
  await runner.start()
  book()
  await settle()
  await runner.stop()
  assert.ok([...fake.orders.values()].every(({ state }) => state === 'cancelled'))
  assert.equal(stateOf().books, 1)
  assert.equal(runner.figures().state, 'stopped')
})

test('a loss beyond the limit cancels all within a second, flattens and pauses', async () => {
  const { fake, prices, runner, account, book, logs, path } = setUp()
  await runner.start()
  book()
  await settle()
  const bought: Fill = {
    ...{ fillId: 'BTC-USDC/1', clientOrderId: 'a', symbol: 'BTC-USDC', side: 'buy', base: '5' },
    ...{ quote: '500', at: 1, fee: { asset: 'USDC', amount: '0' }, liquidity: 'taker' },
  }
  account.tell({ kind: 'fill', fill: bought })
  await sleep(250)
  assert.equal(runner.figures().state, 'running')
  prices.btc = 79
  // Turns, not a time: what stalls this process stalls both sides.
  for (let turn = 0; turn < 90 && fake.placed.length < 2; turn += 1) await sleep(10)
  assert.equal(runner.figures().state, 'paused')
  assert.equal(runner.figures().lastAction, 'halted: gate.daily_loss')
  assert.ok(logs.some((line) => line.includes('gate.daily_loss')))
  assert.equal(fake.orders.get(fake.placed[0]?.clientOrderId ?? '')?.state, 'cancelled')
  const { side, quantity, timeInForce } = fake.placed[1] ?? assert.fail('not flattened')
  assert.deepEqual([side, quantity.amount, timeInForce], ['sell', '5.00000', 'IOC'])
  const sold = orderOf(fake.placed[1] ?? assert.fail('not flattened'))
  account.tell({ kind: 'order', order: { ...sold, state: 'filled', filledBase: '5' } })
  await settle()
  await runner.stop()
  const again = setUp({ path })
  await again.runner.start()
  assert.equal(again.runner.figures().state, 'paused')
  again.runner.resume()
  assert.equal(again.runner.figures().state, 'running')
  await again.runner.stop()
})
