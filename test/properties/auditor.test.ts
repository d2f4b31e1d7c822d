// The auditor by itself: 500 seeds of 2,000 random commands of every kind, on the naive model.
//
// Its events fold to its image, and INV-01 to INV-06, INV-09 and INV-10 hold. What must be met, or
// nothing was shown, is listed: every refusal code of the engine, every type with every time in
// force, a cascade, a halt with its reopening.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RefusalCode } from '#kernel/refusals.ts'
import { runCampaign } from '#test/support/differential.ts'
import type { Reached } from '#test/support/reached.ts'
import { CROWDED, HUGE, SMALL } from '#test/support/scale.ts'

const COMMANDS = { commands: 2_000, exactly: true, stateEvery: 50, timeLimitMs: 300_000 }

const CODES: readonly RefusalCode[] = [
  'account.closed',
  'account.frozen',
  'account.limit',
  'account.not_empty',
  'account.unknown',
  'asset.unknown',
  'capacity.exhausted',
  'funds.insufficient',
  'idempotency.in_future',
  'idempotency.mismatch',
  'idempotency.too_old',
  'market.auction',
  'market.closed',
  'market.delisted',
  'market.halted',
  'market.invalid',
  'market.no_collar',
  'market.post_only',
  'market.unknown',
  'not_found',
  'order.amend_below_filled',
  'order.expired',
  'order.fills_limit',
  'order.fok_unfillable',
  'order.no_reference',
  'order.not_amendable',
  'order.notional_too_small',
  'order.post_only_would_take',
  'order.price_out_of_band',
  'order.reduce_only',
  'order.too_large',
  'order.too_many_open',
  'order.too_many_trailing',
  'order.would_trigger',
  'request.malformed',
]
const REASONS: readonly RefusalCode[] = [
  'market.delisted',
  'market.halted',
  'order.cancelled_by_owner',
  'order.collar',
  'order.dead_man',
  'order.disconnected',
  'order.expired',
  'order.fills_limit',
  'order.immediate_remainder',
  'order.linked',
  'order.no_liquidity',
  'order.self_trade',
]
const STORIES = [
  'a bracket limit',
  'a bracket market',
  'a cascade',
  'a fee in base',
  'a fill in an auction',
  'a rebate',
  'a reopening',
  'amended in the book',
  'amended while it waits',
  'an iceberg goes behind',
  'an iceberg shows more',
  'an oco triggered',
  'closed by session',
  'continuous by session',
  'event indicative',
  'halted by band',
]
const WAITING = ['limit', 'stop', 'stop-limit', 'take-profit', 'take-profit-limit', 'oco']
const SHAPES = [
  ...[...WAITING, 'trailing-stop'].flatMap((type) => ['GTC', 'GTD', 'DAY'].map(of(type))),
  ...['limit', 'market'].flatMap((type) => ['IOC', 'FOK'].map(of(type))),
]

function of(type: string) {
  return (timeInForce: string) => `${type} ${timeInForce}`
}

/** Everything that was met, by all worlds together. */
const seen = new Set<string>()

function note(reached: Reached): void {
  for (const name of reached.seen.keys()) seen.add(name)
}

test('random commands with small numbers keep every invariant of the model', () => {
  note(runCampaign({ ...COMMANDS, seed: 20_260_201, runs: 380, scale: SMALL }))
})

test('random commands with numbers near 2^53 keep every invariant of the model', () => {
  note(runCampaign({ ...COMMANDS, seed: 20_260_202, runs: 100, scale: HUGE }))
})

test('random commands among a crowd keep every invariant of the model', () => {
  note(runCampaign({ ...COMMANDS, seed: 20_260_203, runs: 20, stateEvery: 200, scale: CROWDED }))
})

test('the campaign met every code, reason, shape and story', () => {
  const codes = new Set([...seen].map((name) => name.replace(/^[a-zA-Z]+: /, '')))
  const missed = [
    ...CODES.filter((code) => !codes.has(code)),
    ...REASONS.map((reason) => `cancelled: ${reason}`).filter((name) => !seen.has(name)),
    ...[...SHAPES, ...STORIES].filter((name) => !seen.has(name)),
  ]
  assert.deepEqual(missed, [], 'the arbitraries no longer reach these')
})
