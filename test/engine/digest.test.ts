// Digests: whatever changes in the state changes them, and what must not change them does not.
//
// The test walks every cell and field of a live engine, changes it and compares digests. What only
// serves speed is named in DERIVED with the reason; a new field that is in neither list fails.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextAccount } from '#engine/accounts.ts'
import type { CommandBody } from '#engine/command.ts'
import { openSlots } from '#engine/image-of.ts'
import type { RowField } from '#engine/rows.ts'
import {
  CLOCK_WORD,
  FLAGS,
  MARKET,
  ORDER,
  OUTCOME,
  OUTCOME_HASH_AT,
  readField,
  TERMS,
  writeField,
} from '#engine/rows.ts'
import type { Engine } from '#engine/state.ts'
import { limit } from '#test/support/commands.ts'
import { digestOf } from '#test/support/exchange.ts'
import { createRichState, credit, withdrawal } from './rich-state.ts'

const { engine } = createRichState()

const { core } = engine
const { calls } = core

function digests() {
  return { full: digestOf(engine), business: digestOf(engine, 'business') }
}

/** Changes one field of a row, hands back the digests, and puts the field back. */
function changed(address: number, field: RowField, by = 1) {
  const was = readField(core, address, field)
  writeField(core, address, field, was + by)
  const seen = digests()
  writeField(core, address, field, was)
  return seen
}

/** The same for one byte of text. */
function changedByte(at: number) {
  const was = core.view.bytes[at] ?? 0
  core.view.bytes[at] = was ^ 1
  const seen = digests()
  core.view.bytes[at] = was
  return seen
}

const before = digests()

function assertSeen(what: string, seen: typeof before, kind: 'business' | 'memory') {
  assert.notEqual(seen.full, before.full, `${what} is in the full digest`)
  if (kind === 'business') {
    assert.notEqual(seen.business, before.business, `${what} is in the business digest`)
  } else {
    assert.equal(seen.business, before.business, `${what} is not in the business digest`)
  }
}

test('the state that is walked has rows of every kind', () => {
  assert.ok(calls.queueHead() !== 0 && openSlots(engine).length > 4)
  assert.ok(engine.withdrawals.size === 2 && engine.credits.size === 1)
  assert.ok(calls.outcomesNext() - calls.outcomesFirst() > 4 && engine.markets.length === 2)
})

test('sequence, time and event number are in the full digest only', () => {
  for (const name of ['seq', 'time', 'eventNo'] as const) {
    const field = { at: 4 * CLOCK_WORD[name], bytes: 8 } as const
    assertSeen(name, changed(4 * core.clockWord, field), 'memory')
  }
})

test('the cash and the hold of every account and asset are in both digests', () => {
  for (let account = 1; account < nextAccount(engine.accounts); account += 1) {
    for (const { asset } of engine.assets) {
      const [cash, held] = [calls.cashOf(account, asset), calls.heldOf(account, asset)]
      calls.setBalance(account, asset, cash + 1, held)
      assertSeen(`cash of ${account}`, digests(), 'business')
      calls.setBalance(account, asset, cash, held + 1)
      assertSeen(`held of ${account}`, digests(), 'business')
      calls.setBalance(account, asset, cash, held)
    }
  }
})

test('the number of the last message of every account is in both digests', () => {
  for (let account = 1; account < nextAccount(engine.accounts); account += 1) {
    const was = calls.accountSeqOf(account)
    calls.setAccountSeq(account, was + 1)
    assertSeen(`accountSeq ${account}`, digests(), 'business')
    calls.setAccountSeq(account, was)
  }
})

test('book number, trade id and last price of every market are in both digests', () => {
  for (const { market, symbol } of engine.markets) {
    for (const [name, field] of Object.entries(MARKET)) {
      const seen = changed(calls.marketAddress(market), field)
      assertSeen(`${name} of ${symbol}`, seen, 'business')
    }
  }
})

/** What links rows and what only orders by quote amount have, which never stay open. */
const NOT_LOGICAL = new Set(['next', 'level', 'accountNext', 'flags', 'quoteAmount'])

test('every field of every open order is in both digests', () => {
  const slots = openSlots(engine)
  for (const slot of slots.filter((_, at) => at < 2 || at > slots.length - 6)) {
    const rows = [
      { address: calls.orderAddress(slot), fields: Object.entries(ORDER) },
      { address: calls.termsAddress(slot), fields: Object.entries(TERMS) },
    ]
    for (const { address, fields } of rows) {
      for (const [name, field] of fields) {
        if (NOT_LOGICAL.has(name)) continue
        assertSeen(`${name} of slot ${slot}`, changed(address, field), 'business')
      }
    }
    const name = calls.nameAddress(slot)
    if (core.view.bytes[name] === 0) continue
    assertSeen('clientOrderId', changedByte(name + 1), 'business')
  }
})

test('every flag of an open order is in both digests', () => {
  const address = calls.orderAddress(openSlots(engine).at(-1) ?? 0)
  const { side, type, timeInForce, postOnly, selfTrade } = FLAGS
  for (const bit of [side, type, timeInForce, postOnly, selfTrade]) {
    const isSet = (readField(core, address, ORDER.flags) >>> bit) & 1
    const by = isSet === 1 ? -(1 << bit) : 1 << bit
    assertSeen(`flag ${bit}`, changed(address, ORDER.flags, by), 'business')
  }
})

test('every field of every remembered outcome is in the full digest', () => {
  for (let count = calls.outcomesFirst(); count < calls.outcomesNext(); count += 1) {
    const row = calls.outcomeAddress(count)
    for (const [name, field] of Object.entries(OUTCOME)) {
      assertSeen(`${name} of outcome ${count}`, changed(row, field), 'memory')
    }
    for (let byte = 0; byte < 24; byte += 1) {
      assertSeen('a hash', changedByte(row + OUTCOME_HASH_AT + byte), 'memory')
    }
    const seen = changedByte(row + 1)
    assert.notEqual(seen.full, before.full, 'the id of an outcome is in the full digest')
  }
  const was = calls.evictedSentAt()
  calls.setEvictedSentAt(was + 1)
  assertSeen('the window', digests(), 'memory')
  calls.setEvictedSentAt(was)
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
      const seen = digests()
      undo()
      assertSeen(`${what}.${name}`, seen, 'business')
    }
  }
}

test('every field of assets, markets, accounts and the chain is in both digests', () => {
  assertAllSeen('asset', engine.assets)
  assertAllSeen('market', engine.markets)
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
  assertSeen('a credit', digests(), 'business')
  engine.credits.delete('another')
  assert.equal(digestOf(engine), before.full, 'put back')
})

/** What only serves speed or one command, and why it may be left out. */
const DERIVED: Readonly<Record<string, string>> = {
  clock: 'a view of the core',
  outcome: 'what the last command came to: the reply carries it',
  events: 'what the last commands told: the outbox has it',
}
const LOGICAL = [
  'core',
  'assets',
  'markets',
  'accounts',
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
