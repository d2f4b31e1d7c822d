// The maths of V2 and V3 pools: equal to QuoterV2 and to the router, to the last unit.
//
// The campaign `chain` asks many more questions of the same kind.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareQuotes } from '#scripts/campaigns/chain/quotes.ts'

test('5,000 random quotes over dense and sparse pools have no difference', async () => {
  const told: string[] = []
  const options = { cases: 5_000, seed: 7, onDifference: (text: string) => told.push(text) }
  const { violations, reached } = await compareQuotes(options)
  assert.equal(violations, 0, told.slice(0, 5).join('\n'))
  for (const [what, count] of Object.entries(reached)) assert.ok(count > 0, `no case: ${what}`)
})
