// Markets: phases, sessions, bands, auctions, fees and marks of accounts against the naive model.
//
// Orders are those without an extra; what happens around them is random: operators halt and open,
// change rules and fee schedules, freeze and close accounts, take markets off the list. Ticks come
// when they are due, or late, or not at all.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runMarkets } from '#test/support/market-runs.ts'
import type { Reached } from '#test/support/reached.ts'
import { HUGE, SMALL } from '#test/support/scale.ts'

const RUNS = Number(process.env.MARKET_RUNS ?? 60)
const SEED = Number(process.env.MARKET_SEED ?? 20_260_201)

const MUST_REACH = [
  'auction by operator',
  'auction by schedule',
  'auction by band',
  'halted by band',
  'closed by session',
  'continuous by uncross',
  'a fill in an auction',
  'a reopening',
  'a rebate',
  'event indicative',
  'event uncrossed',
  'event marketChanged',
  'event feesSet',
  'event marketDelisted',
  'event accountFrozen',
  'event accountClosed',
  'cancelled: market.delisted',
  'cancelled: market.halted',
  'setMarket: market.invalid',
  'setFees: market.invalid',
  'setPhase: request.malformed',
  'place: market.closed',
  'place: market.halted',
  'place: market.auction',
  'place: market.post_only',
  'place: market.delisted',
  'place: account.frozen',
  'closeAccount: account.not_empty',
]

function assertReached({ seen }: Reached): void {
  assert.deepEqual(
    MUST_REACH.filter((name) => !seen.has(name)),
    [],
    'the arbitraries no longer reach these',
  )
}

test('markets of small numbers change as the model says', (t) => {
  const reached = runMarkets({ seed: SEED, runs: RUNS, commands: 600, scale: SMALL })
  t.diagnostic(`${reached.commands} commands, ${reached.seen.get('event fill')} fills`)
  assertReached(reached)
})

test('markets of numbers near 2^53 change as the model says', (t) => {
  const reached = runMarkets({ seed: SEED + 1, runs: RUNS, commands: 600, scale: HUGE })
  t.diagnostic(`${reached.commands} commands, ${reached.seen.get('event fill')} fills`)
  assert.ok(reached.commands > 0)
})
