// Body hash: a retry is the same body whenever it comes and over whatever connection.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_EXTRA } from '#engine/codec/extra.ts'
import { cellCount, createCells, decodeCommand } from '#engine/codec.ts'
import type { OrderExtra } from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { asMicros } from '#kernel/time.ts'
import { encodeSubmission, stampSubmission, submissionCells } from '#sequencer/encode-submission.ts'
import { order } from './sequencers.ts'

type Order = ReturnType<typeof order>

function encoded(body: Order, seq = 7) {
  const cells = createCells(3)
  const count = encodeSubmission(body, cells, 0)
  stampSubmission(cells, 0, { seq, time: asMicros(1_000_000) })
  assert.equal(count, submissionCells(body))
  assert.equal(count, cellCount(cells, 0))
  const command = decodeCommand(cells, 0)
  assert.ok(command.kind === 'place')
  return command
}

const hashOf = (body: Order, seq = 7) => encoded(body, seq).bodyHash
const plain = order('a')
const extended = (extra: Partial<OrderExtra>): Order => ({
  ...plain,
  extra: { ...NO_EXTRA, ...extra },
})

test('session and key are journaled, but not part of the body', () => {
  const iceberg = { displaySize: asUnit<OrderExtra['displaySize']>(3) }
  const one = encoded(extended({ ...iceberg, session: 4_000_000_000, key: 9 }))
  assert.deepEqual([one.extra?.session, one.extra?.key], [4_000_000_000, 9])
  assert.equal(one.bodyHash, hashOf(extended(iceberg)))
  assert.notEqual(one.bodyHash, hashOf(extended({})))
})

test('an order with a session and nothing else is the one that has no extra', () => {
  assert.equal(hashOf(extended({ session: 1, key: 2 })), hashOf(plain))
  assert.equal(hashOf(extended({})), hashOf(plain))
})

test('every other field of the extra is part of the body', () => {
  const changes: readonly Partial<OrderExtra>[] = [
    { triggerPrice: asUnit(1) },
    { triggerBy: 'mark' },
    { stopPrice: asUnit(1) },
    { takeProfitPrice: asUnit(1) },
    { displaySize: asUnit(1) },
    { trail: 1 },
    { trailIn: 'bps' },
    { expireAt: asMicros(1) },
    { reduceOnly: true },
    { slide: true },
    { feeIn: 'received' },
  ]
  const hashes = new Set([plain, ...changes.map(extended)].map((body) => hashOf(body)))
  assert.equal(hashes.size, changes.length + 1)
})

test('seq and the time that nobody gave are not part of the body', () => {
  const later = { ...plain, sentAtGiven: false, sentAt: asMicros(99) }
  assert.equal(hashOf(later), hashOf({ ...later, sentAt: asMicros(77) }, 8))
  assert.equal(encoded(later).sentAt, 99)
  assert.notEqual(hashOf({ ...later, sentAtGiven: true }), hashOf(later))
})
