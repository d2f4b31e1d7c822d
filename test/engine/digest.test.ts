// Digests: whatever changes in the state changes them, and what must not change them does not.
//
// The test walks every cell and field of a live engine, changes it and compares digests. What only
// serves speed is named in DERIVED with the reason; a new field that is in neither list fails.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandBody } from '#engine/command.ts'
import { openSlots } from '#engine/image-of.ts'
import { nextAccount } from '#engine/ledger/accounts.ts'
import { ASSETS_MAX } from '#engine/limits.ts'
import * as order from '#engine/matching/orders.ts'
import { CODE, ENTRY_INTS, entries, HASH_LENGTH, HASH_WORDS, ID_WORDS } from '#engine/outcomes.ts'
import type { Engine } from '#engine/state.ts'
import { limit } from '#test/support/commands.ts'
import { digestOf } from '#test/support/exchange.ts'
import { createRichState, credit, withdrawal } from './rich-state.ts'

const { engine } = createRichState()

/** Changes one cell, hands back the digests, and puts the cell back. */
function changed(column: Int32Array | Float64Array, at: number, by = 1) {
  const was = column[at] ?? 0
  column[at] = was + by
  const digests = { full: digestOf(engine), business: digestOf(engine, 'business') }
  column[at] = was
  return digests
}

const before = { full: digestOf(engine), business: digestOf(engine, 'business') }

function assertSeen(what: string, digests: typeof before, kind: 'business' | 'memory') {
  assert.notEqual(digests.full, before.full, `${what} is in the full digest`)
  if (kind === 'business') {
    assert.notEqual(digests.business, before.business, `${what} is in the business digest`)
  } else {
    assert.equal(digests.business, before.business, `${what} is not in the business digest`)
  }
}

test('the state that is walked has rows of every kind', () => {
  assert.ok(engine.orders.drainHead !== 0 && openSlots(engine).length > 4)
  assert.ok(engine.withdrawals.size === 2 && engine.credits.size === 1)
  assert.ok(engine.outcomes.count > 4 && engine.markets.length === 2)
})

test('sequence, time and event number are in the full digest only', () => {
  for (const cell of engine.clock.keys()) {
    assertSeen(`clock ${cell}`, changed(engine.clock, cell), 'memory')
  }
})

test('the cash and the hold of every account and asset are in both digests', () => {
  for (let account = 1; account < nextAccount(engine.accounts); account += 1) {
    for (let asset = 0; asset < ASSETS_MAX; asset += 7) {
      const cell = account * ASSETS_MAX + asset
      assertSeen(`cash ${cell}`, changed(engine.balances.cash, cell), 'business')
      assertSeen(`held ${cell}`, changed(engine.balances.held, cell), 'business')
    }
  }
})

test('the number of the last message of every account is in both digests', () => {
  for (let account = 1; account < nextAccount(engine.accounts); account += 1) {
    const seen = changed(engine.accounts.accountSeq, account)
    assertSeen(`accountSeq ${account}`, seen, 'business')
  }
})

test('book number, trade id and last price of every market are in both digests', () => {
  for (const { counters, row } of engine.markets) {
    for (const cell of counters.keys()) {
      assertSeen(`market ${row.symbol} counter ${cell}`, changed(counters, cell), 'business')
    }
  }
})

const HOT_NUMS = {
  ID: order.ID,
  REMAINING: order.REMAINING,
  HELD: order.HELD,
  MAKER_NOTIONAL: order.MAKER_NOTIONAL,
}
const HOT_INTS = { ACCOUNT: order.ACCOUNT, PRICE: order.PRICE }
const COLD_NUMS = {
  TAKER_NOTIONAL: order.TAKER_NOTIONAL,
  SIZE: order.SIZE,
  REDUCED_BY: order.REDUCED_BY,
  CREATED_AT: order.CREATED_AT,
  UPDATED_AT: order.UPDATED_AT,
  PRIORITY: order.PRIORITY,
}
const COLD_INTS = { MAKER_RATE: order.MAKER_RATE, TAKER_RATE: order.TAKER_RATE }

test('every field of every open order is in both digests', () => {
  const { hot, cold } = engine.orders
  const slots = openSlots(engine)
  const chosen = slots.filter((_, at) => at < 2 || at > slots.length - 6)
  for (const slot of chosen) {
    const see = (column: Int32Array | Float64Array, row: number, cells: Record<string, number>) => {
      for (const [what, cell] of Object.entries(cells)) {
        assertSeen(`${what} of slot ${slot}`, changed(column, row + cell), 'business')
      }
    }
    see(hot.f64, slot * order.HOT_NUMS, HOT_NUMS)
    see(hot.i32, slot * order.HOT_INTS, HOT_INTS)
    see(cold.f64, slot * order.COLD_NUMS, COLD_NUMS)
    see(cold.i32, slot * order.COLD_INTS, COLD_INTS)
    const id = slot * order.COLD_INTS + order.CALLER_ID
    if (cold.i32[id] === 0) continue
    assertSeen('clientOrderId', changed(cold.i32, id, 256), 'business')
  }
})

const FLAG_BITS = [
  order.SIDE_BIT,
  order.TYPE_BIT,
  order.TIME_IN_FORCE_BIT,
  order.POST_ONLY_BIT,
  order.SELF_TRADE_BIT,
  15,
]

test('every flag of an open order is in both digests', () => {
  const slot = openSlots(engine).at(-1) ?? 0
  const at = slot * order.HOT_INTS + order.FLAGS
  for (const bit of FLAG_BITS) {
    const isSet = ((engine.orders.hot.i32[at] ?? 0) >>> bit) & 1
    const by = isSet === 1 ? -(1 << bit) : 1 << bit
    assertSeen(`flag ${bit}`, changed(engine.orders.hot.i32, at, by), 'business')
  }
})

test('every field of every remembered outcome is in the full digest only', () => {
  const { i32, f64 } = engine.outcomes.rows
  const cells = [
    0,
    ID_WORDS,
    CODE,
    ...Array.from({ length: HASH_LENGTH }, (_, i) => HASH_WORDS + i),
  ]
  for (const row of entries(engine.outcomes)) {
    for (const cell of cells) {
      const by = cell === ID_WORDS ? 256 : 1
      const seen = changed(i32, row * ENTRY_INTS + cell, by)
      assertSeen(`cell ${cell} of outcome ${row}`, seen, 'memory')
    }
    for (const cell of [9, 10, 11]) {
      const at = (row * ENTRY_INTS) / 2 + cell
      assertSeen(`number ${cell} of outcome ${row}`, changed(f64, at), 'memory')
    }
  }
  assertSeen('the window', changed(engine.outcomes.evicted, 0), 'memory')
})

/** Every way to change one field of a row, for rows of texts, numbers, flags and nested rows. */
function* mutants(row: object): Iterable<{ readonly name: string; change(): () => void }> {
  for (const [name, value] of Object.entries(row)) {
    if (value !== null && typeof value === 'object') {
      for (const inner of mutants(value)) yield { ...inner, name: `${name}.${inner.name}` }
      continue
    }
    const other = typeof value === 'number' ? value + 1 : changedText(name, value)
    yield {
      name,
      change: () => {
        Reflect.set(row, name, other)
        return () => Reflect.set(row, name, value)
      },
    }
  }
}

function changedText(name: string, value: unknown): unknown {
  if (name === 'marketKind') return value === 'spot' ? 'margin' : 'spot'
  if (name === 'accountKind') return value === 'main' ? 'sub' : 'main'
  if (name === 'bodyHash') return `!${String(value).slice(1)}`
  return `${value}x`
}

function assertAllSeen(what: string, rows: Iterable<object>) {
  for (const row of rows) {
    for (const { name, change } of mutants(row)) {
      const undo = change()
      const digests = { full: digestOf(engine), business: digestOf(engine, 'business') }
      undo()
      assertSeen(`${what}.${name}`, digests, 'business')
    }
  }
}

test('every field of assets, markets, accounts and the chain is in both digests', () => {
  assertAllSeen('asset', engine.assets)
  assertAllSeen(
    'market',
    engine.markets.map(({ row }) => row),
  )
  assertAllSeen('account', engine.accounts.rows)
  assertAllSeen('chain', [engine.chain])
})

test('every field of open withdrawals and used ids is in both digests', () => {
  const signed = [...engine.withdrawals.values()].filter((row) => row.signed !== null)
  assertAllSeen('withdrawal', signed)
  assertAllSeen('used id', engine.withdrawalIds.values())
})

test('a credit, a used id, an account more is in both digests', () => {
  engine.credits.add('another')
  assertSeen(
    'a credit',
    { full: digestOf(engine), business: digestOf(engine, 'business') },
    'business',
  )
  engine.credits.delete('another')
  assert.equal(digestOf(engine), before.full, 'put back')
})

/** What only serves speed or one command, and why it may be left out. */
const DERIVED: Readonly<Record<string, string>> = {
  stamp: 'words of seq and time of the running command',
  outcome: 'what the last command came to: the reply carries it',
  events: 'what the last commands told: the outbox has it',
  ladder: 'rebuilt from open orders',
  asking: 'scratch of one command',
  plan: 'scratch of one command',
}
const LOGICAL = [
  'clock',
  'assets',
  'markets',
  'accounts',
  'balances',
  'orders',
  'outcomes',
  'withdrawals',
  'withdrawalIds',
  'credits',
  'chain',
] satisfies (keyof Engine)[]

test('every part of the engine is known to be logical or derived', () => {
  assert.deepEqual(Object.keys(engine).sort(), [...Object.keys(DERIVED), ...LOGICAL].sort())
})

test('INV-10: a refused command changes nothing but sequence, time and the memory', () => {
  const exchange = createRichState()
  const digest = digestOf(exchange.engine, 'business')
  const refused: CommandBody[] = [
    limit('buy', { account: 15 }),
    limit('buy', { market: 9 }),
    limit('buy', { price: 0 }),
    limit('buy', { size: 0 }),
    limit('buy', { size: 1_000_000_000_000 }),
    limit('buy', { price: 1, size: 1 }),
    limit('buy', { account: 18, price: 96, market: 1, postOnly: true }),
    limit('sell', { account: 17, price: 1, size: 40_000_000, timeInForce: 'FOK' }),
    limit('buy', { account: 18, clientOrderId: 'maker', bodyHash: 'another body' }),
    withdrawal('w3', 1_000_000_000),
    withdrawal('w1', 9),
    credit('0x9', 0),
  ]
  for (const body of refused) {
    const full = digestOf(exchange.engine)
    assert.notEqual(exchange.run(body), 'done', JSON.stringify(body))
    assert.equal(digestOf(exchange.engine, 'business'), digest, JSON.stringify(body))
    assert.notEqual(digestOf(exchange.engine), full, 'the full digest moves on')
  }
})
