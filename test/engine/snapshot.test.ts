// Snapshots: what was written comes back, and the engine goes on as if nothing had happened.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandBody } from '#engine/command.ts'
import { createEngine } from '#engine/engine.ts'
import { imageOf } from '#engine/image-of.ts'
import { readSnapshot } from '#engine/snapshot.ts'
import { asId } from '#kernel/ids.ts'
import { limit, market, opening } from '#test/support/commands.ts'
import { copyOf, createExchange, digestOf, snapshotOf } from '#test/support/exchange.ts'
import { createRichState } from './rich-state.ts'

test('an empty engine survives its snapshot', () => {
  const engine = createEngine()
  assert.equal(digestOf(copyOf(engine)), digestOf(engine))
})

test('INV-08: both digests and the image survive a snapshot', () => {
  const { engine } = createRichState()
  const copy = copyOf(engine)
  assert.equal(digestOf(copy), digestOf(engine))
  assert.equal(digestOf(copy, 'business'), digestOf(engine, 'business'))
  assert.deepEqual(imageOf(copy), imageOf(engine))
  assert.deepEqual(Buffer.from(snapshotOf(copy)), Buffer.from(snapshotOf(engine)))
})

/** Commands that meet every section: drain, match, cancel, repeat, settle. */
function further(): CommandBody[] {
  const tick: CommandBody = { kind: 'tick' }
  return [
    tick,
    tick,
    limit('buy', { account: 17, price: 101, size: 9 }),
    market('buy', { account: 17, size: 8, market: 1 }),
    limit('buy', { account: 18, price: 90, size: 30, market: 1, clientOrderId: 'maker' }),
    limit('buy', { account: 18, price: 90, size: 31, market: 1, clientOrderId: 'maker' }),
    { kind: 'cancelAll', account: asId(18), market: null, side: null },
    { kind: 'settleWithdrawal', withdrawalId: asId(19), txHash: '0x2' },
    { kind: 'failWithdrawal', withdrawalId: asId(20) },
    { kind: 'openAccount', userId: 'dan' },
    limit('sell', { account: 17, price: 90, size: 9 }),
  ]
}

test('INV-08: a restored engine tells the same events from then on', () => {
  const original = createRichState()
  const restored = createExchange([], copyOf(original.engine))
  for (const body of further()) {
    assert.equal(restored.run(body), original.run(body), body.kind)
    assert.deepEqual(restored.events(), original.events(), body.kind)
  }
  assert.equal(digestOf(restored.engine), digestOf(original.engine))
})

test('time priority survives, also of an order that came to rest after younger ones', () => {
  const { engine, run } = createExchange(opening(50_000_000))
  run(limit('sell', { price: 100, size: 5 }))
  run(limit('sell', { account: 17, price: 100, size: 6 }))
  const again = createExchange([], copyOf(engine))
  again.run(limit('buy', { account: 18, size: 7 }))
  const fills = again.events().filter((event) => event.kind === 'fill')
  assert.deepEqual(
    fills.map((fill) => [fill.makerAccount, fill.size]),
    [
      [16, 5],
      [17, 2],
    ],
  )
})

test('digests do not tell in which slots orders stand', () => {
  const orders = [limit('sell', { price: 101 }), limit('sell', { price: 102 })]
  const straight = createExchange([...opening(), ...orders])
  const detour = createExchange([...opening(), ...orders])
  // The second one frees its slots and takes them again in another order.
  const [a, b] = [straight, detour].map(({ engine }) => engine.core.calls.slotsUsed())
  assert.equal(a, b)
  for (const exchange of [straight, detour]) exchange.run(limit('buy', { account: 17, price: 90 }))
  assert.equal(digestOf(straight.engine), digestOf(copyOf(detour.engine)))
})

test('foreign and torn bytes are no snapshot', () => {
  const bytes = snapshotOf(createRichState().engine)
  assert.throws(() => readSnapshot(Buffer.from('xxthese are other bytes of some length')))
  assert.throws(() => readSnapshot(bytes.subarray(0, bytes.length - 1)))
  assert.throws(() => readSnapshot(Buffer.concat([bytes, Buffer.from([0])])))
  const other = Buffer.from(bytes)
  other[18] = 99
  assert.throws(() => readSnapshot(other), /engine version 99/)
})
