// Live views fold released events into what routes and stream read.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { balanceJson, fillJson, levelsJson, orderJson } from '#views/format.ts'
import type { BookChange } from '#views/live/listeners.ts'
import { createLiveViews } from '#views/live/live-views.ts'
import type { PrivateMessage } from '#views/live/message-slots.ts'
import { emptyImage } from './event-log.ts'
import {
  ALICE,
  ALICE_SUB,
  BOB,
  cancelled,
  createSmallMarket,
  deposit,
  ETH,
  MARKET,
  rested,
  USDC,
} from './small-market.ts'

const NONE = asUnit<never>(0)

/** Alice sells 1 ETH at 3000; Bob buys 0.4 of it, Alice cancels the rest. */
function sellAndCancel() {
  const market = createSmallMarket()
  const { log } = market
  deposit(market, { account: ALICE, asset: ETH, amount: 100_000_000, total: 100_000_000 })
  deposit(market, { account: BOB, asset: USDC, amount: 5_000_000_000, total: 5_000_000_000 })
  const sell = log.events.at(-1)?.seq ?? 0
  const maker = sell + 1
  log.command(
    market.accept({ account: ALICE, side: 'sell', clientOrderId: 'a-1' }),
    rested(market, maker, 'sell', 300_000)(10_000, ALICE),
    market.balance(ALICE, ETH, 100_000_000, 100_000_000),
  )
  const taker = maker + 1
  log.command(
    market.accept({ account: BOB, size: asUnit(4_000), clientOrderId: 'b-1' }),
    market.fill({
      makerOrderId: asId(maker),
      takerOrderId: asId(taker),
      size: asUnit(4_000),
      makerFee: asUnit(240_000),
      takerFee: asUnit(600_000),
      makerRemaining: asUnit(6_000),
    }),
    market.balance(2, USDC, 840_000),
    market.balance(ALICE, USDC, 1_199_760_000),
    market.balance(ALICE, ETH, 60_000_000, 60_000_000),
    market.balance(BOB, USDC, 3_799_400_000),
    market.balance(BOB, ETH, 40_000_000),
  )
  const rest = {
    id: maker,
    account: ALICE,
    side: 'sell',
    price: 300_000,
    remaining: 6_000,
  } as const
  log.command(
    cancelled(market, rest, 'order.cancelled_by_owner'),
    market.balance(ALICE, ETH, 60_000_000),
  )
  return { market, maker: asId<never>(maker), taker: asId<never>(taker) }
}

test('an order goes from open to partially filled to cancelled, and stays readable', () => {
  const { market, maker, taker } = sellAndCancel()
  const live = createLiveViews(emptyImage())
  live.apply(market.log.batch())
  const order = live.order(maker)
  assert.ok(order)
  const { createdAt, updatedAt, ...json } = orderJson(live.listing, order)
  assert.ok(updatedAt > createdAt)
  assert.deepEqual(json, {
    id: maker,
    clientOrderId: 'a-1',
    account: ALICE,
    market: 'ETH-USDC',
    side: 'sell',
    type: 'limit',
    timeInForce: 'GTC',
    price: '3000.00',
    size: '1.0000',
    filled: '0.4000',
    remaining: '0.0000',
    quoteFilled: '1200.000000',
    averagePrice: '3000.00',
    fee: '0.240000',
    feeAsset: 'USDC',
    status: 'cancelled',
    reason: 'order.cancelled_by_owner',
  })
  assert.equal(live.order(taker)?.status, 'filled')
  assert.equal(live.orderByClientId(BOB, 'b-1')?.id, taker)
  assert.equal(live.openOrderCount(), 0)
})

test('a finished order is forgotten only when the projector has passed its last event', () => {
  const { market, maker, taker } = sellAndCancel()
  const live = createLiveViews(emptyImage())
  live.apply(market.log.batch())
  const end = live.order(maker)?.eventNo ?? 0
  live.forgetUpTo(end - 1)
  assert.equal(live.order(taker), undefined)
  assert.equal(live.orderByClientId(BOB, 'b-1'), undefined)
  assert.equal(live.order(maker)?.status, 'cancelled')
  live.forgetUpTo(end)
  assert.equal(live.order(maker), undefined)
  assert.deepEqual(live.ordersOf(ALICE), [])
})

test('balances are what the engine said last, available is cash less holds', () => {
  const { market } = sellAndCancel()
  const live = createLiveViews(emptyImage())
  live.apply(market.log.batch())
  assert.deepEqual(
    live.balances(ALICE).map((row) => balanceJson(live.listing, row)),
    [
      {
        account: ALICE,
        asset: 'USDC',
        available: '1199.760000',
        held: '0.000000',
        total: '1199.760000',
      },
      {
        account: ALICE,
        asset: 'ETH',
        available: '0.60000000',
        held: '0.00000000',
        total: '0.60000000',
      },
    ],
  )
})

test('the book loses a level with its last order and numbers every change', () => {
  const { market } = sellAndCancel()
  const live = createLiveViews(emptyImage())
  const changes: BookChange[] = []
  live.listen({ book: (change) => changes.push(change) })
  live.apply(market.log.batch())
  assert.deepEqual(
    changes.map(({ number, bids, asks }) => ({ number, bids, asks })),
    [
      { number: 1, bids: [], asks: [[300_000, 10_000]] },
      { number: 2, bids: [], asks: [[300_000, 6_000]] },
      { number: 3, bids: [], asks: [[300_000, 0]] },
    ],
  )
  assert.deepEqual(live.book(MARKET, 10).asks, [])
  assert.equal(live.book(MARKET, 10).number, 3)
})

test('a book gives the best levels first, as decimals', () => {
  const market = createSmallMarket()
  for (const [price, side] of [
    [300_010, 'sell'],
    [300_000, 'sell'],
    [299_000, 'buy'],
    [299_900, 'buy'],
  ] as const) {
    const id = (market.log.events.at(-1)?.seq ?? 0) + 1
    market.log.command(
      market.accept({ account: ALICE, side, price: asUnit(price) }),
      rested(market, id, side, price)(5, ALICE),
    )
  }
  const live = createLiveViews(emptyImage())
  live.apply(market.log.batch())
  const book = live.book(MARKET, 1)
  const row = live.listing.market(MARKET)
  assert.deepEqual(levelsJson(row, book.bids), [['2999.00', '0.0005']])
  assert.deepEqual(levelsJson(row, book.asks), [['3000.00', '0.0005']])
  assert.deepEqual(
    live.book(MARKET, 10).bids.map(([price]) => price),
    [299_900, 299_000],
  )
  assert.deepEqual([live.ticker(MARKET, 0).bid, live.ticker(MARKET, 0).ask], [299_900, 300_000])
})

test('private messages are numbered without a gap: a fill, then the order it changed', () => {
  const { market } = sellAndCancel()
  const live = createLiveViews(emptyImage())
  const heard: PrivateMessage[] = []
  live.listen({ message: (message) => heard.push(message) })
  live.apply(market.log.batch())
  const alice = heard.filter((message) => message.account === ALICE)
  assert.deepEqual(
    alice.map(({ accountSeq, channel }) => `${accountSeq} ${channel}`),
    [
      ...['1 balances', '2 orders', '3 balances', '4 fills', '5 orders'],
      ...['6 balances', '7 balances', '8 orders', '9 balances'],
    ],
  )
  assert.deepEqual(live.messagesFrom(ALICE, 4), alice.slice(3))
  assert.deepEqual(live.messagesFrom(ALICE, 10), [])
  assert.equal(live.messagesFrom(ALICE, 11), null)
  const fill = alice[3]
  assert.ok(fill?.channel === 'fills')
  const { at: _, ...json } = fillJson(live.listing, fill.fill)
  assert.deepEqual(json, {
    id: 1,
    orderId: fill.fill.orderId,
    clientOrderId: 'a-1',
    account: ALICE,
    market: 'ETH-USDC',
    side: 'sell',
    price: '3000.00',
    size: '0.4000',
    fee: '0.240000',
    feeAsset: 'USDC',
    liquidity: 'maker',
  })
})

test('a market order by quote amount is filled only with the last fill of its command', () => {
  const market = createSmallMarket()
  const { log } = market
  const first = (log.events.at(-1)?.seq ?? 0) + 1
  for (const price of [300_000, 300_100]) {
    const id = (log.events.at(-1)?.seq ?? 0) + 1
    log.command(
      market.accept({ account: ALICE, side: 'sell', price: asUnit(price), size: asUnit(10) }),
      rested(market, id, 'sell', price)(10, ALICE),
    )
  }
  const taker = asId<never>(first + 2)
  const byQuote = { type: 'market', timeInForce: 'IOC', price: NONE, size: NONE } as const
  const fill = (makerOrderId: number, price: number) =>
    market.fill({
      makerOrderId: asId(makerOrderId),
      takerOrderId: taker,
      price: asUnit(price),
      size: asUnit(10),
    })
  log.command(
    market.accept({ account: BOB, ...byQuote, quoteAmount: asUnit(6_001_000) }),
    fill(first, 300_000),
    fill(first + 1, 300_100),
  )
  const live = createLiveViews(emptyImage())
  const statuses: string[] = []
  live.listen({
    message: (message) => {
      if (message.channel === 'orders' && message.account === BOB) {
        statuses.push(message.order.status)
      }
    },
  })
  live.apply(log.batch())
  assert.deepEqual(statuses, ['open', 'partially_filled', 'filled'])
  const order = live.order(taker)
  assert.ok(order)
  const json = orderJson(live.listing, order)
  assert.deepEqual(
    [json.size, json.quoteAmount, json.quoteFilled, json.averagePrice],
    [null, '6.001000', '6.001000', '3000.50'],
  )
})

test('trades, ticker and candles agree, and the ticker forgets what is a day old', () => {
  const { market } = sellAndCancel()
  const live = createLiveViews(emptyImage())
  live.apply(market.log.batch())
  const [trade] = live.trades(MARKET, 10)
  assert.ok(trade)
  assert.deepEqual([trade.id, trade.price, trade.size, trade.takerSide], [1, 300_000, 4_000, 'buy'])
  const ticker = live.ticker(MARKET, trade.at)
  assert.deepEqual([ticker.last, ticker.open24h, ticker.volume24h], [300_000, 300_000, 4_000])
  assert.equal(ticker.quoteVolume24h, 1_200_000_000)
  const later = live.ticker(MARKET, trade.at + 86_400_000_000)
  assert.deepEqual([later.last, later.open24h, later.volume24h], [300_000, 0, 0])
  for (const interval of ['1s', '1m', '1d'] as const) {
    const candle = live.candle(MARKET, interval)
    assert.deepEqual([candle?.open, candle?.volume, candle?.trades], [300_000, 4_000, 1])
  }
})

test('accounts are found by id, user and owner', () => {
  const live = createLiveViews(emptyImage())
  live.apply(createSmallMarket().log.batch())
  assert.equal(live.accountOfUser('bob')?.account, BOB)
  assert.deepEqual(
    live.accountsOfOwner(ALICE).map((row) => row.account),
    [ALICE, ALICE_SUB],
  )
  assert.equal(live.account(asId(99)), undefined)
})

test('a missing event stops the fold', () => {
  const { market } = sellAndCancel()
  const live = createLiveViews(emptyImage())
  assert.throws(() => live.apply(market.log.batch(1)), /INV-09/)
})
