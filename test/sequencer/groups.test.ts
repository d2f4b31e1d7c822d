// Groups: up to GROUP_MAX commands in one call, journaled together, each with its own answer.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asId } from '#kernel/ids.ts'
import { SUBMIT_QUEUE_MAX } from '#sequencer/limits.ts'
import { decodedReplies, GROUP_MAX, type Sequencer, type Submission } from '#sequencer/port.ts'
import { flow, open, openInMemory, order, said } from './sequencers.ts'

async function submitAll(sequencer: Sequencer, bodies: readonly Submission[]) {
  return decodedReplies(await sequencer.submitAll(bodies))
}

const group = (count: number, from = 0) => Array.from({ length: count }, (_, i) => flow(from + i))

test('each command of a group has its own reply, in their order and at once', async () => {
  const { sequencer } = await openInMemory()
  await open(sequencer)
  const cancel = { kind: 'cancel', account: asId<never>(16), orderId: asId<never>(99) } as const
  const replies = await submitAll(sequencer, [order('a'), cancel, order('b'), order('a')])
  assert.deepEqual(
    replies.map(({ code, duplicate }) => [code, duplicate]),
    [
      [null, false],
      ['not_found', false],
      [null, false],
      [null, true],
    ],
  )
  const [first, second, third] = replies
  assert.ok(first !== undefined && second !== undefined && third !== undefined)
  assert.deepEqual([second.seq, third.seq], [first.seq + 1, first.seq + 2])
  const alone = await sequencer.submit(order('a'))
  assert.deepEqual(said(alone), said(first))
  await sequencer.close()
})

test('nobody comes between the commands of a group', async () => {
  const { sequencer } = await openInMemory()
  await open(sequencer)
  const before = sequencer.status().releasedSeq
  const alone = sequencer.submit(flow(100))
  const together = submitAll(sequencer, group(GROUP_MAX))
  const after = sequencer.submit(flow(101))
  const seqs = (await together).map(({ seq }) => seq)
  assert.deepEqual(
    seqs,
    seqs.map((_, i) => before + 2 + i),
  )
  assert.deepEqual([(await alone).seq, (await after).seq], [before + 1, before + 22])
  await sequencer.close()
})

test('a group that finds no place is refused whole and nothing happened', async () => {
  const { sequencer } = await openInMemory()
  await open(sequencer)
  const before = sequencer.status().releasedSeq
  const full = Array.from({ length: SUBMIT_QUEUE_MAX - GROUP_MAX + 1 }, (_, i) => flow(i))
  const waiting = full.map((body) => sequencer.submit(body))
  const refused = await submitAll(sequencer, group(GROUP_MAX, full.length))
  const fits = submitAll(sequencer, group(GROUP_MAX - 1, full.length))
  for (const { code, seq } of refused) {
    assert.deepEqual([code, seq], ['capacity.exhausted', 0])
  }
  await Promise.all(waiting)
  for (const { code } of await fits) assert.notEqual(code, 'capacity.exhausted')
  assert.equal(sequencer.status().releasedSeq, before + SUBMIT_QUEUE_MAX)
  await sequencer.close()
  const late = await submitAll(sequencer, group(2))
  assert.deepEqual(
    late.map(({ code }) => code),
    ['capacity.exhausted', 'capacity.exhausted'],
  )
})

test(`a group has at most ${GROUP_MAX} commands, and may have none`, async () => {
  const { sequencer } = await openInMemory()
  await open(sequencer)
  assert.deepEqual(await submitAll(sequencer, []), [])
  assert.equal((await submitAll(sequencer, group(1))).length, 1)
  assert.throws(() => sequencer.submitAll(group(GROUP_MAX + 1)), /INV-17/)
  await sequencer.close()
})
