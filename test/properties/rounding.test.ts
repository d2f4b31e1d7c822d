// Rounding under attack: a small search for a sequence of tiny orders that pays (the campaign's).
//
// Whatever it finds gains at most nothing: neither beyond what others gave by their prices and
// paid as rebates, nor beyond exact fees. Balances add up, fees are what fills charged, and no
// fill pays out of the fees.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { climb } from '#test/support/rounding/climb.ts'

const SEEDS = Number(process.env.ROUNDING_SEEDS ?? 24)
const STEPS = 60

test('no attack of tiny orders that a search finds gains anything by rounding', (t) => {
  const reached = new Map<string, number>()
  let [best, attacks, improved] = [-Infinity, 0, 0]
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const climbed = climb(seed, STEPS)
    assert.deepEqual(climbed.violations, [])
    best = Math.max(best, climbed.bestProfit)
    attacks += climbed.attacks
    improved += climbed.improved
    for (const [name, count] of climbed.reached) reached.set(name, (reached.get(name) ?? 0) + count)
  }
  t.diagnostic(JSON.stringify({ best, attacks, improved, ...Object.fromEntries(reached) }))
  assert.ok(best <= 0, `a profit of ${best}`)
  assert.ok(improved > SEEDS, `${improved} steps up: the search goes nowhere`)
  for (const name of ['fill', 'fill of an auction', 'rebate', 'fee in base', 'triggered']) {
    assert.ok((reached.get(name) ?? 0) > 50, `${name}: ${reached.get(name)}`)
  }
})
