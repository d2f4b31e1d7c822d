// Depth in the views: every kind of event that the full engine has, live and in the database.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EVENT_KINDS } from '#engine/codec/choices.ts'
import { createAccountHistory } from '#views/account-history.ts'
import { checksumsOf } from '#views/checksums.ts'
import { accountJson, fillJson, orderJson } from '#views/format.ts'
import { marketJson, phaseJson } from '#views/format-market.ts'
import type { BookChange } from '#views/live/listeners.ts'
import { createLiveViews } from '#views/live/live-views.ts'
import type { PrivateMessage } from '#views/live/message-slots.ts'
import { createOrdersHistory } from '#views/orders-history.ts'
import { createProjector } from '#views/projector.ts'
import { queryRows } from '#views/query.ts'
import { emptyViews } from '#views/sql/empty-views.sql.ts'
import { temporaryDatabase } from '../database/temporary.ts'
import { tellStory } from './depth-story.ts'
import { emptyImage } from './event-log.ts'
import { ALICE, ALICE_SUB, BOB, MARKET } from './small-market.ts'

const database = await temporaryDatabase()
const pool = database.pool('projector', 1)
const reads = database.pool('history', 1)
const { log, ids, after } = tellStory()

/** The live views after so many events, and what they told on the way. */
function liveAt(upTo = log.events.length) {
  const live = createLiveViews(emptyImage())
  const changes: BookChange[] = []
  const messages: PrivateMessage[] = []
  live.listen({
    book: (change) => changes.push(change),
    message: (message) => messages.push(message),
  })
  live.apply(log.batch(0, upTo))
  const order = (id: number) => live.order(id as never) ?? assert.fail(`no order ${id}`)
  const json = (id: number) => orderJson(live.listing, order(id))
  return { live, changes, messages, order, json }
}

const asks = (upTo: number) => liveAt(upTo).live.book(MARKET, 10).asks
const statusOf = (id: number, upTo?: number) => liveAt(upTo).order(id).status

test('the story goes through every kind of event that depth brings', () => {
  const told = new Set(log.events.map(({ kind }) => kind))
  const depth = EVENT_KINDS.slice(EVENT_KINDS.indexOf('triggered'))
  assert.deepEqual(
    depth.filter((kind) => !told.has(kind)),
    [],
  )
})

test('a level is what its orders show: an iceberg is refilled and amended unseen', () => {
  const { json, changes } = liveAt(after.iceberg)
  assert.deepEqual(asks(after.iceberg), [[300_000, 10]])
  const { displaySize, size, filled, remaining } = json(ids.iceberg)
  assert.deepEqual([displaySize, size, filled, remaining], ['0.0010', '0.0060', '0.0010', '0.0050'])
  const numbers = changes.map(({ number, asks: levels }) => [number, levels])
  assert.deepEqual(numbers, [
    [1, [[300_000, 10]]],
    [2, [[300_000, 0]]],
    [3, [[300_000, 10]]],
    [4, []],
  ])
})

test('a triggered oco leaves its level, works at its stop price and can be amended there', () => {
  const { json } = liveAt(after.oco)
  const { type, price, triggerPrice, triggerBy, stopPrice, triggeredAt } = json(ids.oco)
  assert.deepEqual([type, price, triggerPrice], ['oco', '2960.00', '2950.00'])
  assert.deepEqual([triggerBy, stopPrice], ['last', '2940.00'])
  assert.ok(Number(triggeredAt) > 0)
  assert.deepEqual(asks(after.oco), [
    [296_000, 20],
    [300_000, 10],
    [320_000, 3],
  ])
})

test('an order whose time is over is expired, any other that was ended is cancelled', () => {
  const { reason, expireAt, status } = liveAt().json(ids.gtd)
  assert.deepEqual([status, reason], ['expired', 'order.expired'])
  assert.ok(Number(expireAt) > 0)
})

test('an exit is an oco of its own that names its entry, and the entry names it', () => {
  const { json } = liveAt()
  const exit = json(ids.exit)
  assert.deepEqual([exit.type, exit.side, exit.clientOrderId], ['oco', 'sell', null])
  assert.equal(exit.entryOrderId, ids.exit - 2 ** 52)
  assert.equal(json(ids.exit - 2 ** 52).exitOrderId, ids.exit)
})

test('an auction takes the size from both levels, each at its own order’s price', () => {
  const { changes, live } = liveAt(after.auction)
  const last = changes.at(-1)
  assert.deepEqual(last?.bids, [[299_000, 0]])
  assert.deepEqual(last?.asks, [[296_000, 8]])
  assert.equal(live.lastPrice(MARKET), 297_000)
  assert.equal(statusOf(ids.bid), 'filled')
  assert.equal(statusOf(ids.oco), 'partially_filled')
})

test('a fee in what was received is in the base asset, for the fill and for the order', () => {
  const { live, messages, json } = liveAt(after.iceberg)
  const { fee, feeAsset } = json(ids.taker)
  assert.deepEqual([fee, feeAsset], ['0.00000050', 'ETH'])
  const fills = messages.flatMap((one) => (one.channel === 'fills' ? [one.fill] : []))
  assert.deepEqual(
    fills.map((fill) => fillJson(live.listing, fill)).map((one) => [one.fee, one.feeAsset]),
    [
      ['0.000600', 'USDC'],
      ['0.00000050', 'ETH'],
    ],
  )
})

test('a market says its phase, prices, rules and tiers as they were set last', () => {
  const { live } = liveAt(after.market)
  const market = live.listing.market(MARKET)
  assert.deepEqual(phaseJson(market, live.marketState(MARKET)), {
    ...{ phase: 'auction', phaseEndsAt: 9, markPrice: '3005.00' },
    indicative: { price: '3001.00', volume: '0.0070' },
  })
  const json = marketJson(market, live.marketState(MARKET))
  assert.deepEqual(json.feeTiers[1], { minNotional: '5.000000', makerFeeBps: -0.5, takerFeeBps: 3 })
  assert.deepEqual([json.minNotional, json.makerFeeBps], ['2.000000', 1])
  assert.deepEqual(json.rules, {
    ...{ collarBps: 500, bandBps: 1_000, bandWindowMs: 60_000, haltMs: 5_000 },
    ...{ auctionMs: 30_000, sessionOpenMs: 0, sessionCloseMs: 3_600_000 },
  })
})

test('the price of an auction is gone with the auction, and a delisted market says so', () => {
  const { live } = liveAt()
  const { phase, indicativePrice, delisted } = live.marketState(MARKET)
  assert.deepEqual([phase, indicativePrice, delisted], ['continuous', 0, true])
})

test('frozen and closed accounts say so, and nobody else does', () => {
  const { live } = liveAt()
  const marks = [ALICE, BOB, ALICE_SUB].map((id) => {
    const { frozen, closed } = accountJson(live.account(id) ?? assert.fail('no account'))
    return [frozen, closed]
  })
  assert.deepEqual(marks, [
    [undefined, undefined],
    [true, undefined],
    [undefined, true],
  ])
  assert.equal(live.accountsOfOwner(ALICE)[1]?.closed, true)
})

test('every accountSeq is told once, also over what takes none', () => {
  const { messages } = liveAt()
  for (const account of [ALICE, BOB]) {
    const seqs = messages.filter((one) => one.account === account).map((one) => one.accountSeq)
    assert.deepEqual(
      seqs,
      seqs.map((_, i) => i + 1),
    )
  }
})

async function project(chunk: number, batchEvents: number): Promise<void> {
  const released = log.released()
  const projector = await createProjector({
    ...{ pool, readEvents: log.reader(chunk), released, batchEvents },
  })
  await projector.passed(released.eventNo)
  await projector.close()
}

test('INV-11: the database holds the same orders, however the events are cut', async () => {
  await project(1_000, 4_096)
  const history = createOrdersHistory({ pool: reads, live: createLiveViews(emptyImage()) })
  const { live } = liveAt()
  for (const account of [ALICE, BOB]) {
    const { items } = await history.list({ accounts: [account], limit: 1_000 })
    assert.deepEqual(
      items,
      [...live.ordersOf(account)].sort((a, b) => b.id - a.id),
    )
  }
  const whole = await checksumsOf(reads)
  for (const batch of [1, 3]) {
    await queryRows(pool, emptyViews)
    await project(2, batch)
    assert.deepEqual(await checksumsOf(reads), whole)
  }
})

test('the database knows state of markets, marks of accounts and prevented matches', async () => {
  const rows = <T>(text: string) => queryRows<T>(reads, { name: text.slice(0, 60), text })
  assert.deepEqual(await rows('SELECT phase, delisted, collar_bps FROM views.market_states'), [
    { phase: 'continuous', delisted: true, collar_bps: 500 },
  ])
  const marks = 'SELECT account FROM views.accounts WHERE frozen OR closed ORDER BY account'
  assert.deepEqual(await rows(marks), [{ account: BOB }, { account: ALICE_SUB }])
  assert.deepEqual(await rows('SELECT size, self_trade FROM views.prevented_matches'), [
    { size: 4, self_trade: 'cancel-taker' },
  ])
})

test('INV-14: fees in base are counted apart, and entries add up to 0', async () => {
  const live = createLiveViews(emptyImage())
  const { items } = await createAccountHistory({ pool: reads, live }).positions([ALICE, BOB])
  assert.deepEqual(
    items.map(({ account, fees, feesInBase }) => ({ account, fees, feesInBase })),
    [
      { account: ALICE, fees: 1_300, feesInBase: 0 },
      { account: BOB, fees: 700, feesInBase: 50 },
    ],
  )
  const sums = await queryRows(reads, {
    ...{
      name: 'test-zero',
      text: 'SELECT sum(amount)::text FROM views.ledger_entries GROUP BY asset',
    },
  })
  assert.deepEqual(sums, [{ sum: '0' }, { sum: '0' }])
})
