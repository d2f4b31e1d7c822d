// The auditor in three worlds: small numbers, numbers near 2^53, and a crowd that fills limits.
//
// The other half of auditor.test.ts. Together the worlds meet everything that an audit must.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCampaign } from '#test/support/differential.ts'
import { createDriver } from '#test/support/engine-driver.ts'
import { countsOf, MUST_REACH } from '#test/support/must-reach.ts'
import type { Reached } from '#test/support/reached.ts'
import { CROWDED, HUGE, SMALL } from '#test/support/scale.ts'

const LISTS = { commands: 2_000, exactly: true, stateEvery: 50, timeLimitMs: 250_000 }
const AUDIT = { ...LISTS, engine: createDriver }

/** Everything that was met, by all worlds together. */
const met = new Map<string, number>()

function note({ seen }: Reached): void {
  for (const [name, count] of countsOf(seen)) met.set(name, (met.get(name) ?? 0) + count)
}

test('more random commands with small numbers change engine and model alike', () => {
  note(runCampaign({ ...AUDIT, seed: 20_260_202, runs: 132, scale: SMALL }))
})

test('random commands with numbers near 2^53 change engine and model alike', () => {
  note(runCampaign({ ...AUDIT, seed: 20_260_203, runs: 100, scale: HUGE }))
})

test('random commands among a crowd change engine and model alike', () => {
  note(runCampaign({ ...AUDIT, seed: 20_260_204, runs: 8, stateEvery: 200, scale: CROWDED }))
})

test('the worlds met every code, reason, shape and story', () => {
  const missed = MUST_REACH.filter((name) => !met.has(name))
  assert.deepEqual(missed, [], 'the arbitraries no longer reach these')
})
