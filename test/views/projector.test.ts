// The projector folds released events into PostgreSQL, exactly once, whatever happens to it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { rebuildViews } from '#scripts/rebuild-views.ts'
import { createAccountHistory, type LedgerCursor } from '#views/account-history.ts'
import { arrayLiteral } from '#views/array-literal.ts'
import { checksumsOf } from '#views/checksums.ts'
import type { LedgerRow } from '#views/history-rows.ts'
import { INTERVALS, type Interval } from '#views/interval.ts'
import { createLiveViews, type LiveViews } from '#views/live/live-views.ts'
import { seedLiveViews } from '#views/live/seed.ts'
import { createMarketHistory } from '#views/market-history.ts'
import { isFinished } from '#views/order-row.ts'
import { createOrdersHistory } from '#views/orders-history.ts'
import { unrealisedQuote } from '#views/pnl.ts'
import { createProjector } from '#views/projector.ts'
import { queryRows } from '#views/query.ts'
import { emptyViews } from '#views/sql/empty-views.sql.ts'
import { temporaryDatabase } from '../database/temporary.ts'
import { emptyImage } from './event-log.ts'
import { createExchange } from './trade-along.ts'

const ACCOUNTS = [16, 17, 18, 19] as never[]
const ASSETS = [0, 1, 2] as never[]
const TRADES = 6_000

const database = await temporaryDatabase()
const pool = database.pool('projector', 1, { synchronous_commit: 'off' })
const reads = database.pool('history', 2)
const exchange = createExchange(7)
exchange.trade(TRADES)
const { log } = exchange

/** Folds everything that is released and stops. */
async function project(chunk: number): Promise<void> {
  const projector = await createProjector({
    pool,
    readEvents: log.reader(chunk),
    released: log.released(),
  })
  await projector.passed(log.events.length)
  await projector.close()
}

function liveAt(): LiveViews {
  const live = createLiveViews(emptyImage())
  live.apply(log.batch())
  return live
}

test('a column survives as an array literal, whatever its text holds', async () => {
  const texts = ['plain', '', 'NULL', 'a,b', '{"x"}', 'back\\slash', 'line\nbreak', 'ü 🙂', null]
  const literal = arrayLiteral(
    [...texts, 'a\0b'].map((text) => ({ text })),
    'text',
    'text',
  )
  const { rows } = await reads.query<{ texts: string[] }>('SELECT $1::text[] AS texts', [literal])
  assert.deepEqual(rows[0]?.texts, [...texts, 'a\uFFFDb'])
  assert.equal(arrayLiteral([{ n: -5 }, { n: null }, {}], 'n', 'bigint'), '{-5,NULL,NULL}')
})

test('the database holds what the live views hold', async () => {
  await project(1_000)
  const live = liveAt()
  const balances = await queryRows(reads, {
    name: 'test-balances',
    text: 'SELECT account, asset, cash, held FROM views.balances ORDER BY account, asset',
  })
  assert.deepEqual(balances, live.allBalances())
  const history = createOrdersHistory({ pool: reads, live: createLiveViews(emptyImage()) })
  for (const account of ACCOUNTS) {
    const { items } = await history.list({ accounts: [account], limit: 100_000 })
    assert.deepEqual(items, live.ordersOf(account))
  }
})

test('ledger entries add up to the balances, and to 0 for each asset', async () => {
  const sums = await queryRows<{ same: boolean }>(reads, {
    name: 'test-ledger',
    text: `SELECT b.cash = coalesce(sum(l.amount), 0) AND b.cash =
        (SELECT balance FROM views.ledger_entries AS last
         WHERE last.account = b.account AND last.asset = b.asset
         ORDER BY event_no DESC, leg DESC LIMIT 1) AS same
      FROM views.balances b LEFT JOIN views.ledger_entries l USING (account, asset)
      GROUP BY b.account, b.asset, b.cash`,
  })
  assert.ok(sums.length > 10)
  assert.ok(sums.every((row) => row.same))
  const total = await queryRows<{ sum: string }>(reads, {
    name: 'test-ledger-zero',
    text: 'SELECT sum(amount)::text AS sum FROM views.ledger_entries GROUP BY asset',
  })
  assert.deepEqual(new Set(total.map((row) => row.sum)), new Set(['0']))
})

test('INV-14: realised + unrealised + fees of a market add up to the fees taken', async () => {
  const live = liveAt()
  const history = createAccountHistory({ pool: reads, live })
  const { items } = await history.positions(ACCOUNTS)
  for (const market of live.listing.markets()) {
    const rows = items.filter((row) => row.market === market.id)
    const price = live.lastPrice(market.id)
    const gained = rows.map((row) => row.realised + unrealisedQuote(row, market, price))
    assert.equal(
      gained.reduce((a, b) => a + b, 0),
      0,
    )
    assert.ok(rows.some((row) => row.realised !== 0))
  }
  const fees = items.reduce((sum, row) => sum + row.fees, 0)
  assert.equal(fees, live.balance(2 as never, 0 as never)?.cash)
})

test('keyset pages give every row once, newest first', async () => {
  const live = liveAt()
  const history = createAccountHistory({ pool: reads, live })
  const whole = await history.ledger({ accounts: ACCOUNTS, assets: ASSETS, limit: 1_000_000 })
  const paged: LedgerRow[] = []
  let after: LedgerCursor | undefined
  do {
    const query = { accounts: ACCOUNTS, assets: ASSETS, limit: 997, after }
    const page = await history.ledger(query)
    paged.push(...page.items)
    assert.equal(page.asOfSeq, live.asOf().seq)
    after = page.next ?? undefined
  } while (after !== undefined)
  assert.deepEqual(paged, whole.items)
  const fills = await history.fills({ accounts: ACCOUNTS, limit: 1_000_000 })
  const first = await history.fills({ accounts: ACCOUNTS, limit: 10 })
  const rest = await history.fills({
    accounts: ACCOUNTS,
    limit: 1_000_000,
    after: first.next ?? undefined,
  })
  // Main and sub-account never trade with each other, but these accounts do: both sides are rows.
  assert.ok(rest.items.length + first.items.length >= fills.items.length - 1)
})

test('a page of orders joins the database and what it has not got yet', async () => {
  const behind = createLiveViews(emptyImage())
  behind.apply(log.batch())
  const [account = 16 as never] = ACCOUNTS
  const whole = behind.ordersOf(account)
  const middle = whole[Math.floor(whole.length / 2)]?.eventNo ?? 0
  behind.forgetUpTo(middle)
  assert.ok(behind.ordersOf(account).length < whole.length)
  const history = createOrdersHistory({ pool: reads, live: behind })
  const ids: number[] = []
  let after: number | undefined
  do {
    const page = await history.list({ accounts: [account], limit: 50, after })
    ids.push(...page.items.map((order) => order.id))
    after = page.next ?? undefined
  } while (after !== undefined)
  assert.deepEqual(
    ids,
    whole.map((order) => order.id),
  )
  const open = await history.list({
    accounts: [account],
    statuses: ['open', 'partially_filled'],
    limit: 1_000,
  })
  assert.deepEqual(
    open.items,
    whole.filter((order) => !isFinished(order)),
  )
  const oldest = whole.at(-1)
  assert.ok(oldest)
  assert.deepEqual(await history.get([account], oldest.id), oldest)
  assert.equal(await history.get([ACCOUNTS[1] as never], oldest.id), undefined)
})

test('live views that start from an image and a seed know the same market', async () => {
  const whole = liveAt()
  const live = createLiveViews(exchange.image())
  await seedLiveViews(live, reads)
  for (const { id } of live.listing.markets()) {
    const now = live.asOf().time
    assert.deepEqual(live.ticker(id, now), whole.ticker(id, now))
    assert.deepEqual(live.trades(id, 10_000), whole.trades(id, 10_000))
    for (const interval of Object.keys(INTERVALS) as Interval[]) {
      const candle = whole.candle(id, interval)
      const over = candle === undefined || candle.openAt + INTERVALS[interval] <= now
      if (!over) assert.deepEqual(live.candle(id, interval), candle, interval)
    }
  }
})

test('candles of every interval hold every trade', async () => {
  const live = liveAt()
  const history = createMarketHistory({ pool: reads, live })
  for (const market of live.listing.markets()) {
    const trades = live.trades(market.id, 1)[0]?.id ?? 0
    assert.ok(trades > 100)
    for (const interval of Object.keys(INTERVALS) as Interval[]) {
      const { items } = await history.candles(market, { interval, limit: 1_000 })
      assert.equal(
        items.reduce((sum, candle) => sum + candle.trades, 0),
        trades,
        interval,
      )
      const opens = items.map((candle) => candle.openAt)
      assert.deepEqual(
        opens,
        [...new Set(opens)].sort((a, b) => a - b),
      )
    }
    const older = await history.trades(market, { limit: 1_000, after: trades - 5 })
    assert.equal(older.items[0]?.id, trades - 6)
  }
})

test('however the events are cut into batches, the tables are the same', async () => {
  const before = await checksumsOf(reads)
  // Whether two orders of one owner meet is chance; depth-views.test.ts has one.
  assert.ok(before.every(({ table, count }) => count > 0 || table === 'prevented'))
  const deps = { pool, readEvents: log.reader(100), released: log.released(), batchEvents: 37 }
  const { checksums, equal, events } = await rebuildViews(deps)
  assert.deepEqual(checksums, before)
  assert.deepEqual([equal, events], [true, log.events.length])
})

test('stopped at any event, also within a command, it goes on to the same tables', async () => {
  const before = await checksumsOf(reads)
  await queryRows(pool, emptyViews)
  const stops = [...everyFillOfAnOrderByQuote().slice(0, 40), log.events.length]
  for (const eventNo of stops) {
    const readEvents = log.reader(5_000, eventNo)
    const projector = await createProjector({ pool, readEvents, released: { eventNo, time: 0 } })
    await projector.passed(eventNo)
    await projector.close()
  }
  assert.deepEqual(await checksumsOf(reads), before)
})

test('a database killed in the middle catches up without a gap or a double row', async () => {
  const before = await checksumsOf(reads)
  await queryRows(pool, emptyViews)
  const lines: string[] = []
  const projector = await createProjector({
    pool,
    readEvents: log.reader(500),
    released: log.released(),
    log: (line) => lines.push(line),
  })
  for (let kill = 1; kill <= 3; kill += 1) {
    const part = Math.floor((log.events.length * kill) / 4)
    await projector.passed(part)
    const pid = database.serverPid()
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  }
  await projector.passed(log.events.length)
  await projector.close()
  assert.ok(lines.length > 0, 'at least one kill was noticed')
  assert.deepEqual(await checksumsOf(reads), before)
})

test('what a killed server may still lose is not called passed', async () => {
  await queryRows(pool, emptyViews)
  const passed: number[] = []
  const begin = performance.now()
  const projector = await createProjector({
    ...{ pool, readEvents: log.reader(500), released: log.released(), sureAfterMs: 300 },
    onPassed: (eventNo) => passed.push(eventNo),
  })
  await projector.passed(log.events.length)
  if (performance.now() - begin < 300) assert.deepEqual(passed, [])
  while (passed.at(-1) !== log.events.length) await sleep(20)
  assert.ok(performance.now() - begin >= 300)
  await projector.close()
})

test('a projector that stands beyond the journal refuses to start', async () => {
  const released = { eventNo: log.events.length - 1, time: 0 }
  const deps = { pool, readEvents: log.reader(100), released }
  await assert.rejects(createProjector(deps), /acknowledged work is missing/)
})

/** Where a restart is hardest: such an order may or may not be over after each fill. */
function everyFillOfAnOrderByQuote(): number[] {
  const byQuote = new Set(
    log.events.flatMap((event) => (event.kind === 'accepted' && event.size === 0 ? event.seq : [])),
  )
  return log.events.flatMap((event) =>
    event.kind === 'fill' && byQuote.has(event.seq) ? event.eventNo : [],
  )
}
