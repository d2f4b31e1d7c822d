// The paper exchange: the fill rule of a live book and live trades, line by line.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLiveSide } from '#connectors/simulated/live-liquidity.ts'
import { createPaperExchange, type SavedPaper } from '#connectors/simulated/paper-exchange.ts'
import type { OrderRequest, Side } from '#connectors/venue.ts'
import { ETH_USDC } from './told-venue.ts'

type Levels = readonly (readonly [price: number, size: number])[]

const BIDS: Levels = [
  [99, 2],
  [98, 5],
]
const ASKS: Levels = [
  [101, 2],
  [102, 3],
]

function begin({ before = undefined as SavedPaper | undefined, isQuiet = false } = {}) {
  const exchange = createPaperExchange({
    ...{ instruments: [ETH_USDC], balances: { USDC: '10000', ETH: '10' }, startAt: 1_000_000_000 },
    before,
  })
  let count = before === undefined ? 0 : 100
  const { symbol } = ETH_USDC
  const textOf = (levels: Levels) =>
    levels.map(([price, size]) => ({ price: price.toFixed(2), size: size.toFixed(4) }))
  const book = (bids = BIDS, asks = ASKS) =>
    exchange.tell({ kind: 'book', symbol, bids: textOf(bids), asks: textOf(asks), at: 1 })
  const trade = (side: Side, price: number, size: number) => {
    const figures = { price: price.toFixed(2), size: size.toFixed(4), at: 1 }
    exchange.tell({ kind: 'trade', symbol, side, ...figures })
    return changes()
  }
  const place = (side: Side, size: number, more: Partial<OrderRequest> = {}) => {
    count += 1
    const timeInForce = more.limitPrice === undefined && more.type === undefined ? 'IOC' : 'GTC'
    return exchange.place({
      ...{ clientOrderId: `o${count}`, sentAt: 1, symbol, side, timeInForce },
      ...{ quantity: { in: 'base', amount: size.toFixed(4) }, ...more },
    })
  }
  /** Fills since the last look. */
  const changes = () =>
    exchange.account.changes().flatMap((change) => {
      if (change.kind !== 'fill') return []
      const { side, base, quote, liquidity } = change.fill
      return [`${side} ${Number(base)} at ${Number(quote) / Number(base)} ${liquidity}`]
    })
  if (!isQuiet) book()
  return { exchange, book, trade, place, changes }
}

function fillsOf(answer: ReturnType<ReturnType<typeof begin>['place']>): string[] {
  assert.ok(answer.kind === 'accepted', JSON.stringify(answer))
  return answer.fills.map(({ base, quote }) => `${Number(base)} at ${Number(quote) / Number(base)}`)
}

test('an order that takes meets the live book level by level, with the fee of a taker', () => {
  const { exchange, place } = begin()
  const answer = place('buy', 3)
  assert.deepEqual(fillsOf(answer), ['2 at 101', '1 at 102'])
  assert.ok(answer.kind === 'accepted')
  assert.equal(answer.fills[0]?.fee.amount, '0.202000')
  assert.equal(exchange.account.balances.get('USDC')?.available, '9695.696000')
})

test('a limit order takes what is within its price, and the rest of it rests', () => {
  const { place, exchange } = begin()
  assert.deepEqual(fillsOf(place('buy', 3, { limitPrice: '101' })), ['2 at 101'])
  assert.deepEqual(exchange.shown('ETH-USDC')?.bids[0], { ticks: 10_100, lots: 10_000 })
})

test('what the bot took is not there for it again, until somebody brings more', () => {
  const { place, book } = begin()
  assert.deepEqual(fillsOf(place('buy', 2)), ['2 at 101'])
  book()
  assert.deepEqual(fillsOf(place('buy', 1)), ['1 at 102'])
  book(BIDS, [
    [101, 2.5],
    [102, 3],
  ])
  assert.deepEqual(fillsOf(place('buy', 1)), ['0.5 at 101', '0.5 at 102'])
  // The level leaves and comes back: that is new.
  book(BIDS, [[102, 3]])
  book()
  assert.deepEqual(fillsOf(place('buy', 1)), ['1 at 101'])
})

test('whatever a live level does, the bot gets at most what was there first and what came', () => {
  const steps = fc.array(
    fc.record({ lots: fc.nat(50), take: fc.nat(60), isInSight: fc.boolean() }),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(steps, (chosen) => {
      const side = createLiveSide()
      const near = { ticks: 90, lots: 1 }
      let [offered, seen, taken] = [0, 0, 0]
      for (const { lots, take, isInSight } of chosen) {
        // Out of sight is beyond what is shown: nobody knows how it changes there.
        const far = [near, { ticks: 95, lots: 1 }]
        side.see(isInSight && lots > 0 ? [near, { ticks: 100, lots }] : far)
        if (!isInSight || lots === 0) continue
        offered += Math.max(0, lots - seen)
        seen = lots
        const left = side.left().find(({ ticks }) => ticks === 100)?.lots ?? 0
        assert.ok(left <= lots)
        const size = Math.min(left, take)
        if (size > 0) side.use(100, size)
        taken += size
        assert.ok(taken <= offered, `${taken} of ${offered}`)
      }
    }),
    { numRuns: 500 },
  )
})

test('a resting order is filled at its own price by a trade through it, not by a touch', () => {
  const { place, trade } = begin()
  place('buy', 2, { limitPrice: '99' })
  assert.deepEqual(trade('sell', 99, 5), [])
  assert.deepEqual(trade('sell', 98, 0.5), ['buy 0.5 at 99 maker'])
  assert.deepEqual(trade('sell', 98, 5), ['buy 1.5 at 99 maker'])
  assert.deepEqual(trade('sell', 90, 5), [])
})

test('one trade fills the better order first, and no more than its size', () => {
  const { place, trade } = begin()
  place('buy', 1, { limitPrice: '97' })
  place('buy', 1, { limitPrice: '99' })
  assert.deepEqual(trade('sell', 96, 1.5), ['buy 1 at 99 maker', 'buy 0.5 at 97 maker'])
})

test('who took from the other side is not the one that would have met the bot', () => {
  const { place, trade } = begin()
  place('buy', 1, { limitPrice: '100' })
  assert.deepEqual(trade('buy', 99.5, 3), [])
  assert.deepEqual(trade('sell', 99.5, 3), ['buy 1 at 100 maker'])
})

test('live orders that come to stand across a resting one meet it, once', () => {
  const { place, book, changes } = begin()
  place('buy', 3, { limitPrice: '100' })
  book(BIDS, [
    [99.5, 2],
    [102, 3],
  ])
  assert.deepEqual(changes(), ['buy 2 at 100 maker'])
  book(BIDS, [
    [99.5, 2],
    [102, 3],
  ])
  assert.deepEqual(changes(), [])
})

test('a stop fires by a live trade and meets the live book of that moment', () => {
  const { place, trade, book } = begin()
  trade('buy', 101, 1)
  const stop = { type: 'stop', triggerPrice: '95', timeInForce: 'GTC' } as const
  assert.equal(place('sell', 3, stop).kind, 'accepted')
  assert.deepEqual(trade('sell', 96, 1), [])
  book([
    [94, 1],
    [93, 9],
  ])
  assert.deepEqual(trade('sell', 94, 1), ['sell 1 at 94 taker', 'sell 2 at 93 taker'])
  assert.deepEqual(fillsOf(place('sell', 1)), ['1 at 93'])
})

test('a trade that ends with the bot is no price of the market: it triggers nothing', () => {
  const { place, trade } = begin()
  trade('buy', 101, 1)
  place('buy', 2, { limitPrice: '98.5' })
  place('sell', 1, { type: 'stop', triggerPrice: '97', timeInForce: 'GTC' })
  assert.deepEqual(trade('sell', 96, 2), ['buy 2 at 98.5 maker'])
  assert.deepEqual(trade('sell', 96, 2), ['sell 1 at 99 taker'])
})

test('a trailing stop, an oco and a bracket work on live trades', () => {
  const sale = { timeInForce: 'GTC' } as const
  const trailing = begin()
  assert.equal(
    trailing.place('sell', 1, { ...sale, type: 'trailing-stop', trail: '5' }).kind,
    'accepted',
  )
  for (const price of [110, 104]) trailing.trade('buy', price, 1)
  assert.equal(trailing.exchange.account.fills.length, 1)
  const oco = begin()
  const either = { ...sale, type: 'oco', limitPrice: '110', triggerPrice: '95' } as const
  assert.equal(oco.place('sell', 1, either).kind, 'accepted')
  assert.deepEqual(oco.trade('buy', 111, 5), ['sell 1 at 110 maker'])
  assert.deepEqual(oco.trade('sell', 90, 5), [])
  const bracket = begin()
  assert.equal(
    bracket.place('buy', 1, { takeProfitPrice: '110', triggerPrice: '95' }).kind,
    'accepted',
  )
  bracket.exchange.passTo(1_000_001_000)
  bracket.changes()
  assert.deepEqual(bracket.trade('buy', 112, 5), ['sell 1 at 110 maker'])
})

test('what the engine or the data does not allow is refused', () => {
  const { place, exchange } = begin({ isQuiet: true })
  const codeOf = (answer: ReturnType<typeof place>) =>
    answer.kind === 'refused' ? answer.code : answer.kind
  assert.equal(codeOf(place('buy', 1)), 'order.no_reference')
  const { place: again, exchange: known } = begin()
  assert.equal(codeOf(again('buy', 1_000, { limitPrice: '100' })), 'funds.insufficient')
  assert.equal(codeOf(again('buy', 1, { limitPrice: '101.001' })), 'order.price_off_tick')
  assert.equal(
    codeOf(again('buy', 1, { limitPrice: '101', postOnly: true })),
    'order.post_only_would_take',
  )
  assert.equal(codeOf(again('buy', 9, { timeInForce: 'FOK' })), 'order.fok_unfillable')
  const mark = { type: 'stop', triggerPrice: '95', triggerBy: 'mark' } as const
  assert.equal(codeOf(again('sell', 1, mark)), 'order.type_unsupported')
  known.tell({ kind: 'stale', symbol: 'ETH-USDC', reason: 'cut' })
  assert.equal(codeOf(again('buy', 1)), 'order.no_reference')
  assert.equal(exchange.left('ETH-USDC'), undefined)
})

test('after a restart money, open orders, ids and used levels are what they were', () => {
  const first = begin()
  first.place('buy', 1.5)
  first.place('buy', 2, { limitPrice: '100' })
  first.trade('sell', 99, 0.5)
  const before = JSON.parse(JSON.stringify(first.exchange.saved()))
  const second = begin({ before })
  const { account } = second.exchange
  assert.deepEqual(account.open('ETH-USDC'), first.exchange.account.open('ETH-USDC'))
  assert.deepEqual(account.order('o1'), first.exchange.account.order('o1'))
  assert.deepEqual([...account.balances], [...first.exchange.account.balances])
  assert.deepEqual(fillsOf(second.place('buy', 1)), ['0.5 at 101', '0.5 at 102'])
  assert.deepEqual(second.trade('sell', 99, 5), ['buy 1.5 at 100 maker'])
  const ids = account.fills.map(({ fillId }) => fillId)
  assert.equal(new Set(ids).size, ids.length)
  assert.equal(account.cancel('o2')?.state, 'filled')
})

test('an order that is amended into the live book takes what is left of it, once', () => {
  const { exchange, place, changes } = begin()
  place('buy', 3, { limitPrice: '100' })
  const smaller = exchange.amend('o1', { size: '2.5000' })
  assert.deepEqual(fillsOf(smaller), [])
  assert.deepEqual(fillsOf(exchange.amend('o1', { limitPrice: '101.00' })), ['2 at 101'])
  assert.deepEqual(changes(), [], 'what is in the answer is not told again')
  assert.equal(exchange.account.order('o1')?.size, '2.5000')
  assert.deepEqual(fillsOf(place('buy', 1)), ['1 at 102'], 'the level is used up')
  exchange.tell({ kind: 'stale', symbol: 'ETH-USDC', reason: 'cut' })
  const unknown = exchange.amend('o1', { limitPrice: '102.00' })
  assert.equal(unknown.kind === 'refused' && unknown.code, 'order.no_reference')
})

test('a stop that was moved fires where it stands now', () => {
  const { exchange, place, trade } = begin()
  place('sell', 1, { type: 'stop', triggerPrice: '95' })
  assert.deepEqual(fillsOf(exchange.amend('o1', { triggerPrice: '97.00' })), [])
  const refused = exchange.amend('o1', { triggerPrice: '200.00' })
  assert.equal(refused.kind === 'refused' && refused.code, 'order.would_trigger')
  assert.deepEqual(trade('sell', 98, 0.1), [])
  assert.deepEqual(trade('sell', 97, 0.1), ['sell 1 at 99 taker'])
})

test('an account that was saved before orders told their terms goes on', () => {
  const first = begin()
  first.place('buy', 2, { limitPrice: '100' })
  const before = JSON.parse(JSON.stringify(first.exchange.saved()))
  for (const order of before.account.orders) {
    for (const term of ['size', 'limit', 'isPostOnly', 'updatedAt']) delete order[term]
  }
  const { exchange } = begin({ before })
  const { size, limitPrice, updatedAt } = exchange.account.order('o1') ?? {}
  assert.deepEqual([size, limitPrice, updatedAt], ['2.0000', '100.00', 0])
  assert.deepEqual(fillsOf(exchange.amend('o1', { size: '1.0000' })), [])
  assert.equal(exchange.account.order('o1')?.size, '1.0000')
})
