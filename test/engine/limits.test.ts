// Limits: each bound of the engine at limit - 1, limit and limit + 1.
//
// Those of orders, callers and movements that a few commands reach stand in test/properties. Where
// a million commands would be needed to come near a bound, the state is filled directly.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandBody } from '#engine/command.ts'
import {
  ACCOUNTS_MAX,
  ASSET_SCALE_MAX,
  ASSETS_MAX,
  CREDITS_MAX,
  ENGINE_VERSION,
  FEE_RATE_MAX,
  MARKETS_MAX,
  ORDERS_MAX,
  OUTCOMES_MAX,
  WITHDRAWAL_IDS_MAX,
  WITHDRAWALS_OPEN_MAX,
} from '#engine/limits.ts'
import type { Engine } from '#engine/state.ts'
import { asUnit } from '#kernel/amount.ts'
import { limit, listAsset, listMarket, opening, START_US } from '#test/support/commands.ts'
import { createExchange, snapshotOf } from '#test/support/exchange.ts'
import { credit, withdrawal } from './rich-state.ts'

test('assets are listed up to ASSETS_MAX', () => {
  const { run } = createExchange()
  for (let i = 1; i < ASSETS_MAX; i += 1) assert.equal(run(listAsset(`A${i}`)), 'done')
  assert.equal(run(listAsset('LAST')), 'done')
  assert.equal(run(listAsset('MORE')), 'capacity.exhausted')
})

test('an asset has at most ASSET_SCALE_MAX decimals', () => {
  const { run } = createExchange()
  for (const [scale, answer] of [
    [ASSET_SCALE_MAX - 1, 'done'],
    [ASSET_SCALE_MAX, 'done'],
    [ASSET_SCALE_MAX + 1, 'request.malformed'],
  ] as const) {
    const body: CommandBody = { kind: 'listAsset', symbol: `S${scale}`, scale, chainDecimals: -1 }
    assert.equal(run(body), answer, `scale ${scale}`)
  }
})

test('markets are listed up to MARKETS_MAX', () => {
  const { run } = createExchange(opening())
  for (let i = 3; i < MARKETS_MAX; i += 1) assert.equal(run(listMarket(`M${i}`, 1)), 'done')
  assert.equal(run(listMarket('LAST', 1)), 'done')
  assert.equal(run(listMarket('MORE', 1)), 'capacity.exhausted')
})

test('a fee rate is at most FEE_RATE_MAX', () => {
  const { run } = createExchange(opening())
  for (const side of ['makerRate', 'takerRate'] as const) {
    const market = (rate: number) =>
      listMarket(`${side.toUpperCase()}-${rate}`, 1, { [side]: rate })
    assert.equal(run(market(FEE_RATE_MAX - 1)), 'done')
    assert.equal(run(market(FEE_RATE_MAX)), 'done')
    assert.equal(run(market(FEE_RATE_MAX + 1)), 'market.invalid')
  }
})

test('accounts are numbered below ACCOUNTS_MAX', () => {
  const { run, engine } = createExchange()
  for (let account = 16; account < ACCOUNTS_MAX - 2; account += 1) {
    run({ kind: 'openAccount', userId: `u${account}` })
    engine.events.length = 0
  }
  assert.equal(run({ kind: 'openAccount', userId: 'last but one' }), 'done')
  assert.equal(run({ kind: 'openAccount', userId: 'last' }), 'done')
  assert.equal(engine.accounts.rows.at(-1)?.account, ACCOUNTS_MAX - 1)
  assert.equal(run({ kind: 'openAccount', userId: 'one more' }), 'account.limit')
  assert.equal(run({ kind: 'openAccount', userId: 'last' }), 'done', 'asking again is no opening')
})

test('orders stay open up to ORDERS_MAX', () => {
  const { run, engine } = createExchange(opening())
  engine.core.calls.setOpenOrders(ORDERS_MAX - 2)
  assert.equal(run(limit('buy', { price: 90 })), 'done')
  assert.equal(run(limit('buy', { price: 91 })), 'done')
  assert.equal(run(limit('buy', { price: 92 })), 'capacity.exhausted')
  const immediate = limit('buy', { price: 92, timeInForce: 'IOC' })
  assert.equal(run(immediate), 'done', 'what cannot stay needs no room')
})

function remembered({ core }: Engine): number {
  return core.calls.outcomesNext() - core.calls.outcomesFirst()
}

test('INV-17: past OUTCOMES_MAX ids the oldest leaves and closes the window', () => {
  const { run, engine } = createExchange(opening())
  // An unknown account's orders are refused at once, and remembered.
  const ask = (i: number) =>
    limit('buy', { account: 15, clientOrderId: `c${i}`, sentAt: START_US + i })
  for (let i = 1; i < OUTCOMES_MAX; i += 1) {
    run(ask(i), 1)
    engine.events.length = 0
  }
  assert.equal(remembered(engine), OUTCOMES_MAX - 1)
  run(ask(OUTCOMES_MAX), 0)
  run(ask(1), 0)
  assert.equal(remembered(engine), OUTCOMES_MAX)
  assert.ok(engine.outcome.duplicate, 'the oldest of a full memory is still known')
  run(ask(OUTCOMES_MAX + 1), 2_000_000)
  assert.equal(remembered(engine), OUTCOMES_MAX)
  assert.equal(run(ask(1), 0), 'idempotency.too_old')
  run(ask(2), 0)
  assert.ok(engine.outcome.duplicate, 'the second oldest is known')
  assert.equal(
    run(limit('buy', { clientOrderId: 'new', sentAt: START_US + 1 }), 0),
    'idempotency.too_old',
  )
  const next = limit('buy', { account: 15, clientOrderId: 'new', sentAt: START_US + 2 })
  assert.equal(run(next, 0), 'account.unknown', 'behind the window anything may be new')
})

test('withdrawals are open up to WITHDRAWALS_OPEN_MAX', () => {
  const { run, engine } = createExchange(opening())
  run(withdrawal('first'))
  const [row] = engine.withdrawals.values()
  assert.ok(row !== undefined)
  for (let i = 1; i < WITHDRAWALS_OPEN_MAX - 1; i += 1) engine.withdrawals.set(-i, row)
  assert.equal(run(withdrawal('last')), 'done')
  assert.equal(engine.withdrawals.size, WITHDRAWALS_OPEN_MAX)
  assert.equal(run(withdrawal('more')), 'capacity.exhausted')
})

test('ids of accepted withdrawals are kept up to WITHDRAWAL_IDS_MAX', () => {
  const { run, engine } = createExchange(opening())
  const used = { seq: 1, bodyHash: 'hash' }
  for (let i = 1; i < WITHDRAWAL_IDS_MAX; i += 1) engine.withdrawalIds.set(`9/${i}`, used)
  assert.equal(run(withdrawal('last')), 'done')
  assert.equal(engine.withdrawalIds.size, WITHDRAWAL_IDS_MAX)
  assert.equal(run(withdrawal('more')), 'capacity.exhausted')
})

test('credited deposits are remembered up to CREDITS_MAX', () => {
  const { run, engine } = createExchange(opening())
  for (let i = 1; i < CREDITS_MAX; i += 1) engine.credits.add(`${i}`)
  assert.equal(run(credit('last')), 'done')
  assert.equal(engine.credits.size, CREDITS_MAX)
  assert.equal(run(credit('more')), 'capacity.exhausted')
  assert.equal(run(credit('last')), 'done', 'a repetition needs no room')
})

test('a market is listed only when a tick times a lot is a whole number of quote units', () => {
  const { run } = createExchange(opening())
  const market = (symbol: string, tickUnits: number, lotUnits: number, priceScale: number) => {
    const body = listMarket(symbol, 1, { tickUnits, lotUnits })
    return run({ ...body, priceScale } as CommandBody)
  }
  assert.equal(market('ONE', 1, 100, 2), 'done')
  assert.equal(market('HALVES', 2, 5, 1), 'done')
  assert.equal(market('FIFTHS', 4, 25, 2), 'done')
  assert.equal(market('LESS', 1, 10, 2), 'market.invalid')
  assert.equal(market('ODD', 3, 5, 1), 'market.invalid')
  assert.equal(market('NOTHING', 0, 100, 2), 'market.invalid')
  assert.equal(market('WIDE', Number.MAX_SAFE_INTEGER, 2, 0), 'market.invalid')
  assert.equal(market('FINE', 1, 1, 19), 'market.invalid')
})

test('ENGINE_VERSION stands in every snapshot', () => {
  const bytes = snapshotOf(createExchange().engine)
  assert.equal(bytes[18], ENGINE_VERSION)
  assert.ok(asUnit(ENGINE_VERSION) > 0)
})
