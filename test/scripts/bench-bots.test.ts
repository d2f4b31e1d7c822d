// bench bots: small and once, every row is there with its peer.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fleetRows } from '#scripts/bench/bots/fleet.ts'
import { bench } from '#scripts/bench/bots.ts'

test('bench bots says events, order latency and memory, each beside what is possible', async () => {
  const { bench: name, rows = [] } = await bench(['--scale=0.02', '--bots=0'])
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

test('a fleet is told by the memory of a bot and by the time until all run', () => {
  const [memory, start, ...more] = fleetRows({
    ...{ bots: 3, deploySeconds: 12, startSeconds: 9, platformSeconds: 4, botMb: [20, 30, 22] },
    ...{ runnerMb: 90, emptySeconds: 0.5, emptyMb: [10, 11, 12] },
  })
  assert.deepEqual(more, [])
  const { name, unit, ours, ratios, extra } = memory ?? assert.fail()
  assert.deepEqual(
    [name, unit, ours, ratios],
    ['memory per bot of 3', 'MB', 22, { 'empty Node': 2 }],
  )
  assert.deepEqual(extra, { bots: 3, greatestMb: 30, processes: 3, runnerMb: 90, allMb: 162 })
  assert.deepEqual(
    [start?.ours, start?.unit, start?.ratios],
    [9, 's', { 'as many empty Nodes': 18 }],
  )
  assert.deepEqual(start?.extra, { bots: 3, platformSeconds: 4, deploySeconds: 12 })
})
