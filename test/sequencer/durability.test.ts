// Durability: INV-07, acknowledged means durable, on a disk that takes its time or fails.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { createSimulatedStorage } from '#test/journal/simulated-storage.ts'
import { flow, open, openInMemory, recordFatal } from './sequencers.ts'

test('INV-07: nothing is answered or followed before its bytes are on disk', async () => {
  const steps = fc.array(fc.oneof(fc.integer({ min: 3, max: 40 }), fc.constant('settle')), {
    maxLength: 30,
  })
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const { sequencer, storage } = await openInMemory()
      await open(sequencer)
      let written = sequencer.status().releasedSeq
      let told = 0
      sequencer.follow(({ lastSeq }) => assert.ok(lastSeq <= written, 'followed before durable'))
      storage.hold()
      const replies: Promise<void>[] = []
      let sent = 0
      for (const step of plan) {
        if (step === 'settle') {
          written += sequencer.status().queued
          storage.settle()
        } else {
          for (let i = 0; i < Number(step); i += 1) {
            const reply = sequencer.submit(flow(sent))
            sent += 1
            replies.push(
              reply.then(({ seq }) => {
                told += 1
                assert.ok(seq <= written, 'INV-07: answered before durable')
              }),
            )
          }
        }
        await turn()
        await turn()
      }
      while (told < sent) {
        written = Number.POSITIVE_INFINITY
        storage.settle()
        await turn()
      }
      await Promise.all(replies)
      await sequencer.close()
    }),
    { numRuns: 40, seed: 7 },
  )
})

test('a disk that never answers releases nothing', async () => {
  const { sequencer, storage } = await openInMemory()
  await open(sequencer)
  const { releasedSeq } = sequencer.status()
  storage.hold()
  let answers = 0
  for (let i = 0; i < 50; i += 1) void sequencer.submit(flow(i)).then(() => (answers += 1))
  for (let i = 0; i < 20; i += 1) await turn()
  assert.equal(answers, 0)
  assert.equal(sequencer.status().releasedSeq, releasedSeq)
  assert.equal(sequencer.status().queued, 50)
})

for (const count of [1, 40]) {
  test(`after a failed write of ${count} commands nothing is written any more`, async () => {
    const { errors, fatal } = recordFatal()
    const thrown: unknown[] = []
    const onThrown = (error: unknown) => void thrown.push(error)
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException').on('uncaughtException', onThrown)
    const { sequencer, storage } = await openInMemory({ fatal })
    await open(sequencer)
    let writes = 0
    storage.fail = (path, what) => {
      if (what !== 'write' || !path.endsWith('.cbj')) return null
      writes += 1
      return Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
    }
    let answers = 0
    for (let i = 0; i < count; i += 1) void sequencer.submit(flow(i)).then(() => (answers += 1))
    for (let i = 0; i < 10; i += 1) await turn()
    process.removeAllListeners('uncaughtException')
    for (const listener of listeners) process.on('uncaughtException', listener)
    assert.equal(errors.length, 1)
    assert.deepEqual(thrown, errors)
    assert.equal(writes, 1, 'never append after a failed append')
    assert.equal(answers, 0)
  })
}

test('a disk that fills up refuses new commands and works again when there is space', async () => {
  const storage = createSimulatedStorage()
  let isFull = false
  storage.fail = (path) =>
    isFull && path.endsWith('next.cbj')
      ? Object.assign(new Error('full'), { code: 'ENOSPC' })
      : null
  const { sequencer } = await openInMemory({ storage, segmentBytes: 1 << 14 })
  await open(sequencer)
  isFull = true
  let refused = 0
  for (let i = 0; i < 400; i += 1) {
    const { code, seq } = await sequencer.submit(flow(i))
    if (code === 'capacity.exhausted' && seq === 0) refused += 1
  }
  assert.ok(refused > 100, `${refused} were refused`)
  isFull = false
  await sequencer.submit(flow(400))
  await turn()
  await turn()
  assert.equal((await sequencer.submit(flow(401))).seq, sequencer.status().releasedSeq)
  await sequencer.close()
})
