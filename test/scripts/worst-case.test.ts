// bench worst-case: every storm still does what it is named for, small and once.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SCENARIOS, warmUp } from '#scripts/bench/worst/scenarios.ts'
import { createStage } from '#scripts/bench/worst/stage.ts'
import { bench } from '#scripts/bench/worst-case.ts'

const SCALE = 0.02

/** Commands, ticks included, and events of each storm at that scale. */
const EXPECTED: Readonly<Record<string, readonly [number, number]>> = {
  filling: [2_000, 6_000],
  forgetting: [800, 2_000],
  'deep-book': [800, 2_000],
  'cancel-storm': [2_000, 4_000],
  'one-tick-ladder': [40, 7_360],
  icebergs: [200, 16_800],
  'trigger-ladder': [205, 1_401],
  'trailing-stops': [100, 700],
  brackets: [240, 1_240],
  'one-cancels-other': [108, 431],
  auction: [203, 819],
  'mass-cancel': [2, 2_004],
  expiry: [2, 2_002],
  delisting: [3, 2_005],
  'fill-or-kill': [40, 40],
}

for (const [name, play] of Object.entries(SCENARIOS)) {
  test(`the storm ${name} has as many commands and events as ever`, () => {
    const stage = createStage(SCALE)
    warmUp(stage)
    play(stage)
    const { micros, events } = stage.timings
    const all = events.reduce((sum, count) => sum + count, 0)
    assert.deepEqual([micros.length, all], EXPECTED[name])
  })
}

test('bench worst-case says how long commands and events took in each storm', async () => {
  const result = await bench([`--scale=${SCALE}`, '--rounds=1', '--scenario=expiry'])
  const [row, ...others] = result.rows ?? []
  assert.deepEqual([row?.name, others.length, result.ours], ['expiry', 0, row?.extra['p999Us']])
  const figure = (name: string) => Number(row?.extra[name])
  const rising = ['p50Us', 'p99Us', 'p999Us', 'maxUs'].map(figure)
  assert.deepEqual(
    rising,
    rising.toSorted((a, b) => a - b),
  )
  assert.ok(figure('p50Us') > 0 && figure('eventRatio') >= 1)
})
