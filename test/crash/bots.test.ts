// Bots, runner and platform are killed with orders in flight, as `npm run campaign -- bots` does.
//
// Small: kills of each kind in lockstep must end as the uninterrupted run did. The long
// run, and the one on wall time, stand in CAMPAIGNS.md.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killBots } from '#scripts/campaigns/bots/campaign.ts'

test('kills of ten bots lose nothing, double nothing and change nothing', async (t) => {
  const { violations, reached, extra } = await killBots({
    // The last one is armed in the last step, which may have no order left to meet.
    ...{ steps: 7, kills: 4, wallKills: 0, seed: 3 },
  })
  t.diagnostic(JSON.stringify({ ...reached, ...extra }))
  assert.equal(violations, 0)
  assert.deepEqual([extra['differences'], extra['lost'], extra['doubled']], [0, 0, 0])
  assert.ok((reached['inFlight'] ?? 0) >= 1)
  for (const one of ['strategy', 'runner', 'platform']) assert.ok(reached[`${one}Killed`] ?? 0, one)
})
