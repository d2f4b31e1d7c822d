// Candles from the database: backfilled minutes, our own, and what is put together from them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE_US } from '#kernel/time.ts'
import { candleJson } from '#views/format.ts'
import { INTERVALS, openOf } from '#views/interval.ts'
import { createLiveViews } from '#views/live/live-views.ts'
import { createMarketHistory } from '#views/market-history.ts'
import { createProjector } from '#views/projector.ts'
import { temporaryDatabase } from '../database/temporary.ts'
import { emptyImage, START_US } from './event-log.ts'
import { ALICE, BOB, createSmallMarket, deposit, ETH, MARKET, USDC } from './small-market.ts'

const OPEN = openOf(START_US, MINUTE_US)
const database = await temporaryDatabase()
const pool = database.pool('projector', 1)
const small = createSmallMarket()
const { log } = small
deposit(small, { account: ALICE, asset: ETH, amount: 1_000_000_000, total: 1_000_000_000 })
deposit(small, { account: BOB, asset: USDC, amount: 900_000_000_000, total: 900_000_000_000 })
for (const price of [300_000, 300_200, 299_900]) trade(price)
log.wait(3 * MINUTE_US)
for (const price of [301_000, 300_500]) trade(price)

const live = createLiveViews(emptyImage())
live.apply(log.batch())
const history = createMarketHistory({ pool, live })
const market = live.listing.market(MARKET)

/** One order rests and the next takes it whole: 1 ETH. */
function trade(price: number): void {
  const id = (log.events.at(-1)?.seq ?? 0) + 1
  const [makerOrderId, takerOrderId] = [id as never, (id + 1) as never]
  const terms = { price: price as never, size: 10_000 as never }
  log.command(small.accept({ account: ALICE, side: 'sell', ...terms }), {
    kind: 'rested',
    ...{ orderId: makerOrderId, account: ALICE, market: MARKET, side: 'sell', price: terms.price },
    ...{ remaining: terms.size, shown: terms.size, bookNumber: small.bookNumber() },
  })
  log.command(
    small.accept({ account: BOB, ...terms }),
    small.fill({ makerOrderId, takerOrderId, ...terms }),
  )
}

/** Minutes before the first trade, one day of them, and one that our own trades overlap. */
async function backfill(): Promise<void> {
  await pool.query(
    `INSERT INTO records.candles_backfill (market, open_at, open, high, low, close, volume)
     SELECT 'ETH-USDC', open_at, '2990.00', '2995.5', '2980.00', '2991.00', '0.5'
     FROM generate_series($1::bigint, $2::bigint, 60000000) AS open_at`,
    [OPEN - 1_440 * MINUTE_US, OPEN],
  )
}

test('folded and backfilled minutes join, and trades win where both are', async () => {
  await backfill()
  const { eventNo, time } = log.released()
  const readEvents = log.reader(100)
  const projector = await createProjector({ pool, readEvents, released: { eventNo, time } })
  await projector.passed(eventNo)
  await projector.close()
  const { items, next } = await history.candles(market, { interval: '1m', limit: 5 })
  assert.equal(next, OPEN - MINUTE_US)
  assert.deepEqual(
    items.map((row) => candleJson(market, row)),
    [
      {
        openAt: OPEN - MINUTE_US,
        ...{ open: '2990.00', high: '2995.50', low: '2980.00', close: '2991.00' },
        ...{ volume: '0.5000', trades: 0, backfilled: true },
      },
      {
        openAt: OPEN,
        ...{ open: '3000.00', high: '3002.00', low: '2999.00', close: '2999.00' },
        ...{ volume: '3.0000', trades: 3 },
      },
      {
        openAt: OPEN + 3 * MINUTE_US,
        ...{ open: '3010.00', high: '3010.00', low: '3005.00', close: '3005.00' },
        ...{ volume: '2.0000', trades: 2 },
      },
    ],
  )
})

test('wider candles are made of minutes and marked when one of them is backfilled', async () => {
  const { items } = await history.candles(market, { interval: '1d', limit: 10 })
  const last = items.at(-1)
  assert.equal(items.length, 2)
  assert.ok(last)
  assert.equal(last.backfilled, true)
  assert.deepEqual([last.close, last.trades], [300_500, 5])
  const trades = items.reduce((sum, row) => sum + row.trades, 0)
  const volume = items.reduce((sum, row) => sum + row.volume, 0)
  assert.deepEqual([trades, volume], [5, 50_000 + 1_440 * 5_000])
})

test('pages go back to the beginning and hold every candle once', async () => {
  const opens: number[] = []
  let to: number | undefined
  do {
    const page = await history.candles(market, { interval: '15m', limit: 10, to })
    opens.unshift(...page.items.map((row) => row.openAt))
    to = page.next ?? undefined
  } while (to !== undefined)
  const first = openOf(OPEN - 1_440 * MINUTE_US, INTERVALS['15m'])
  const count = (openOf(OPEN + 3 * MINUTE_US, INTERVALS['15m']) - first) / INTERVALS['15m'] + 1
  assert.deepEqual(
    opens,
    Array.from({ length: count }, (_, i) => first + i * INTERVALS['15m']),
  )
})

test('from and to bound what is given', async () => {
  const range = { interval: '1m', from: OPEN, to: OPEN + 3 * MINUTE_US, limit: 100 } as const
  const { items, next } = await history.candles(market, range)
  assert.deepEqual([items.map((row) => row.openAt), next], [[OPEN], null])
  const before = { interval: '1m', to: OPEN - 1_440 * MINUTE_US, limit: 100 } as const
  assert.deepEqual(await history.candles(market, before), { items: [], next: null })
})

test('seconds older than a day are dropped when the projector goes on', async () => {
  const seconds = await history.candles(market, { interval: '1s', limit: 1_000 })
  assert.equal(
    seconds.items.reduce((sum, row) => sum + row.trades, 0),
    5,
  )
  log.wait(25 * 60 * MINUTE_US)
  trade(300_000)
  const readEvents = log.reader(100)
  const projector = await createProjector({ pool, readEvents, released: log.released() })
  await projector.passed(log.events.length)
  await projector.close()
  const { items } = await history.candles(market, { interval: '1s', limit: 1_000 })
  assert.deepEqual(
    items.map((row) => row.trades),
    [1],
  )
})
