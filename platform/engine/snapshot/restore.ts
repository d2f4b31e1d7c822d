// Restore: rows of a snapshot back into an empty engine, section after section.
//
// Levels are filled in the order in which orders came to rest, so that time priority is what it
// was.

import { rowOf } from '../accounts.ts'
import { ORDER_TYPES, SELF_TRADES, SIDES, TIMES_IN_FORCE } from '../codec/choices.ts'
import { putLatin1 } from '../codec/fields.ts'
import { put64 } from '../codec/words.ts'
import { CLOSED, close } from '../commands/account-states.ts'
import { putAsking } from '../duplicates.ts'
import { restoreMarketState } from '../market-state.ts'
import { CLOCK_WORD, FLAGS, MARKET, ORDER, PAID, readField, TERMS, writeField } from '../rows.ts'
import { addAccount, addMarket, type Engine } from '../state.ts'
import { restoreVolume } from '../volumes.ts'
import { ORDER_RESTORERS } from './restore-orders.ts'
import type { OrderRow, OutcomeRow, SectionName, Sections } from './rows.ts'

type Restorers = { readonly [S in SectionName]: (engine: Engine, row: Sections[S]) => void }

export const RESTORERS: Restorers = {
  clock: ({ core }, row) => {
    const { i32 } = core.view
    for (const name of ['seq', 'time', 'eventNo'] as const) {
      put64(i32, core.clockWord + CLOCK_WORD[name], row[name])
    }
  },
  chain: ({ chain }, { instance }) => {
    chain.instance = instance
  },
  assets: ({ assets }, row) => {
    assets.push(row)
  },
  markets: (engine, { bookNumber, lastTradeId, lastPrice, ...row }) => {
    addMarket(engine, row)
    const at = engine.core.calls.marketAddress(row.market)
    writeField(engine.core, at, MARKET.bookNumber, bookNumber)
    writeField(engine.core, at, MARKET.lastTradeId, lastTradeId)
    writeField(engine.core, at, MARKET.lastPrice, lastPrice)
  },
  rules: (engine, { market, ...state }) => {
    restoreMarketState(engine, market, state)
  },
  accounts: addAccount,
  marks: restoreMarks,
  accountSeqs: ({ core }, { account, accountSeq }) => {
    core.calls.setAccountSeq(account, accountSeq)
  },
  balances: ({ core }, { account, asset, cash, held }) => {
    core.calls.setBalance(account, asset, cash, held)
  },
  volumes: restoreVolume,
  orders: restoreOrder,
  paid: restorePaid,
  ...ORDER_RESTORERS,
  withdrawals: ({ withdrawals }, row) => {
    withdrawals.set(row.withdrawalId, { ...row })
  },
  withdrawalIds: ({ withdrawalIds }, { key, seq, bodyHash }) => {
    withdrawalIds.set(key, { seq, bodyHash })
  },
  credits: ({ credits }, { key }) => {
    credits.add(key)
  },
  window: ({ core }, { evictedSentAt }) => {
    core.calls.setEvictedSentAt(evictedSentAt)
  },
  outcomes: restoreOutcome,
}

function restoreOrder({ core }: Engine, row: OrderRow): void {
  const { calls } = core
  const slot = calls.takeSlot()
  const put = <F extends string>(
    at: number,
    fields: Readonly<Record<F, { readonly at: number; readonly bytes: 4 | 8 }>>,
    values: Readonly<Partial<Record<F, number>>>,
  ) => {
    // Object.keys forgets that the keys are names of fields.
    for (const name of Object.keys(values) as F[]) {
      writeField(core, at, fields[name], values[name] ?? 0)
    }
  }
  const { remaining, held, makerNotional, account, price } = row
  const flags = flagsOf(row)
  const matched = { id: row.orderId, remaining, held, makerNotional, account, price, flags }
  put(calls.orderAddress(slot), ORDER, matched)
  const { takerNotional, size, reducedBy, createdAt, updatedAt, priority } = row
  const { makerRate, takerRate } = row
  const traded = { takerNotional, size, reducedBy, makerRate, takerRate }
  put(calls.termsAddress(slot), TERMS, { ...traded, createdAt, updatedAt, priority })
  const id = core.view.bytes.subarray(calls.nameAddress(slot))
  id[0] = row.clientOrderId.length
  putLatin1(id, 1, row.clientOrderId)
  calls.adoptOrder(slot)
}

function restoreMarks(engine: Engine, { account, marks }: Sections['marks']): void {
  const row = rowOf(engine.accounts, account)
  if (row !== undefined && (marks & CLOSED) !== 0) close(engine, row, marks)
  else engine.core.calls.setMarks(account, marks)
}

function restorePaid({ core }: Engine, row: Sections['paid']): void {
  const { calls } = core
  const slot = calls.slotById(row.orderId)
  const order = calls.orderAddress(slot)
  const bits = (1 << FLAGS.feesStored) | (row.inBase ? 1 << FLAGS.feeInBase : 0)
  writeField(core, order, ORDER.flags, readField(core, order, ORDER.flags) | bits)
  const paid = calls.paidAddress(slot)
  writeField(core, paid, PAID.fee, row.fee)
  writeField(core, paid, PAID.makerBase, row.makerBase)
  writeField(core, paid, PAID.takerBase, row.takerBase)
}

function flagsOf(row: OrderRow): number {
  return (
    row.market |
    (SIDES.indexOf(row.side) << FLAGS.side) |
    (ORDER_TYPES.indexOf(row.type) << FLAGS.type) |
    (TIMES_IN_FORCE.indexOf(row.timeInForce) << FLAGS.timeInForce) |
    ((row.postOnly ? 1 : 0) << FLAGS.postOnly) |
    (SELF_TRADES.indexOf(row.selfTrade) << FLAGS.selfTrade) |
    (1 << FLAGS.stays)
  )
}

function restoreOutcome({ core }: Engine, row: OutcomeRow): void {
  putAsking(core, row)
  core.calls.restoreOutcome(row.who, row.seq, row.time, row.code)
}
