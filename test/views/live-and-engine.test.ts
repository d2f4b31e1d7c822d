// INV-11 in memory: live views folded from events equal the engine's own image.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '#engine/event.ts'
import type { EngineImage } from '#engine/image.ts'
import { createLiveViews, type LiveViews } from '#views/live/live-views.ts'
import { imageOrder, isFinished, type OrderRow } from '#views/order-row.ts'
import { emptyImage } from './event-log.ts'
import { createExchange } from './trade-along.ts'

const SEEDS = [1, 2, 3]

for (const seed of SEEDS) {
  test(`folding from the beginning gives the engine's image (seed ${seed})`, () => {
    const exchange = createExchange(seed)
    exchange.trade(3_000)
    const live = createLiveViews(emptyImage())
    const watched = watch(live)
    for (const [from, to] of cuts(exchange.log.events, seed)) {
      live.apply(exchange.log.batch(from, to))
    }
    assertSame(live, exchange.image())
    watched.assertWhole()
  })

  test(`starting from an image and folding on gives the same (seed ${seed})`, () => {
    const exchange = createExchange(seed)
    exchange.trade(1_000)
    const live = createLiveViews(exchange.image())
    const { eventNo } = exchange.image()
    exchange.trade(1_000)
    live.apply(exchange.log.batch(eventNo))
    assertSame(live, exchange.image())
  })
}

test('the random flow reaches every kind of event that the views fold', () => {
  const exchange = createExchange(1)
  exchange.trade(3_000)
  const kinds = new Set(exchange.log.events.map((event) => event.kind))
  for (const kind of [
    ...(['accepted', 'rested', 'fill', 'cancelled', 'reduced', 'balance', 'posting'] as const),
    ...(['refused', 'deposited', 'transferred'] as const),
    ...(['withdrawalRequested', 'withdrawalSettled', 'withdrawalFailed'] as const),
  ]) {
    assert.ok(kinds.has(kind), kind)
  }
})

function assertSame(live: LiveViews, image: EngineImage): void {
  assert.deepEqual(
    { ...live.asOf() },
    { seq: live.asOf().seq, eventNo: image.eventNo, time: live.asOf().time },
  )
  assert.deepEqual(live.allBalances(), image.balances)
  assert.deepEqual(
    openOrders(live, image),
    image.orders.map((order) => plain(imageOrder(order, 0))),
  )
  for (const { market, bookNumber, lastTradeId, lastPrice } of image.markets) {
    const book = live.book(market, Infinity)
    assert.equal(book.number, bookNumber)
    assert.equal(live.trades(market, 1)[0]?.id ?? 0, lastTradeId)
    assert.equal(live.lastPrice(market), lastPrice)
    assert.deepEqual([book.bids, book.asks], levelsOf(image, market))
  }
  for (const { account, accountSeq } of image.accounts) {
    assert.equal(live.accountSeq(account), accountSeq)
  }
  assert.deepEqual(
    live.openWithdrawals().map((row) => row.id),
    image.withdrawals.map((row) => row.withdrawalId),
  )
}

function openOrders(live: LiveViews, image: EngineImage) {
  const open = image.accounts.flatMap(({ account }) =>
    live.ordersOf(account).filter((order) => !isFinished(order)),
  )
  return open.sort((a, b) => a.id - b.id).map(plain)
}

/** Which event changed an order last is not in the image. */
function plain({ eventNo: _, ...order }: OrderRow) {
  return order
}

function levelsOf(image: EngineImage, market: number) {
  return (['buy', 'sell'] as const).map((side) => {
    const levels = new Map<number, number>()
    for (const order of image.orders) {
      if (order.market !== market || order.side !== side || !order.resting) continue
      levels.set(order.price, (levels.get(order.price) ?? 0) + order.shown)
    }
    return [...levels].sort(([a], [b]) => (side === 'buy' ? b - a : a - b))
  })
}

/** A reader that knows nothing but snapshots of nothing and deltas: it must see the same. */
function watch(live: LiveViews) {
  const books = new Map<number, { number: number; levels: Map<string, number> }>()
  const numbers = new Map<number, number>()
  const statuses = new Map<number, string>()
  live.listen({
    book: ({ market, number, bids, asks }) => {
      const book = books.get(market) ?? { number: 0, levels: new Map() }
      assert.equal(number, book.number + 1)
      book.number = number
      for (const [side, levels] of Object.entries({ buy: bids, sell: asks })) {
        for (const [price, size] of levels) {
          if (size === 0) book.levels.delete(`${side}${price}`)
          else book.levels.set(`${side}${price}`, size)
        }
      }
      books.set(market, book)
    },
    message: (message) => {
      assert.equal(message.accountSeq, (numbers.get(message.account) ?? 0) + 1)
      numbers.set(message.account, message.accountSeq)
      if (message.channel !== 'orders') return
      const before = statuses.get(message.order.id) ?? ''
      assert.ok(!['filled', 'cancelled'].includes(before), `order ${message.order.id} was over`)
      statuses.set(message.order.id, message.order.status)
    },
  })
  return {
    assertWhole: () => {
      for (const [market, book] of books) {
        const { bids, asks } = live.book(market as never, Infinity)
        const levels = [
          ...bids.map(([price, size]) => [`buy${price}`, size] as const),
          ...asks.map(([price, size]) => [`sell${price}`, size] as const),
        ]
        assert.deepEqual(new Map([...levels].sort()), new Map([...book.levels].sort()))
      }
    },
  }
}

/** Uneven pieces of whole commands, as a sequencer releases them. */
function cuts(events: readonly Event[], seed: number): [number, number][] {
  const pieces: [number, number][] = []
  for (let from = 0; from < events.length; ) {
    let to = Math.min(events.length, from + 1 + ((from * 7 + seed * 13) % 97))
    while (to < events.length && events[to]?.seq === events[to - 1]?.seq) to += 1
    pieces.push([from, to])
    from = to
  }
  return pieces
}
