// Restore: rows of a snapshot back into an empty engine, section after section.
//
// Levels are filled in the order in which orders came to rest, so that time priority is what it
// was.

import { ORDER_TYPES, SELF_TRADES, SIDES, TIMES_IN_FORCE } from '../codec/choices.ts'
import { WORD } from '../codec/commands.ts'
import { putLatin1 } from '../codec/fields.ts'
import { put64 } from '../codec/words.ts'
import { numAt } from '../columns.ts'
import { addAccount } from '../ledger/accounts.ts'
import { cellOf, growBalances } from '../ledger/balances.ts'
import { restInBook, sideOfBook } from '../matching/book.ts'
import { marketAt } from '../matching/cancel.ts'
import { openOrder } from '../matching/open-orders.ts'
import * as order from '../matching/orders.ts'
import { ask, remember } from '../outcomes.ts'
import {
  addMarket,
  BOOK_NUMBER,
  type Engine,
  EVENT_NO,
  LAST_PRICE,
  LAST_TRADE_ID,
  SEQ,
  TIME,
} from '../state.ts'
import type { OrderRow, OutcomeRow, SectionName, Sections } from './rows.ts'

type Restorers = { readonly [S in SectionName]: (engine: Engine, row: Sections[S]) => void }

export const RESTORERS: Restorers = {
  clock: ({ clock }, { seq, time, eventNo }) => {
    clock[SEQ] = seq
    clock[TIME] = time
    clock[EVENT_NO] = eventNo
  },
  chain: ({ chain }, { instance }) => {
    chain.instance = instance
  },
  assets: ({ assets }, row) => {
    assets.push(row)
  },
  markets: (engine, { bookNumber, lastTradeId, lastPrice, ...row }) => {
    const { counters } = addMarket(engine, row)
    counters[BOOK_NUMBER] = bookNumber
    counters[LAST_TRADE_ID] = lastTradeId
    counters[LAST_PRICE] = lastPrice
  },
  accounts: (engine, row) => {
    growBalances(engine.balances, row.account)
    addAccount(engine.accounts, row)
  },
  accountSeqs: ({ accounts }, { account, accountSeq }) => {
    accounts.accountSeq[account] = accountSeq
  },
  balances: ({ balances }, { account, asset, cash, held }) => {
    balances.cash[cellOf(account, asset)] = cash
    balances.held[cellOf(account, asset)] = held
  },
  orders: restoreOrder,
  withdrawals: ({ withdrawals }, row) => {
    withdrawals.set(row.withdrawalId, { ...row })
  },
  withdrawalIds: ({ withdrawalIds }, { key, seq, bodyHash }) => {
    withdrawalIds.set(key, { seq, bodyHash })
  },
  credits: ({ credits }, { key }) => {
    credits.add(key)
  },
  window: ({ outcomes }, { evictedSentAt }) => {
    outcomes.evicted[0] = evictedSentAt
  },
  outcomes: restoreOutcome,
}

/** Puts the orders that stood in books back, in the order in which they came to rest. */
export function restoreBooks(engine: Engine): void {
  const { orders } = engine
  const priorityOf = (slot: number) =>
    numAt(orders.cold.f64, slot * order.COLD_NUMS + order.PRIORITY)
  const slots = Array.from({ length: orders.used - 1 }, (_, at) => at + 1)
  const resting = slots.filter((slot) => !order.isDraining(orders, slot))
  for (const slot of resting.sort((a, b) => priorityOf(a) - priorityOf(b))) {
    const { book } = marketAt(engine, slot)
    restInBook(engine, sideOfBook(book, order.sideOf(orders, slot)), slot)
  }
}

function restoreOrder(engine: Engine, row: OrderRow): void {
  const { orders } = engine
  const slot = order.takeSlot(orders)
  const { hot, cold } = orders
  const hotNums = { [order.ID]: row.orderId, [order.REMAINING]: row.remaining }
  const held = { [order.HELD]: row.held, [order.MAKER_NOTIONAL]: row.makerNotional }
  putCells(hot.f64, slot * order.HOT_NUMS, { ...hotNums, ...held })
  const hotInts = { [order.ACCOUNT]: row.account, [order.PRICE]: row.price }
  putCells(hot.i32, slot * order.HOT_INTS, { ...hotInts, [order.FLAGS]: flagsOf(row) })
  putCells(cold.f64, slot * order.COLD_NUMS, {
    [order.TAKER_NOTIONAL]: row.takerNotional,
    [order.SIZE]: row.size,
    [order.REDUCED_BY]: row.reducedBy,
    [order.QUOTE_AMOUNT]: 0,
    [order.CREATED_AT]: row.createdAt,
    [order.UPDATED_AT]: row.updatedAt,
    [order.PRIORITY]: row.priority,
  })
  const rates = { [order.MAKER_RATE]: row.makerRate, [order.TAKER_RATE]: row.takerRate }
  putCells(cold.i32, slot * order.COLD_INTS, rates)
  const id = new Uint8Array(cold.i32.buffer, 4 * (slot * order.COLD_INTS + order.CALLER_ID))
  id[0] = row.clientOrderId.length
  putLatin1(id, 1, row.clientOrderId)
  openOrder(engine, slot)
  order.indexSlot(orders, slot)
  if (row.draining) order.park(orders, slot)
}

function putCells(
  column: Int32Array | Float64Array,
  from: number,
  cells: Readonly<Record<number, number>>,
): void {
  for (const [cell, value] of Object.entries(cells)) column[from + Number(cell)] = value
}

function flagsOf(row: OrderRow): number {
  return (
    row.market |
    (SIDES.indexOf(row.side) << order.SIDE_BIT) |
    (ORDER_TYPES.indexOf(row.type) << order.TYPE_BIT) |
    (TIMES_IN_FORCE.indexOf(row.timeInForce) << order.TIME_IN_FORCE_BIT) |
    ((row.postOnly ? 1 : 0) << order.POST_ONLY_BIT) |
    (SELF_TRADES.indexOf(row.selfTrade) << order.SELF_TRADE_BIT)
  )
}

function restoreOutcome(engine: Engine, row: OutcomeRow): void {
  const { bytes, i32 } = engine.asking
  i32.fill(0)
  bytes[4 * WORD.callerId] = row.id.length
  putLatin1(bytes, 4 * WORD.callerId + 1, row.id)
  putLatin1(bytes, 4 * WORD.bodyHash, row.bodyHash)
  put64(i32, WORD.sentAt, row.sentAt)
  ask(engine.outcomes, row.who, i32, 0)
  remember(engine.outcomes, Float64Array.of(row.seq, row.time), row.code)
}
