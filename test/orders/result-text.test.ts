// Result text: acknowledgements are put together by hand, and are the JSON that they look like.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { putAck, takeAcks } from '#platform/orders/result-text.ts'
import { GROUP_MAX } from '#sequencer/port.ts'

test('acknowledgements of a message are a JSON array, whatever the ids', () => {
  const ids = [0, 1, 9, 10, 99, 100, 123_456_789, 2 ** 31, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER]
  let end = 0
  for (const id of ids) end = putAck(end, id % 2 === 0 ? 200 : 201, id)
  const acks = ids.map((id) => ({ status: id % 2 === 0 ? 200 : 201, id }))
  assert.equal(takeAcks(end), JSON.stringify(acks))
})

test('as many as a message holds fit, and the next message begins anew', () => {
  const largest = { status: 201, id: Number.MAX_SAFE_INTEGER }
  let end = 0
  for (let i = 0; i < GROUP_MAX; i += 1) end = putAck(end, 201, largest.id)
  assert.deepEqual(JSON.parse(takeAcks(end)), Array(GROUP_MAX).fill(largest))
  assert.equal(takeAcks(putAck(0, 200, 7)), '[{"status":200,"id":7}]')
})
