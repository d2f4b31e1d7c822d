// The order tracker: an order leaves only on the venue's word, unknown ones are asked for by id.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { PlaceAnswer } from '#connectors/venue.ts'
import { orderOf } from './fake-venue.ts'
import { fill, request, settled, setUp, UNKNOWN } from './tracker-bench.ts'

test('an order stays tracked until the venue calls it final', async () => {
  const { fake, tracker, states, ids } = setUp()
  tracker.place('internal', request('a'))
  assert.deepEqual(ids(), ['a'], 'from before it is sent')
  await settled()
  assert.deepEqual([ids(), states()], [['a'], ['a open']])
  const order = fake.orders.get('a')
  assert.ok(order !== undefined)
  tracker.heardOrder('internal', { ...order, state: 'filled', filledBase: '1' })
  assert.deepEqual([ids(), states()], [[], ['a open', 'a filled']])
  tracker.heardOrder('internal', order)
  assert.deepEqual(states(), ['a open', 'a filled'], 'final stays final')
})

test('an unknown order is asked for by its own id and not sent again', async () => {
  const { fake, tracker, states, ids } = setUp()
  fake.onPlace = () => UNKNOWN
  fake.isAway = true
  tracker.place('internal', request('a'))
  await settled()
  assert.deepEqual(ids(), ['a'])
  assert.equal(tracker.open()[0]?.isUnknown, true)
  assert.deepEqual(states(), [])
  fake.orders.set('a', { ...orderOf(request('a')), state: 'filled', filledBase: '1' })
  fake.isAway = false
  await settled()
  assert.deepEqual([ids(), states()], [[], ['a filled']])
  assert.equal(fake.asked.filter((one) => one.startsWith('place')).length, 1)
})

test('an unknown order nobody has seen counts as not there after a long while', async () => {
  const { fake, tracker, orders, clock, ids } = setUp()
  fake.onPlace = () => UNKNOWN
  tracker.place('internal', request('a'))
  while (clock.ms < 11_000) {
    assert.deepEqual(ids(), ['a'], `after ${clock.ms} ms`)
    await turn()
  }
  await settled()
  assert.deepEqual([ids(), orders[0]?.state, orders[0]?.code], [[], 'refused', 'not_found'])
})

test('a refused order leaves with the code of the venue', async () => {
  const { fake, tracker, orders } = setUp()
  fake.onPlace = () => ({ kind: 'refused', code: 'funds.insufficient' })
  tracker.place('internal', request('a'))
  tracker.place('reference', request('b'))
  await settled()
  assert.deepEqual(orders.map(({ state, code }) => `${state} ${code}`).sort(), [
    'refused funds.insufficient',
    'refused venue.read_only',
  ])
})

test('a cancel is repeated until the venue answers', async () => {
  const { fake, tracker, states } = setUp()
  tracker.place('internal', request('a'))
  await settled()
  fake.isAway = true
  tracker.cancel('internal', 'a')
  await settled()
  assert.deepEqual(states(), ['a open'])
  fake.isAway = false
  await settled()
  assert.deepEqual(states(), ['a open', 'a cancelled'])
})

test('after missed messages the fills since the last are read, and open orders', async () => {
  const { fake, tracker, fills, states } = setUp({ last: 'BTC-USDC/1' })
  fake.fills = [fill('BTC-USDC/1'), fill('BTC-USDC/2'), fill('BTC-USDC/3')]
  tracker.place('internal', request('a'))
  await settled()
  fake.orders.set('a', { ...orderOf(request('a')), state: 'filled', filledBase: '1' })
  await tracker.missed('internal')
  assert.deepEqual(
    fills.map(({ fillId }) => fillId),
    ['BTC-USDC/2', 'BTC-USDC/3'],
  )
  assert.deepEqual(states(), ['a open', 'a filled'])
})

test('without any fill before, those since the bot began are read', async () => {
  const { fake, tracker, fills } = setUp()
  fake.fills = [{ ...fill('BTC-USDC/1'), at: 0 }, fill('BTC-USDC/2')]
  await tracker.missed('internal')
  assert.deepEqual(
    fills.map(({ fillId }) => fillId),
    ['BTC-USDC/2'],
  )
})

const OURS = { symbols: ['BTC-USDC'], isOurs: (id: string) => id.startsWith('old') }

test('reconciling learns what each order is, and cancels ours that is in no record', async () => {
  const kept = [request('kept'), request('filled'), request('quote', { stays: 'connected' })]
  const { fake, tracker, ids } = setUp({ saved: kept })
  for (const id of ['old-1', 'kept', 'quote', 'of-a-person']) {
    fake.orders.set(id, orderOf({ clientOrderId: id, side: 'sell' }))
  }
  const filled = { ...orderOf(request('filled')), state: 'filled', filledBase: '1' } as const
  fake.orders.set('filled', filled)
  fake.isAway = true
  const done = tracker.reconcile('internal', OURS)
  let isDone = false
  void done.then(() => {
    isDone = true
  })
  await settled()
  assert.equal(isDone, false, 'not while the venue does not answer')
  fake.isAway = false
  await done
  assert.deepEqual(
    [...fake.orders.values()].map(({ clientOrderId, state }) => `${clientOrderId} ${state}`),
    ['old-1 cancelled', 'kept open', 'quote cancelled', 'of-a-person open', 'filled filled'],
  )
  assert.deepEqual(ids(), ['kept'])
  assert.equal(tracker.saved().length, 3, 'until the strategy has handled their ends')
  tracker.settled(filled)
  assert.equal(tracker.saved().length, 2)
  assert.deepEqual(fake.placed, [])
})

test('a saved order that never left is sent once, under its id, while it is young', async () => {
  const { fake, tracker, ids } = setUp({ saved: [request('young', { sentAt: 0 })] })
  await tracker.reconcile('internal', OURS)
  assert.deepEqual([ids(), fake.placed.length], [['young'], 1])
  await tracker.reconcile('internal', OURS)
  assert.equal(fake.placed.length, 1)
  const late = setUp({ saved: [request('old', { sentAt: 0 })] })
  late.clock.ms = 5_000
  await late.tracker.reconcile('internal', OURS)
  assert.deepEqual([late.ids(), late.fake.placed.length], [[], 0])
  assert.deepEqual(late.states(), ['old refused'])
  assert.ok(late.clock.ms >= 12_000, 'a request may be on its way for a while')
})

test('an order that is cancelled while it is under way is cancelled when it is known', async () => {
  const { fake, tracker, states } = setUp()
  const answer = Promise.withResolvers<PlaceAnswer>()
  fake.onPlace = () => answer.promise
  tracker.place('internal', request('a'))
  tracker.cancel('internal', 'a')
  tracker.cancel('internal', 'a')
  await settled()
  assert.deepEqual(fake.asked, ['place a'])
  fake.orders.set('a', orderOf(request('a')))
  answer.resolve({ kind: 'accepted', order: orderOf(request('a')), fills: [] })
  await settled()
  assert.deepEqual(states(), ['a open', 'a cancelled'])
  assert.deepEqual(fake.asked, ['place a', 'cancel a'])
})

test('what became of an order of an earlier run is told, or that there is none', async () => {
  const { fake, tracker, states } = setUp()
  fake.orders.set('old', { ...orderOf({ clientOrderId: 'old', side: 'buy' }), state: 'filled' })
  tracker.recover('internal', 'BTC-USDC', 'old')
  tracker.recover('internal', 'BTC-USDC', 'never')
  await settled()
  assert.deepEqual(states().sort(), ['never refused', 'old filled'])
})

test('an older word about an order never takes the place of a newer one', async () => {
  const { tracker, orders } = setUp()
  tracker.place('internal', request('a'))
  await settled()
  const open = orderOf(request('a'))
  tracker.heardOrder('internal', { ...open, filledBase: '0.6' })
  tracker.heardOrder('internal', { ...open, filledBase: '0.2' })
  assert.deepEqual(
    orders.map(({ filledBase }) => filledBase),
    ['0', '0.6'],
  )
})
