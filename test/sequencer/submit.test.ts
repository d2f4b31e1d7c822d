// Submit: one command in, one answer out, the same answer for the same id.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeEvent } from '#engine/codec.ts'
import { asId } from '#kernel/ids.ts'
import { SUBMIT_QUEUE_MAX } from '#sequencer/limits.ts'
import type { EventBatch, Reply, Submission } from '#sequencer/port.ts'
import { flow, open, openInMemory, order, readAll, said } from './sequencers.ts'

test('an accepted order answers its seq and its events', async () => {
  const { sequencer } = await openInMemory()
  await open(sequencer)
  const reply = await sequencer.submit(order('a'))
  assert.deepEqual(
    { seq: reply.seq, code: reply.code, duplicate: reply.duplicate },
    {
      seq: 15,
      code: null,
      duplicate: false,
    },
  )
  assert.deepEqual(
    reply.events.map(({ kind }) => kind),
    ['accepted', 'rested', 'balance'],
  )
  assert.ok(reply.events.every(({ seq }) => seq === 15))
  await sequencer.close()
})

test('a refused command is journaled and answers its code', async () => {
  const { sequencer } = await openInMemory()
  await open(sequencer)
  const reply = await sequencer.submit({ kind: 'cancel', account: asId(16), orderId: asId(99) })
  assert.equal(reply.code, 'not_found')
  assert.equal(reply.seq, sequencer.status().releasedSeq)
  await sequencer.close()
})

test('the same id and body gets the same answer in flight, after release and restart', async () => {
  const { sequencer, storage, folder } = await openInMemory()
  await open(sequencer)
  const [first, inFlight] = await Promise.all([
    sequencer.submit(order('a')),
    sequencer.submit(order('a')),
  ])
  const released = await sequencer.submit(order('a'))
  for (let i = 0; i < 300; i += 1) await sequencer.submit(flow(i))
  const much = await sequencer.submit(order('a'))
  await sequencer.close()
  const again = await openInMemory({ storage, folder })
  const restarted = await again.sequencer.submit(order('a'))
  for (const reply of [inFlight, released, much, restarted]) {
    assert.equal(reply.duplicate, true)
    assert.deepEqual(said(reply), said(first))
  }
  assert.equal(first.duplicate, false)
  await again.sequencer.close()
})

test('a refusal is repeated with the same code and events', async () => {
  const { sequencer } = await openInMemory()
  await open(sequencer)
  const first = await sequencer.submit(order('poor', { size: 1_000_000_000 }))
  const again = await sequencer.submit(order('poor', { size: 1_000_000_000 }))
  assert.equal(first.code, 'funds.insufficient')
  assert.deepEqual(said(again), said(first))
  await sequencer.close()
})

test('the same id with another body is a mismatch; a given sentAt counts', async () => {
  const { sequencer, clock } = await openInMemory()
  await open(sequencer)
  const given = order('a', { sentAt: clock.at })
  const notGiven = { ...given, clientOrderId: 'b', sentAtGiven: false }
  await sequencer.submit(given)
  await sequencer.submit(notGiven)
  const other = await sequencer.submit(order('a', { price: 101, sentAt: clock.at }))
  const later = await sequencer.submit(order('a', { sentAt: clock.at + 1 }))
  clock.at += 5
  const unstamped = await sequencer.submit({ ...notGiven, sentAt: clock.now() })
  assert.equal(other.code, 'idempotency.mismatch')
  assert.equal(later.code, 'idempotency.mismatch')
  assert.equal(unstamped.duplicate, true)
  await sequencer.close()
})

test('requests with an id are repeated, too', async () => {
  const { sequencer, clock } = await openInMemory()
  await open(sequencer)
  const sub = (name: string): Submission => ({
    kind: 'openSubAccount',
    account: asId(16),
    name,
    requestId: 'r1',
    sentAt: clock.now(),
    sentAtGiven: false,
  })
  const first = await sequencer.submit(sub('bot'))
  clock.at += 5
  const again = await sequencer.submit(sub('bot'))
  const other = await sequencer.submit(sub('bat'))
  assert.equal(again.duplicate, true)
  assert.deepEqual(said(again), said(first))
  assert.equal(other.code, 'idempotency.mismatch')
  await sequencer.close()
})

test('INV-16: time never goes back when the clock does', async () => {
  const { sequencer, clock } = await openInMemory()
  await open(sequencer)
  clock.at += 10_000_000
  const before = await sequencer.submit(order('a'))
  clock.at -= 60_000_000
  const after = await sequencer.submit(order('b'))
  const [first, second] = [before.events[0]?.time, after.events[0]?.time]
  assert.ok(first !== undefined && second !== undefined && second >= first)
  await sequencer.close()
})

test('followers get every event once, in order, before the reply', async () => {
  const { sequencer } = await openInMemory()
  const seen: number[] = []
  const calls: string[] = []
  sequencer.follow(({ cells, from, to, firstEventNo, lastEventNo, lastSeq }: EventBatch) => {
    calls.push('first')
    for (let at = from; at < to; at += cells.bytes[at * 64 + 2] ?? 1) {
      seen.push(decodeEvent(cells, at).eventNo)
    }
    assert.ok(seen.includes(firstEventNo) && seen.at(-1) === lastEventNo)
    assert.ok(lastSeq > sequencer.status().releasedSeq, 'not yet released')
  })
  sequencer.follow(() => calls.push('second'))
  await open(sequencer)
  const replies = await Promise.all(
    Array.from({ length: 200 }, (_, i) => sequencer.submit(flow(i))),
  )
  const { releasedEventNo } = sequencer.status()
  assert.deepEqual(
    seen,
    Array.from({ length: releasedEventNo }, (_, i) => i + 1),
  )
  assert.deepEqual(calls.slice(0, 2), ['first', 'second'])
  assert.equal(
    replies.flatMap(({ events }) => events).length,
    releasedEventNo - openingEvents(seen, replies),
  )
  await sequencer.close()
})

function openingEvents(seen: readonly number[], replies: readonly Reply[]): number {
  const first = replies[0]?.events[0]?.eventNo ?? seen.length + 1
  return first - 1
}

test('readEvents goes on after any event, over frames and segments', async () => {
  const { sequencer } = await openInMemory({ segmentBytes: 1 << 14 })
  await open(sequencer)
  for (let i = 0; i < 400; i += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, j) => sequencer.submit(flow(i + j))))
  }
  const whole = await readAll(sequencer)
  const { releasedEventNo } = sequencer.status()
  assert.ok(whole.length / 128 >= releasedEventNo)
  for (const after of [1, 17, Math.floor(releasedEventNo / 2), releasedEventNo - 1]) {
    const rest = await readAll(sequencer, after)
    assert.ok(whole.endsWith(rest) && rest.length < whole.length)
    assert.equal(Buffer.from(rest, 'hex').readUInt32LE(8), after + 1)
  }
  assert.equal(await readAll(sequencer, releasedEventNo), '')
  await sequencer.close()
})

test('the event digest and the state do not depend on how commands were batched', async () => {
  const alone = await openInMemory()
  const together = await openInMemory()
  for (const { sequencer } of [alone, together]) await open(sequencer)
  for (let i = 0; i < 300; i += 1) await alone.sequencer.submit(flow(i))
  await Promise.all(Array.from({ length: 300 }, (_, i) => together.sequencer.submit(flow(i))))
  const [a, b] = [alone.sequencer, together.sequencer]
  assert.deepEqual(await a.eventDigest(), await b.eventDigest())
  assert.deepEqual(await a.digest(), await b.digest())
  await a.close()
  await b.close()
})

test('INV-17: a full queue refuses at once, and takes commands again when drained', async () => {
  const { sequencer, storage } = await openInMemory()
  await open(sequencer)
  storage.hold()
  const body: Submission = { kind: 'cancel', account: asId(16), orderId: asId(1) }
  const waiting = Array.from({ length: SUBMIT_QUEUE_MAX }, () => sequencer.submit(body))
  const { queued } = sequencer.status()
  assert.equal(queued, SUBMIT_QUEUE_MAX)
  const full = await sequencer.submit(order('late'))
  assert.deepEqual(said(full), { seq: 0, code: 'capacity.exhausted', events: [] })
  await settled(storage, waiting)
  const later = sequencer.submit(order('late'))
  await settled(storage, [later])
  assert.equal((await later).code, null)
  await sequencer.close()
})

test('after close nothing is accepted and the folder is free', async () => {
  const { sequencer, storage, folder } = await openInMemory()
  await sequencer.close()
  const reply = await sequencer.submit(order('a'))
  assert.equal(reply.code, 'capacity.exhausted')
  const again = await openInMemory({ storage, folder })
  await again.sequencer.close()
})

async function settled(storage: { settle(): number }, waiting: readonly Promise<unknown>[]) {
  let isDone = false
  const all = Promise.all(waiting).then(() => {
    isDone = true
  })
  while (!isDone) {
    storage.settle()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await all
}
