// Bots, runner and platform are killed with orders in flight, as `npm run campaign -- bots` does.
//
// Small: three kills in lockstep, one of each kind, must end as the uninterrupted run did. The long
// run, and the one on wall time, stand in CAMPAIGNS.md.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killBots } from '#scripts/campaigns/bots/campaign.ts'

test('three kills of ten bots lose nothing, double nothing and change nothing', async (t) => {
  const { violations, reached, extra } = await killBots({
    ...{ steps: 6, kills: 3, wallKills: 0, seed: 3 },
  })
  t.diagnostic(JSON.stringify({ ...reached, ...extra }))
  assert.equal(violations, 0)
  assert.deepEqual([extra['differences'], extra['lost'], extra['doubled']], [0, 0, 0])
  assert.equal(reached['kills'], 3)
  assert.ok((reached['inFlight'] ?? 0) >= 1)
  for (const one of ['strategy', 'runner', 'platform']) assert.equal(reached[`${one}Killed`], 1)
})
