// Collect: the rows of every section, out of the engine's state.
//
// Lazy where there may be a million of them. What is collected here is exactly what restore.ts puts
// back.

import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { nextAccount } from '../accounts.ts'
import { takeLatin1 } from '../codec/fields.ts'
import { byteAt } from '../codec/words.ts'
import { callerIdOf, countersOf, openSlots, shapeOf, slotsByAccount } from '../image-of.ts'
import { marketStateOf } from '../market-state.ts'
import { orderReader } from '../order-state.ts'
import { FLAGS, OUTCOME, OUTCOME_HASH_AT, PAID, readField } from '../rows.ts'
import type { Engine } from '../state.ts'
import { volumeDays } from '../volumes.ts'
import { ORDER_COLLECTORS } from './collect-orders.ts'
import type { OrderRow, OutcomeRow, SectionName, Sections } from './rows.ts'

type Collectors = { readonly [S in SectionName]: (engine: Engine) => Iterable<Sections[S]> }

const HASH_BYTES = 24

export const COLLECTORS: Collectors = {
  clock: ({ clock }) => [{ seq: clock.seq, time: clock.time, eventNo: clock.eventNo }],
  chain: ({ chain }) => [{ instance: chain.instance }],
  assets: ({ assets }) => assets,
  markets: (engine) => engine.markets.map((row) => ({ ...row, ...countersOf(engine, row.market) })),
  rules: (engine) =>
    engine.markets.map(({ market }) => ({ market, ...marketStateOf(engine, market) })),
  accounts: ({ accounts }) => accounts.rows,
  marks: function* ({ accounts, core }) {
    for (const { account } of accounts.rows) {
      const marks = core.calls.marksOf(account)
      if (marks !== 0) yield { account, marks }
    }
  },
  accountSeqs,
  balances,
  volumes: volumeDays,
  orders: function* (engine) {
    for (const slot of slotsByAccount(engine)) yield orderRow(engine, slot)
  },
  paid: function* (engine) {
    for (const slot of openSlots(engine)) {
      const flags = orderReader(engine, slot).order('flags')
      if (((flags >>> FLAGS.feesStored) & 1) !== 0) yield paidRow(engine, slot, flags)
    }
  },
  ...ORDER_COLLECTORS,
  withdrawals: ({ withdrawals }) => withdrawals.values(),
  withdrawalIds: function* ({ withdrawalIds }) {
    for (const [key, { seq, bodyHash }] of withdrawalIds) yield { key, seq, bodyHash }
  },
  credits: function* ({ credits }) {
    for (const key of credits) yield { key }
  },
  window: ({ core }) => [{ evictedSentAt: core.calls.evictedSentAt() }],
  outcomes: function* (engine) {
    const { calls } = engine.core
    const next = calls.outcomesNext() >>> 0
    for (let count = calls.outcomesFirst() >>> 0; count !== next; count = (count + 1) >>> 0) {
      yield outcomeRow(engine, calls.outcomeAddress(count))
    }
  },
}

function* accountSeqs({ accounts, core }: Engine): Iterable<Sections['accountSeqs']> {
  for (let account = 0; account < nextAccount(accounts); account += 1) {
    const accountSeq = core.calls.accountSeqOf(account)
    if (accountSeq !== 0) yield { account: asId(account), accountSeq }
  }
}

function* balances({ accounts, assets, core }: Engine): Iterable<Sections['balances']> {
  for (let account = 0; account < nextAccount(accounts); account += 1) {
    for (const { asset } of assets) {
      const cash = core.calls.cashOf(account, asset)
      const held = core.calls.heldOf(account, asset)
      if (cash === 0 && held === 0) continue
      yield { account: asId(account), asset, cash: asUnit(cash), held: asUnit(held) }
    }
  }
}

function orderRow(engine: Engine, slot: number): OrderRow {
  const { order, terms } = orderReader(engine, slot)
  return {
    orderId: asId(order('id')),
    account: asId(order('account')),
    ...shapeOf(order('flags')),
    price: order('price'),
    makerRate: terms('makerRate'),
    takerRate: terms('takerRate'),
    size: terms('size'),
    remaining: order('remaining'),
    reducedBy: terms('reducedBy'),
    held: order('held'),
    makerNotional: order('makerNotional'),
    takerNotional: terms('takerNotional'),
    priority: terms('priority'),
    createdAt: terms('createdAt'),
    updatedAt: terms('updatedAt'),
    clientOrderId: callerIdOf(engine, slot),
  }
}

function paidRow(engine: Engine, slot: number, flags: number): Sections['paid'] {
  const { core } = engine
  const row = core.calls.paidAddress(slot)
  return {
    orderId: asId(orderReader(engine, slot).order('id')),
    inBase: ((flags >>> FLAGS.feeInBase) & 1) !== 0,
    fee: readField(core, row, PAID.fee),
    makerBase: readField(core, row, PAID.makerBase),
    takerBase: readField(core, row, PAID.takerBase),
  }
}

function outcomeRow({ core }: Engine, row: number): OutcomeRow {
  const bytes = core.view.bytes.subarray(row, row + OUTCOME_HASH_AT + HASH_BYTES)
  const field = (name: keyof typeof OUTCOME) => readField(core, row, OUTCOME[name])
  return {
    who: field('who'),
    id: takeLatin1(bytes, 1, byteAt(bytes, 0)),
    bodyHash: takeLatin1(bytes, OUTCOME_HASH_AT, HASH_BYTES),
    code: field('code'),
    seq: field('seq'),
    sentAt: field('sentAt'),
    time: field('time'),
  }
}
