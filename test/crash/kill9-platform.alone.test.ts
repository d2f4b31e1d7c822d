// F1, F11, F13: kill -9 of core and PostgreSQL under load, as the campaign does it, ten times.
//
// INV-07 over HTTP: what was acknowledged is there after the restart, the same request gives the
// same bytes, nothing happened twice. `npm run campaign -- kill9` is the long run.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killCore } from '#scripts/campaigns/kill9/campaign.ts'

/** A seed whose ten kills meet every kind of kill there is. */
const SEED = 9
const REACHED = [
  ...['acknowledged', 'unanswered', 'unansweredHappened', 'ordersListed', 'fillsListed'],
  ...['databaseKilledFirst', 'databaseKilledToo', 'killedWhileStarting'],
]

test('ten kills of core and PostgreSQL lose no acknowledged order and repeat none', async (t) => {
  const { violations, reached, extra } = await killCore({ cycles: 10, seed: SEED })
  t.diagnostic(JSON.stringify({ ...reached, ...extra }))
  assert.equal(violations, 0)
  assert.equal(reached['coreKilled'], 10)
  for (const what of REACHED) assert.ok((reached[what] ?? 0) > 0, `${what} was never reached`)
})
