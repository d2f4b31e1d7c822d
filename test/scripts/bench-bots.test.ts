// bench bots: small and once, every row is there with its peer.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bench } from '#scripts/bench/bots.ts'

test('bench bots says events, order latency and memory, each beside what is possible', async () => {
  const { bench: name, rows = [] } = await bench(['--scale=0.02'])
  assert.equal(name, 'bots')
  assert.deepEqual(
    rows.map((row) => [row.name, row.unit, Object.keys(row.peers)]),
    [
      ['events', 'events per second', ['bare channel']],
      ['order latency', 'ms', ['one synced write']],
      ['memory of an idle bot', 'MB', ['empty Node']],
    ],
  )
  for (const { ours, name: row } of rows) assert.ok(ours > 0 || row.startsWith('memory'), row)
})
