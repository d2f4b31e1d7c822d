// Amends at the order tracker: none is lost, none is done twice, and the venue's word counts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SavedOrder } from '#bots/runtime/saved-bot.ts'
import type { PlaceAnswer } from '#connectors/venue.ts'
import { amended, orderOf } from './fake-venue.ts'
import { fill, request, settled, setUp, UNKNOWN } from './tracker-bench.ts'

const SMALLER = { size: '0.5' }
const SAVED: SavedOrder = {
  ...{ venue: 'internal', request: request('a') },
  amend: { amendment: SMALLER, askedMs: 0 },
}

/** With an order that rests at the venue. */
async function resting() {
  const bench = setUp()
  bench.tracker.place('internal', request('a'))
  await settled()
  const amend = (amendment: object = SMALLER) => {
    const entry = bench.tracker.openOf('internal', 'a')
    assert.ok(entry !== undefined)
    bench.tracker.trackAmend(entry, amendment)
    bench.tracker.sendAmend(entry)
    return entry
  }
  const amends = () => bench.fake.asked.filter((one) => one.startsWith('amend')).length
  return { ...bench, amend, amends }
}

/** Of a run before, with what the venue has; null: nothing of it. */
function later(saved: SavedOrder, atVenue: object | null = {}) {
  const bench = setUp({ saved: [saved] })
  if (atVenue !== null) bench.fake.orders.set('a', { ...orderOf(request('a')), ...atVenue })
  const asked = () => bench.fake.asked.filter((one) => one.endsWith(' a'))
  const start = () => bench.tracker.reconcile('internal', { symbols: [], isOurs: () => false })
  return { ...bench, asked, start }
}

test('an amend is in the record before it leaves, and out of it when it is answered', async () => {
  const { tracker, outcomes, amend, ids } = await resting()
  amend()
  assert.deepEqual(tracker.saved()[0]?.amend, { amendment: SMALLER, askedMs: 0 })
  await settled()
  assert.deepEqual(outcomes, ['a open 0.5 done'])
  assert.deepEqual([tracker.saved()[0]?.amend, ids()], [undefined, ['a']])
  assert.equal(tracker.open()[0]?.order?.size, '0.5')
})

test('an amend whose answer was lost is told by the order, and is not sent again', async () => {
  const { fake, outcomes, amend, amends } = await resting()
  fake.isAway = true
  fake.onAmend = (id, amendment) => {
    amended(fake.orders, id, amendment)
    return UNKNOWN
  }
  amend()
  await settled()
  assert.deepEqual(outcomes, [], 'nobody knows')
  fake.isAway = false
  await settled()
  assert.deepEqual([outcomes, amends()], [['a open 0.5 done'], 1])
})

test('an amend that never arrived is sent again while it is meant, and then is lost', async () => {
  const young = await resting()
  const answers: PlaceAnswer[] = [UNKNOWN, UNKNOWN]
  young.fake.onAmend = (id, amendment) =>
    answers.shift() ?? amended(young.fake.orders, id, amendment)
  young.amend()
  await settled()
  assert.deepEqual([young.outcomes, young.amends()], [['a open 0.5 done'], 3])
  const old = await resting()
  old.fake.onAmend = () => UNKNOWN
  old.amend()
  await settled(200)
  assert.deepEqual(old.outcomes, ['a open not_found'])
  assert.ok(old.clock.ms >= 12_000, 'a request may be on its way for a while')
  assert.deepEqual(old.ids(), ['a'], 'the order itself is not lost')
})

test('an amend waits until its own order is answered', async () => {
  const { fake, tracker, outcomes } = setUp()
  const answer = Promise.withResolvers<PlaceAnswer>()
  fake.onPlace = () => answer.promise
  tracker.place('internal', request('a'))
  const entry = tracker.openOf('internal', 'a')
  assert.ok(entry !== undefined)
  tracker.trackAmend(entry, SMALLER)
  tracker.sendAmend(entry)
  await settled()
  assert.deepEqual(fake.asked, ['place a'])
  fake.orders.set('a', orderOf(request('a')))
  answer.resolve({ kind: 'accepted', order: orderOf(request('a')), fills: [] })
  await settled()
  assert.deepEqual([fake.asked, outcomes], [['place a', 'amend a'], ['a open 0.5 done']])
})

test('a refused amend leaves the order as it was, and is on record until handled', async () => {
  const { fake, tracker, outcomes, orders, amend, ids } = await resting()
  fake.onAmend = () => ({ kind: 'refused', code: 'order.amend_below_filled' })
  amend()
  await settled()
  assert.deepEqual([outcomes, ids()], [['a open order.amend_below_filled'], ['a']])
  assert.equal(tracker.saved()[0]?.refusedAmend, 'order.amend_below_filled')
  const [order] = orders
  assert.ok(order !== undefined)
  tracker.settled(order)
  assert.equal(tracker.saved()[0]?.refusedAmend, 'order.amend_below_filled', 'of another event')
  tracker.settled(order, { code: 'order.amend_below_filled' })
  assert.deepEqual(tracker.saved(), [{ venue: 'internal', request: request('a') }])
})

test('an order that ended before its amend came tells its end and no refusal', async () => {
  const { fake, outcomes, states, amend, ids } = await resting()
  fake.orders.set('a', { ...orderOf(request('a')), state: 'filled', filledBase: '1' })
  amend()
  await settled()
  assert.deepEqual([states(), ids()], [['a open', 'a filled'], []])
  assert.deepEqual(outcomes, ['a filled done'])
})

test('an amend that trades at once tells its fills, and the end of the order', async () => {
  const { fake, fills, states, amend } = await resting()
  const order = { ...orderOf(request('a')), state: 'filled' as const, filledBase: '1' }
  fake.onAmend = () => ({ kind: 'accepted', order, fills: [fill('BTC-USDC/1')] })
  amend({ limitPrice: '101' })
  await settled()
  assert.deepEqual([fills.length, states()], [1, ['a open', 'a filled']])
})

test('an amend of a run before that the venue has is not sent again', async () => {
  const { tracker, outcomes, asked, start } = later(SAVED, SMALLER)
  await start()
  assert.deepEqual(outcomes, ['a open 0.5 done'])
  assert.ok(asked().every((one) => one === 'order a'))
  assert.equal(tracker.saved()[0]?.amend, undefined)
})

test('an amend of a run before that never left is sent once, under the same order', async () => {
  const { outcomes, asked, start } = later(SAVED)
  await start()
  await start()
  assert.deepEqual(outcomes, ['a open 0.5 done'])
  assert.equal(asked().filter((one) => one === 'amend a').length, 1)
  const late = later(SAVED)
  late.clock.ms = 5_000
  await late.start()
  assert.deepEqual(late.outcomes, ['a open not_found'], 'nobody means it any more')
  assert.equal(late.asked().filter((one) => one === 'amend a').length, 0)
})

test('an order and its amend that both never left are placed, then amended', async () => {
  const { fake, outcomes, asked, start } = later(
    { ...SAVED, request: request('a', { sentAt: 0 }) },
    null,
  )
  await start()
  assert.deepEqual(
    asked().filter((one) => !one.startsWith('order')),
    ['place a', 'amend a'],
  )
  assert.equal(fake.placed[0]?.quantity.amount, '1', 'as it was asked for first')
  assert.deepEqual(outcomes, ['a open 0.5 done'])
})

test('a refusal that no strategy has handled is told by the next run', async () => {
  const { venue, request: asked } = SAVED
  const { tracker, outcomes, start } = later({ venue, request: asked, refusedAmend: 'gate.paused' })
  await start()
  tracker.recover('internal', 'BTC-USDC', 'a')
  await settled()
  assert.deepEqual(outcomes, ['a open gate.paused'])
})

test('a venue that cannot amend refuses with its code, and nothing is cancelled', async () => {
  const { fake, outcomes, amend } = await resting()
  const { trading } = fake.venue
  assert.ok(trading !== undefined)
  Object.assign(trading, { amend: undefined })
  amend()
  await settled()
  assert.deepEqual(outcomes, ['a open order.not_amendable'])
  assert.ok(!fake.asked.some((one) => one.startsWith('cancel')))
})

test('an older word by the clock of the venue never takes back what was amended', async () => {
  const { tracker, orders } = await resting()
  const word = (size: string, updatedAt: number) =>
    tracker.heardOrder('internal', { ...orderOf(request('a')), size, updatedAt })
  word('1', 1)
  word('0.5', 3)
  word('1', 2)
  word('0.5', 3)
  assert.deepEqual(
    orders.map(({ size }) => size),
    [undefined, '1', '0.5'],
  )
})
