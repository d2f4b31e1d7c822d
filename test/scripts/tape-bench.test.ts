// The benchmark of the tape in short: it still runs, and a tape is smaller than its text.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bench } from '#scripts/bench/tape.ts'

test('a tape is measured beside gzip and text, and is a twentieth of the text', async () => {
  const { bench: name, ours, peers, extra } = await bench(['--short'])
  assert.equal(name, 'tape')
  assert.ok(ours > 0 && Object.values(peers).every((speed) => speed > 0))
  const { bytesPerEvent, jsonBytesPerEvent } = extra
  assert.ok(Number(bytesPerEvent) * 20 < Number(jsonBytesPerEvent), JSON.stringify(extra))
})
