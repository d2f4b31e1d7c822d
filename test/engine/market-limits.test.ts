// Limits of markets, fees and volumes: each at limit - 1, limit and limit + 1.
//
// Where thousands of prices are needed they are placed through commands; volumes near their bound
// are put into the engine directly.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandBody, FeeTier, SetMarket } from '#engine/command.ts'
import { imageOf } from '#engine/image-of.ts'
import {
  BAND_BPS_MAX,
  COLLAR_BPS_MAX,
  DAY_NOTIONAL_MAX,
  FEE_RATE_MAX,
  FEE_TIERS_MAX,
  INDICATIVE_EVERY_US,
  LEVELS_PER_SIDE_MAX,
  PHASE_MAX_US,
  VOLUMES_MAX,
} from '#engine/limits.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { faucet, limit, listMarket, openAccount, opening } from '#test/support/commands.ts'
import { createExchange } from '#test/support/exchange.ts'

const NO_RULES = {
  minNotional: asUnit<never>(10),
  collarBps: 0,
  bandBps: 0,
  bandWindowUs: 0,
  haltUs: 0,
  auctionUs: 0,
  sessionOpenUs: 0,
  sessionCloseUs: 0,
}

function rules(more: Partial<SetMarket>): CommandBody {
  return { kind: 'setMarket', market: asId(0), ...NO_RULES, ...more }
}

function fees(...tiers: readonly (readonly [number, number, number])[]): CommandBody {
  const rows = tiers.map(
    ([from, makerRate, takerRate]): FeeTier => ({
      minNotional: asUnit(from),
      makerRate: asUnit(makerRate),
      takerRate: asUnit(takerRate),
    }),
  )
  return { kind: 'setFees', market: asId(0), tiers: rows }
}

function phase(name: 'auction' | 'continuous', endsAt = 0): CommandBody {
  return { kind: 'setPhase', market: asId(0), phase: name, endsAt: asMicros(endsAt) }
}

test('collars and bands are at most COLLAR_BPS_MAX and BAND_BPS_MAX', () => {
  const { run } = createExchange(opening())
  const band = { bandWindowUs: 1 }
  assert.equal(run(rules({ collarBps: COLLAR_BPS_MAX - 1 })), 'done')
  assert.equal(run(rules({ collarBps: COLLAR_BPS_MAX })), 'done')
  assert.equal(run(rules({ collarBps: COLLAR_BPS_MAX + 1 })), 'market.invalid')
  assert.equal(run(rules({ bandBps: BAND_BPS_MAX - 1, ...band })), 'done')
  assert.equal(run(rules({ bandBps: BAND_BPS_MAX, ...band })), 'done')
  assert.equal(run(rules({ bandBps: BAND_BPS_MAX + 1, ...band })), 'market.invalid')
  assert.equal(run(rules({ bandBps: 1 })), 'market.invalid', 'a band needs a window')
})

test('halts, auctions and windows last at most PHASE_MAX_US, session times lie in the day', () => {
  const { run } = createExchange(opening())
  for (const field of ['haltUs', 'auctionUs', 'bandWindowUs'] as const) {
    assert.equal(run(rules({ [field]: PHASE_MAX_US - 1 })), 'done')
    assert.equal(run(rules({ [field]: PHASE_MAX_US })), 'done')
    assert.equal(run(rules({ [field]: PHASE_MAX_US + 1 })), 'market.invalid')
  }
  for (const field of ['sessionOpenUs', 'sessionCloseUs'] as const) {
    assert.equal(run(rules({ [field]: 86_399_999_999 })), 'done')
    assert.equal(run(rules({ [field]: 86_400_000_000 })), 'market.invalid')
  }
})

test('a rebate is at most FEE_RATE_MAX, and only the maker has one', () => {
  const { run } = createExchange(opening())
  assert.equal(run(fees([0, 1 - FEE_RATE_MAX, 0])), 'done')
  assert.equal(run(fees([0, -FEE_RATE_MAX, FEE_RATE_MAX])), 'done')
  assert.equal(run(fees([0, -FEE_RATE_MAX - 1, 0])), 'market.invalid')
  assert.equal(run(fees([0, FEE_RATE_MAX + 1, 0])), 'market.invalid')
  assert.equal(run(fees([0, 0, FEE_RATE_MAX + 1])), 'market.invalid')
  assert.equal(run(fees([0, 0, -1])), 'market.invalid')
  const listed = listMarket('REBATE', 1, { makerRate: -FEE_RATE_MAX })
  assert.equal(run(listed), 'done')
  assert.equal(run(listMarket('MORE', 1, { makerRate: -FEE_RATE_MAX - 1 })), 'market.invalid')
  assert.equal(run(listMarket('TAKER', 1, { takerRate: -1 })), 'market.invalid')
})

test('a schedule has 1 to FEE_TIERS_MAX tiers, the first from 0, ascending', () => {
  const { run } = createExchange(opening())
  const many = (count: number) =>
    fees(...Array.from({ length: count }, (_, at) => [at * 10, 5, 9] as const))
  assert.equal(run(many(FEE_TIERS_MAX - 1)), 'done')
  assert.equal(run(many(FEE_TIERS_MAX)), 'done')
  assert.equal(run(many(FEE_TIERS_MAX + 1)), 'market.invalid')
  assert.equal(run(fees()), 'market.invalid')
  assert.equal(run(fees([1, 0, 0])), 'market.invalid')
  assert.equal(run(fees([0, 0, 0], [5, 0, 0], [5, 0, 0])), 'market.invalid')
})

test('INV-17: a side has LEVELS_PER_SIDE_MAX prices, and a new one more is cancelled', () => {
  const people = Array.from({ length: 20 }, (_, nth) => openAccount(`level-${nth}`))
  const funds = Array.from({ length: 20 }, (_, nth) => faucet(19 + nth, 500_000_000))
  const { run, events, engine } = createExchange([...opening(), ...people, ...funds])
  const ask = (nth: number) =>
    limit('sell', { account: 19 + Math.floor(nth / 900), price: 1_000 + nth, size: 1 })
  for (let nth = 0; nth < LEVELS_PER_SIDE_MAX - 1; nth += 1) {
    assert.equal(run(ask(nth), 0), 'done')
    engine.events.length = 0
  }
  run(ask(LEVELS_PER_SIDE_MAX - 1))
  assert.deepEqual(
    events()
      .map(({ kind }) => kind)
      .slice(0, 2),
    ['accepted', 'rested'],
  )
  run(limit('sell', { account: 38, price: 1_000_000, size: 1 }))
  const [, cancelled] = events()
  assert.ok(cancelled?.kind === 'cancelled' && cancelled.reason === 'capacity.exhausted')
  run(limit('sell', { account: 38, price: 1_005, size: 1 }))
  assert.equal(events()[1]?.kind, 'rested', 'a price that is there takes more orders')
  // The auction looks at all of them in one command.
  run(phase('auction'))
  run(limit('buy', { account: 38, price: 1_010, size: 5 }))
  engine.events.length = 0
  run({ kind: 'tick' }, INDICATIVE_EVERY_US - 2_000)
  assert.deepEqual(events(), [], 'not before INDICATIVE_EVERY_US')
  run({ kind: 'tick' }, 1_000)
  assert.equal(events()[0]?.kind, 'indicative')
})

function tradeOnce(run: (body: CommandBody) => string, seller: number, buyer: number): void {
  assert.equal(run(limit('sell', { account: seller, price: 100, size: 1 })), 'done')
  assert.equal(run(limit('buy', { account: buyer, price: 100, size: 1 })), 'done')
}

test('a day counts at most DAY_NOTIONAL_MAX for tiers', () => {
  const { run, engine } = createExchange(opening())
  tradeOnce(run, 17, 18)
  const [pair] = imageOf(engine).volumes
  assert.equal(pair?.notional, 300)
  const day = Math.floor(engine.clock.time / 86_400_000_000)
  const { calls } = engine.core
  const volume = () => calls.volumeOf(17, 0)
  for (const [before, after] of [
    [DAY_NOTIONAL_MAX - 301, DAY_NOTIONAL_MAX - 1],
    [DAY_NOTIONAL_MAX - 300, DAY_NOTIONAL_MAX],
    [DAY_NOTIONAL_MAX - 299, DAY_NOTIONAL_MAX],
  ] as const) {
    calls.restoreVolume(17, 0, day, before)
    tradeOnce(run, 17, 18)
    assert.equal(volume(), after)
  }
})

test('volumes count for 30 days, and a pair keeps its row', () => {
  const { run, engine } = createExchange(opening())
  const tier = fees([0, 0, 1_000], [300, -500, 800])
  run(tier)
  tradeOnce(run, 17, 18)
  const rates = () => {
    run(limit('buy', { account: 17, price: 50, size: 1 }))
    return imageOf(engine).orders.at(-1)?.takerRate
  }
  assert.equal(rates(), 800, 'the volume of today counts')
  run({ kind: 'tick' }, 29 * 86_400_000_000)
  assert.equal(rates(), 800, 'and so does that of 29 days ago')
  run({ kind: 'tick' }, 86_400_000_000)
  assert.equal(rates(), 1_000, 'older does not')
  assert.equal(imageOf(engine).volumes.length, 2)
})

test('INV-17: past VOLUMES_MAX pairs a later one is not counted', () => {
  const { run, engine } = createExchange(opening())
  const { calls } = engine.core
  // Pairs of one account with no asset in particular: only their count matters here.
  while (calls.volumesUsed() - 1 < VOLUMES_MAX - 1) calls.restoreVolume(16, 31, 1, 0)
  tradeOnce(run, 17, 18)
  assert.equal(calls.volumesUsed() - 1, VOLUMES_MAX)
  assert.equal(calls.volumeOf(17, 0), 300, 'the maker, who is counted first, is the last')
  assert.equal(calls.volumeOf(18, 0), 0)
  tradeOnce(run, 16, 17)
  assert.equal(calls.volumeOf(16, 0), 0)
  assert.equal(calls.volumeOf(17, 0), 600, 'who has a row goes on')
})
