// Digests of markets: every rule, phase, tier, mark and volume is in both digests.
//
// The test changes each of them in a live engine and compares; what only serves speed (the mood,
// what is due first) is found anew from them and may be left out.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandBody, FeeTier } from '#engine/command.ts'
import { openSlots } from '#engine/image-of.ts'
import { orderReader } from '#engine/order-state.ts'
import type { RowField } from '#engine/rows.ts'
import { FLAGS, MARKET_RULE, PAID, RULE, readField, TIER, writeField } from '#engine/rows.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { limit, opening } from '#test/support/commands.ts'
import { copyOf, createExchange, digestOf } from '#test/support/exchange.ts'

const TIERS: readonly FeeTier[] = [
  { minNotional: asUnit(0), makerRate: asUnit(-500), takerRate: asUnit(900) },
  { minNotional: asUnit(1_000), makerRate: asUnit(-700), takerRate: asUnit(800) },
]
const RULES: CommandBody = {
  kind: 'setMarket',
  market: asId(0),
  minNotional: asUnit(10),
  collarBps: 100,
  bandBps: 200,
  bandWindowUs: 1_000_000,
  haltUs: 5_000,
  auctionUs: 6_000,
  sessionOpenUs: 1_000,
  sessionCloseUs: 2_000,
}

const exchange = createExchange([
  ...opening(),
  { kind: 'setFees', market: asId(0), tiers: TIERS },
  RULES,
  limit('sell', { account: 17, price: 100, size: 5 }),
  limit('buy', { account: 18, price: 100, size: 2 }),
  { kind: 'freezeAccount', account: asId(18), frozen: true },
])
const { engine } = exchange
const { core } = engine

function assertInBoth(what: string, address: number, field: RowField): void {
  const before = { full: digestOf(engine), business: digestOf(engine, 'business') }
  const was = readField(core, address, field)
  writeField(core, address, field, was + 1)
  assert.notEqual(digestOf(engine), before.full, `${what} is in the full digest`)
  assert.notEqual(digestOf(engine, 'business'), before.business, `${what} is business`)
  writeField(core, address, field, was)
}

test('every rule and tier of a market is in both digests', () => {
  const row = core.calls.marketAddress(0)
  for (const [name, field] of Object.entries(MARKET_RULE)) assertInBoth(name, row, field)
  const rules = core.calls.rulesAddress(0)
  for (const [name, field] of Object.entries(RULE)) assertInBoth(name, rules, field)
  for (const at of [0, 1]) {
    const tier = core.calls.tierAddress(0, at)
    for (const [name, field] of Object.entries(TIER)) assertInBoth(name, tier, field)
  }
})

test('what an order with a rebate was paid is in both digests', () => {
  const slots = openSlots(engine)
  const stored = slots.filter(
    (slot) => ((orderReader(engine, slot).order('flags') >>> FLAGS.feesStored) & 1) !== 0,
  )
  assert.equal(stored.length, 1)
  const row = core.calls.paidAddress(stored[0] ?? 0)
  for (const [name, field] of Object.entries(PAID)) assertInBoth(name, row, field)
})

test('the days of a volume are in both digests', () => {
  const row = core.calls.volumeAddress(1)
  assertInBoth('the day', row, { at: 4, bytes: 4 })
  for (let nth = 0; nth < 29; nth += 1) assertInBoth('a day', row, { at: 8 + 8 * nth, bytes: 8 })
})

test('marks of accounts, delisting and volumes survive a snapshot', () => {
  const digest = digestOf(engine)
  assert.equal(digestOf(copyOf(engine)), digest)
  core.calls.setMarks(18, 0)
  assert.notEqual(digestOf(engine), digest, 'a mark is in the digest')
  core.calls.setMarks(18, 1)
  assert.equal(exchange.run({ kind: 'delistMarket', market: asId(1) }), 'done')
  const copy = copyOf(engine)
  assert.equal(digestOf(copy), digestOf(engine))
  const next = createExchange([], copy)
  assert.equal(next.run(limit('buy', { account: 17, market: 1 })), 'market.delisted')
  assert.equal(next.run(limit('buy', { account: 18 })), 'account.frozen')
})
