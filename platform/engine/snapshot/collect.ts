// Collect: the rows of every section, out of the engine's state.
//
// Lazy where there may be a million of them. What is collected here is exactly what restore.ts puts
// back.

import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { ORDER_TYPES, SELF_TRADES, SIDES, TIMES_IN_FORCE } from '../codec/choices.ts'
import { choice, takeLatin1 } from '../codec/fields.ts'
import { byteAt } from '../codec/words.ts'
import { intAt, numAt } from '../columns.ts'
import { callerIdOf, openSlots } from '../image-of.ts'
import { nextAccount } from '../ledger/accounts.ts'
import { cellOf } from '../ledger/balances.ts'
import { ASSETS_MAX } from '../limits.ts'
import * as order from '../matching/orders.ts'
import {
  CODE,
  ENTRY_INTS,
  ENTRY_NUMS,
  ENTRY_SENT_AT,
  ENTRY_SEQ,
  ENTRY_TIME,
  entries,
  HASH_LENGTH,
  HASH_WORDS,
  ID_WORDS,
  WHO,
} from '../outcomes.ts'
import {
  BOOK_NUMBER,
  type Engine,
  EVENT_NO,
  LAST_PRICE,
  LAST_TRADE_ID,
  SEQ,
  TIME,
} from '../state.ts'
import type { OrderRow, OutcomeRow, SectionName, Sections } from './rows.ts'

type Collectors = { readonly [S in SectionName]: (engine: Engine) => Iterable<Sections[S]> }

export const COLLECTORS: Collectors = {
  clock: ({ clock }) => [
    { seq: numAt(clock, SEQ), time: numAt(clock, TIME), eventNo: numAt(clock, EVENT_NO) },
  ],
  chain: ({ chain }) => [{ instance: chain.instance }],
  assets: ({ assets }) => assets,
  markets: ({ markets }) =>
    markets.map(({ row, counters }) => ({
      ...row,
      bookNumber: numAt(counters, BOOK_NUMBER),
      lastTradeId: numAt(counters, LAST_TRADE_ID),
      lastPrice: numAt(counters, LAST_PRICE),
    })),
  accounts: ({ accounts }) => accounts.rows,
  accountSeqs,
  balances,
  orders: function* (engine) {
    for (const slot of openSlots(engine)) yield orderRow(engine, slot)
  },
  withdrawals: ({ withdrawals }) => withdrawals.values(),
  withdrawalIds: function* ({ withdrawalIds }) {
    for (const [key, { seq, bodyHash }] of withdrawalIds) yield { key, seq, bodyHash }
  },
  credits: function* ({ credits }) {
    for (const key of credits) yield { key }
  },
  window: ({ outcomes }) => [{ evictedSentAt: numAt(outcomes.evicted, 0) }],
  outcomes: function* (engine) {
    for (const row of entries(engine.outcomes)) yield outcomeRow(engine, row)
  },
}

function* accountSeqs({ accounts }: Engine): Iterable<Sections['accountSeqs']> {
  for (let account = 0; account < nextAccount(accounts); account += 1) {
    const accountSeq = numAt(accounts.accountSeq, account)
    if (accountSeq !== 0) yield { account: asId(account), accountSeq }
  }
}

function* balances({ accounts, balances }: Engine): Iterable<Sections['balances']> {
  for (let cell = 0; cell < cellOf(nextAccount(accounts), 0); cell += 1) {
    const cash = numAt(balances.cash, cell)
    const held = numAt(balances.held, cell)
    if (cash === 0 && held === 0) continue
    const account = Math.floor(cell / ASSETS_MAX)
    const amounts = { cash: asUnit<Sections['balances']['cash']>(cash), held: asUnit<never>(held) }
    yield { account: asId(account), asset: asId(cell % ASSETS_MAX), ...amounts }
  }
}

function orderRow(engine: Engine, slot: number): OrderRow {
  const { hot, cold } = engine.orders
  const num = (cell: number) => numAt(hot.f64, slot * order.HOT_NUMS + cell)
  const int = (cell: number) => intAt(hot.i32, slot * order.HOT_INTS + cell)
  const coldNum = (cell: number) => numAt(cold.f64, slot * order.COLD_NUMS + cell)
  const coldInt = (cell: number) => intAt(cold.i32, slot * order.COLD_INTS + cell)
  return {
    orderId: asId(num(order.ID)),
    account: asId(int(order.ACCOUNT)),
    ...shapeOf(int(order.FLAGS)),
    price: int(order.PRICE),
    makerRate: coldInt(order.MAKER_RATE),
    takerRate: coldInt(order.TAKER_RATE),
    size: coldNum(order.SIZE),
    remaining: num(order.REMAINING),
    reducedBy: coldNum(order.REDUCED_BY),
    held: num(order.HELD),
    makerNotional: num(order.MAKER_NOTIONAL),
    takerNotional: coldNum(order.TAKER_NOTIONAL),
    priority: coldNum(order.PRIORITY),
    createdAt: coldNum(order.CREATED_AT),
    updatedAt: coldNum(order.UPDATED_AT),
    clientOrderId: callerIdOf(engine, slot),
  }
}

function shapeOf(flags: number) {
  return {
    market: asId<OrderRow['market']>(flags & 0xff),
    side: choice(SIDES, (flags >>> order.SIDE_BIT) & 1),
    type: choice(ORDER_TYPES, (flags >>> order.TYPE_BIT) & 1),
    timeInForce: choice(TIMES_IN_FORCE, (flags >>> order.TIME_IN_FORCE_BIT) & 3),
    postOnly: ((flags >>> order.POST_ONLY_BIT) & 1) !== 0,
    selfTrade: choice(SELF_TRADES, (flags >>> order.SELF_TRADE_BIT) & 3),
    draining: (flags & order.DRAINING_FLAG) !== 0,
  }
}

function outcomeRow({ outcomes }: Engine, row: number): OutcomeRow {
  const { i32, f64 } = outcomes.rows
  const bytes = new Uint8Array(i32.buffer, row * ENTRY_INTS * 4, ENTRY_INTS * 4)
  return {
    who: intAt(i32, row * ENTRY_INTS + WHO),
    id: takeLatin1(bytes, 4 * ID_WORDS + 1, byteAt(bytes, 4 * ID_WORDS)),
    bodyHash: takeLatin1(bytes, 4 * HASH_WORDS, 4 * HASH_LENGTH),
    code: intAt(i32, row * ENTRY_INTS + CODE),
    seq: numAt(f64, row * ENTRY_NUMS + ENTRY_SEQ),
    sentAt: numAt(f64, row * ENTRY_NUMS + ENTRY_SENT_AT),
    time: numAt(f64, row * ENTRY_NUMS + ENTRY_TIME),
  }
}
