// Numbers near boundaries: a small form of the campaign, engine and model in lockstep (row F25).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearBoundary } from '#test/support/numbers/near-boundary.ts'

const SEEDS = 60
const COMMANDS = 60

test('commands with numbers near limits and powers of two change engine and model alike', (t) => {
  const reached = new Map<string, number>()
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    for (const [name, count] of nearBoundary(seed, COMMANDS).reached) {
      reached.set(name, (reached.get(name) ?? 0) + count)
    }
  }
  t.diagnostic(JSON.stringify(Object.fromEntries(reached)))
  for (const name of [
    ...['no record', 'fill', 'place: done', 'order.too_large', 'order.price_out_of_band'],
    ...['funds.insufficient', 'capacity.exhausted', 'market.invalid', 'request.malformed'],
  ]) {
    assert.ok((reached.get(name) ?? 0) > 0, `${name} was not met`)
  }
})
