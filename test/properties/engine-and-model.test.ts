// The engine and the naive model, on random commands: the same answers, events and state.
//
// After every command INV-01 to INV-06, INV-09 and INV-10 are checked on the engine's image, and
// INV-08 where a run restarts from a snapshot. A failing list is printed shrunken, with its seed.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCampaign } from '#test/support/differential.ts'
import { createDriver } from '#test/support/engine-driver.ts'
import type { Reached } from '#test/support/reached.ts'
import { HUGE, SMALL } from '#test/support/scale.ts'

const CI = { runs: 12, commands: 2_000, exactly: true, stateEvery: 25, engine: createDriver }
const SEED = 20_260_101

/** What a run must have met, or it has shown nothing. */
const MUST_REACH = [
  ...['fill', 'rested', 'transferred', 'deposited'].map(eventOf),
  ...['withdrawalSigned', 'withdrawalSettled', 'withdrawalFailed'].map(eventOf),
  'cancelled: order.immediate_remainder',
  'cancelled: order.no_liquidity',
  'cancelled: order.cancelled_by_owner',
  'place: duplicate',
  'place: idempotency.mismatch',
  'place: idempotency.too_old',
  'place: idempotency.in_future',
  'place: funds.insufficient',
  'place: order.fok_unfillable',
  'place: order.post_only_would_take',
  'place: order.too_large',
  'place: order.price_out_of_band',
  'place: order.notional_too_small',
  'place: request.malformed',
  'place: market.unknown',
  'place: account.unknown',
  'transfer: asset.unknown',
  'cancel: not_found',
  'signWithdrawal: idempotency.mismatch',
  ...['triggered', 'amended', 'refreshed', 'prevented', 'exitOpened'].map(eventOf),
  ...['deadManSet', 'deadManFired', 'uncrossed', 'phaseChanged', 'reduced'].map(eventOf),
  'cancelled: order.expired',
  'cancelled: order.collar',
  'cancelled: order.linked',
  'cancelled: order.dead_man',
  'cancelled: order.disconnected',
  'place: order.would_trigger',
  'place: order.expired',
  'place: order.reduce_only',
  'place: market.no_collar',
  'amend: order.not_amendable',
  'amend: order.amend_below_filled',
  'halted by band',
  'a reopening',
  'a cascade',
]

function eventOf(kind: string): string {
  return `event ${kind}`
}

function assertReached({ commands, seen }: Reached): void {
  assert.ok(commands > 10_000, `only ${commands} commands`)
  const missed = MUST_REACH.filter((name) => !seen.has(name))
  assert.deepEqual(missed, [], 'the arbitraries no longer reach these')
}

test('random commands with small numbers change engine and model alike', (t) => {
  const reached = runCampaign({ ...CI, seed: SEED, scale: SMALL })
  t.diagnostic(`${reached.commands} commands, ${reached.seen.get('event fill')} fills`)
  assertReached(reached)
})

test('random commands with numbers near 2^53 change engine and model alike', (t) => {
  const reached = runCampaign({ ...CI, seed: SEED + 1, scale: HUGE })
  t.diagnostic(`${reached.commands} commands, ${reached.seen.get('event fill')} fills`)
  assertReached(reached)
})
