// Test transport: callers that ask again by their id never lose an order and never place it twice.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestTransport } from '#platform/transport/test-transport.ts'
import type { Reply, Submission } from '#sequencer/port.ts'
import {
  decodeReplyBytes,
  decodeSubmissionBytes,
  encodeReplyBytes,
  encodeSubmissionBytes,
} from '#sequencer/wire.ts'
import { flow, open, openInMemory, said } from '#test/sequencer/sequencers.ts'

const wire = {
  submission: (body: Submission) => decodeSubmissionBytes(encodeSubmissionBytes(body)),
  reply: (reply: Reply) => decodeReplyBytes(encodeReplyBytes(reply)),
}

test('submissions and replies survive the wire', async () => {
  const { sequencer } = await openInMemory()
  await open(sequencer)
  for (let i = 0; i < 30; i += 1) {
    assert.deepEqual(wire.submission(flow(i)), flow(i))
    const reply = await sequencer.submit(flow(i))
    assert.deepEqual(said(wire.reply(reply)), said(reply))
  }
  await sequencer.close()
})

test('with lost replies, asking again by id gives the answer of the first time', async () => {
  const { sequencer } = await openInMemory()
  await open(sequencer)
  const order = { sequencer, wire, seed: 5, delayMaxMs: 3, loseOneIn: 3 }
  const far = createTestTransport(order)
  let lost = 0
  const seqs = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      for (;;) {
        const { seq, code } = await far.submit(flow(i))
        if (code !== 'unknown') return seq
        lost += 1
      }
    }),
  )
  assert.ok(lost > 20, `${lost} replies were lost`)
  assert.equal(new Set(seqs).size, 100)
  for (const [i, seq] of seqs.entries()) {
    const again = await sequencer.submit(flow(i))
    assert.deepEqual([again.duplicate, again.seq], [true, seq])
  }
  await sequencer.close()
})
