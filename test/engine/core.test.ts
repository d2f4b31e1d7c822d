// The core's edges: its codes, its assertions, its memory as it grows, and who shares it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as codes from '#engine/core/codes.ts'
import { createEngine } from '#engine/engine.ts'
import { createCore } from '#engine/instance.ts'
import { CLOCK_WORD } from '#engine/rows.ts'
import { REFUSALS } from '#kernel/refusals.ts'
import { asMicros } from '#kernel/time.ts'
import { limit, opening, START_US } from '#test/support/commands.ts'
import { createExchange, digestOf } from '#test/support/exchange.ts'
import { createLockstep } from '#test/support/lockstep.ts'

test('the numbers of refusals in the core are those of the catalogue', () => {
  const byName = new Map(
    Object.entries(REFUSALS).map(([code, { number }]) => [
      code.toUpperCase().replace('.', '_'),
      number,
    ]),
  )
  for (const [name, number] of Object.entries(codes)) assert.equal(byName.get(name), number, name)
})

test('INV-02: a hold below 0 or above the cash stops the engine', () => {
  for (const by of [-1, 1]) {
    const { calls } = createCore()
    calls.addAccount(16)
    calls.start(1, 1)
    calls.hold(16, 0, by)
    assert.throws(() => calls.finish(), /INV-02/)
  }
})

test('INV-02: only the chain account may be below 0', () => {
  const { calls } = createCore()
  calls.start(1, 1)
  calls.post(0, 1, 0, -5, 1)
  calls.finish()
  calls.start(2, 2)
  calls.post(0, 2, 0, -5, 1)
  assert.throws(() => calls.finish(), /INV-02/)
})

test('INV-16: a command whose time or seq goes back stops the engine', () => {
  const { calls } = createCore()
  calls.start(5, 10)
  assert.throws(() => calls.start(5, 11), /seq/)
  assert.throws(() => calls.start(6, 9), /INV-16/)
})

test('events that nobody takes make memory grow and are all still there', () => {
  const { run, engine, events } = createExchange(opening(5_000_000_000))
  const before = engine.core.calls.memory.buffer.byteLength
  for (let price = 1; price <= 900; price += 1) {
    for (const account of [16, 17, 18]) run(limit('buy', { account, price, size: 400 }))
  }
  assert.ok(engine.core.calls.memory.buffer.byteLength > before, 'memory grew')
  const told = events()
  assert.equal(told.filter(({ kind }) => kind === 'accepted').length, 2_700)
  assert.deepEqual(
    told.map(({ eventNo }) => eventNo - (told[0]?.eventNo ?? 0)),
    Array.from(told, (_, at) => at),
  )
})

test('two engines share nothing', () => {
  const [one, other] = [createExchange(opening()), createExchange(opening())]
  const digest = digestOf(other.engine)
  one.run(limit('buy', { price: 90 }))
  assert.equal(digestOf(other.engine), digest)
  const { view, clockWord } = createEngine().core
  assert.equal(view.i32[clockWord + CLOCK_WORD.seq], 0)
})

test('rising, falling, repeated and random ids are remembered as by the model', () => {
  const { submit, image } = createLockstep(opening())
  let drawn = 20_261_128
  const below = (bound: number) => {
    drawn ^= drawn << 13
    drawn ^= drawn >>> 17
    drawn ^= drawn << 5
    return (drawn >>> 0) % bound
  }
  const past = ['first']
  for (let i = 0; i < 4_000; i += 1) {
    const ids = [
      `c${i}`,
      `z${9_999 - i}`,
      `${below(1e9)}`,
      past[below(past.length)] ?? '',
      'x'.repeat(36),
    ]
    const clientOrderId = ids[below(ids.length)] ?? ''
    past.push(clientOrderId)
    const account = [15, 16, 17, 40_000][below(4)] ?? 16
    const bodyHash = below(20) === 0 ? 'another body' : `${clientOrderId.length}`
    const how = { account, clientOrderId, bodyHash, timeInForce: 'IOC' as const }
    submit(limit('buy', how), below(50) === 0 ? 60_000_000 : 1_000)
  }
  image()
})

test('what an account asked before it was open is known when it is', () => {
  const { submit } = createLockstep(opening())
  const early = limit('buy', { account: 20, clientOrderId: 'z' })
  assert.equal(submit(early).code, 'account.unknown')
  submit({ kind: 'openAccount', userId: 'late' })
  assert.equal(submit(early).duplicate, true)
  assert.equal(submit(limit('buy', { account: 20, clientOrderId: 'a' })).duplicate, false)
})

test('an order keeps its id when the memory of duplicates has let go of it', () => {
  const { submit, engine, image } = createLockstep(opening())
  const hour = 3_600_000_000
  submit(limit('buy', { price: 90, clientOrderId: 'stays' }))
  submit(limit('buy', { price: 91 }))
  submit(
    limit('buy', { price: 92, clientOrderId: 'later', sentAt: asMicros(START_US + hour) }),
    hour,
  )
  const ids = () => image().orders.map(({ clientOrderId }) => clientOrderId)
  assert.deepEqual(ids(), ['stays', '', 'later'])
  engine.restart()
  assert.deepEqual(ids(), ['stays', '', 'later'])
})
