// The auditor: random commands of every kind, each event predicted by the naive model.
//
// 500 seeds of 2,000 commands, half of them here and half in auditor-worlds.test.ts, so that two
// processors share them. INV-01 to INV-06 and INV-08 to INV-10 are checked on the way. A failure
// is shrunken and printed with its seed.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCampaign } from '#test/support/differential.ts'
import { createDriver } from '#test/support/engine-driver.ts'
import { countsOf, MUST_REACH_ALONE } from '#test/support/must-reach.ts'
import { SMALL } from '#test/support/scale.ts'

const LISTS = { commands: 2_000, exactly: true, stateEvery: 50, timeLimitMs: 250_000 }

test('random commands with small numbers change engine and model alike', (t) => {
  const lists = { ...LISTS, seed: 20_260_201, runs: 260, scale: SMALL }
  const { commands, seen } = runCampaign({ ...lists, engine: createDriver })
  t.diagnostic(`${commands} commands, ${seen.get('event fill')} fills`)
  const counts = countsOf(seen)
  const missed = MUST_REACH_ALONE.filter((name) => !counts.has(name))
  assert.deepEqual(missed, [], 'the arbitraries no longer reach these')
})
