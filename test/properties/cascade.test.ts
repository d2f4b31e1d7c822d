// Cascades: a giant sale into thousands of stops, as on GDAX in 2017, never runs away.
//
// Fifty crashes with stops of all kinds under other rules each: no fill is beyond its collar or the
// band, one tick fires at most TRIGGERS_PER_COMMAND_MAX, the rest fires in later commands with
// customers between, and a breach halts the market, which opens again by an auction.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TRIGGERS_PER_COMMAND_MAX } from '#engine/limits.ts'
import { cascade } from '#test/support/cascade/cascade.ts'
import { createPaired } from '#test/support/paired-driver.ts'

const CRASHES = 48
const FEW = 800
const MANY = 10_000

test('fifty crashes into 800 to 10,000 stops stay within collars, bands and batches', (t) => {
  const counts = new Map<string, number>()
  let [commands, lowest] = [0, 1]
  for (let seed = 1; seed <= CRASHES + 2; seed += 1) {
    const stops = seed <= CRASHES ? FEW + (seed % 4) * 100 : MANY
    const crash = cascade(seed, stops)
    commands += crash.commands
    lowest = Math.min(lowest, crash.lowest)
    for (const [name, count] of crash.counts) counts.set(name, (counts.get(name) ?? 0) + count)
  }
  t.diagnostic(JSON.stringify({ commands, lowest, ...Object.fromEntries(counts) }))
  for (const [name, least] of Object.entries(MUST_REACH)) {
    assert.ok((counts.get(name) ?? 0) >= least, `${name}: ${counts.get(name)}`)
  }
})

test('engine and naive model are alike in every command of a crash', () => {
  for (const seed of [4, 7]) {
    const { counts } = cascade(seed, FEW, createPaired)
    assert.ok((counts.get('triggered') ?? 0) > TRIGGERS_PER_COMMAND_MAX)
  }
})

const MUST_REACH = {
  triggered: 100 * TRIGGERS_PER_COMMAND_MAX,
  'halted by band': 10,
  'auction by band': 5,
  'auction by schedule': 10,
  'continuous by uncross': 15,
  'fills of auctions': 15,
  'cancelled: order.collar': 100,
  'cancelled: market.halted': 100,
  'fills of market orders': CRASHES,
}
