// Image: the engine's state as plain rows, for views that start from it and for tests.
//
// Rows are ascending: balances by account and asset (empty ones left out), orders by id.

import { asUnit, feeRoundedUp } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { ORDER_TYPES, SELF_TRADES, SIDES, TIMES_IN_FORCE } from './codec/choices.ts'
import { NO_EXTRA } from './codec/extra.ts'
import { choice, takeLatin1 } from './codec/fields.ts'
import { byteAt } from './codec/words.ts'
import { intAt, numAt } from './columns.ts'
import type { BalanceRow, EngineImage, OpenOrder } from './image.ts'
import { FIRST_CUSTOMER, nextAccount } from './ledger/accounts.ts'
import { cellOf } from './ledger/balances.ts'
import {
  ACCOUNT,
  ACCOUNT_NEXT,
  CALLER_ID,
  COLD_INTS,
  COLD_NUMS,
  CREATED_AT,
  FLAGS,
  HELD,
  HOT_INTS,
  HOT_NUMS,
  ID,
  LEVEL,
  MAKER_NOTIONAL,
  MAKER_RATE,
  POST_ONLY_BIT,
  PRICE,
  QUOTE_AMOUNT,
  REDUCED_BY,
  REMAINING,
  SELF_TRADE_BIT,
  SIDE_BIT,
  SIZE,
  TAKER_NOTIONAL,
  TAKER_RATE,
  TIME_IN_FORCE_BIT,
  TYPE_BIT,
  UPDATED_AT,
} from './matching/orders.ts'
import {
  BOOK_NUMBER,
  type Engine,
  EVENT_NO,
  LAST_PRICE,
  LAST_TRADE_ID,
  type MarketRow,
  SEQ,
  TIME,
} from './state.ts'

/** What a follower would know after folding every event so far. */
export function imageOf(engine: Engine): EngineImage {
  const { clock, accounts } = engine
  return {
    seq: numAt(clock, SEQ),
    time: asMicros(numAt(clock, TIME)),
    eventNo: numAt(clock, EVENT_NO),
    chainInstance: engine.chain.instance,
    assets: engine.assets.map((row) => ({ ...row })),
    markets: engine.markets.map(({ row, counters }) => ({
      ...row,
      bookNumber: numAt(counters, BOOK_NUMBER),
      lastTradeId: numAt(counters, LAST_TRADE_ID),
      lastPrice: numAt(counters, LAST_PRICE),
      ...plainMarket(row),
    })),
    accounts: accounts.rows.map((row) => ({
      ...row,
      accountSeq: numAt(accounts.accountSeq, row.account),
      frozen: false,
      closed: false,
    })),
    balances: balanceRows(engine),
    orders: openSlots(engine).map((slot) => orderRow(engine, slot)),
    withdrawals: [...engine.withdrawals.values()].map((row) => ({ ...row })),
    brackets: [],
    deadMans: [],
    volumes: [],
  }
}

/** Slots of all open orders, ascending by order id. */
export function openSlots({ accounts, orders }: Engine): number[] {
  const slots: number[] = []
  for (let account = FIRST_CUSTOMER; account < nextAccount(accounts); account += 1) {
    let slot = intAt(accounts.openHead, account)
    while (slot !== 0) {
      slots.push(slot)
      slot = intAt(orders.hot.i32, slot * HOT_INTS + ACCOUNT_NEXT)
    }
  }
  const idOf = (slot: number) => numAt(orders.hot.f64, slot * HOT_NUMS + ID)
  return slots.sort((a, b) => idOf(a) - idOf(b))
}

/** The clientOrderId of an order. */
export function callerIdOf({ orders }: Engine, slot: number): string {
  const { buffer } = orders.cold.i32
  const bytes = new Uint8Array(buffer, 4 * (slot * COLD_INTS + CALLER_ID))
  return takeLatin1(bytes, 1, byteAt(bytes, 0))
}

function balanceRows({ accounts, assets, balances }: Engine): BalanceRow[] {
  const rows: BalanceRow[] = []
  for (let account = 0; account < nextAccount(accounts); account += 1) {
    for (const { asset } of assets) {
      const cell = cellOf(account, asset)
      const cash = numAt(balances.cash, cell)
      const held = numAt(balances.held, cell)
      if (cash === 0 && held === 0) continue
      rows.push({ account: asId(account), asset, cash: asUnit(cash), held: asUnit(held) })
    }
  }
  return rows
}

function orderRow(engine: Engine, slot: number): OpenOrder {
  const { hot, cold } = engine.orders
  const num = (cell: number) => numAt(hot.f64, slot * HOT_NUMS + cell)
  const int = (cell: number) => intAt(hot.i32, slot * HOT_INTS + cell)
  const coldNum = (cell: number) => numAt(cold.f64, slot * COLD_NUMS + cell)
  const makerRate = intAt(cold.i32, slot * COLD_INTS + MAKER_RATE)
  const takerRate = intAt(cold.i32, slot * COLD_INTS + TAKER_RATE)
  const [makerNotional, takerNotional] = [num(MAKER_NOTIONAL), coldNum(TAKER_NOTIONAL)]
  return {
    orderId: asId(num(ID)),
    account: asId(int(ACCOUNT)),
    ...shapeOf(int(FLAGS)),
    price: asUnit(int(PRICE)),
    size: asUnit(coldNum(SIZE)),
    quoteAmount: asUnit(coldNum(QUOTE_AMOUNT)),
    makerRate: asUnit(makerRate),
    takerRate: asUnit(takerRate),
    clientOrderId: callerIdOf(engine, slot),
    remaining: asUnit(num(REMAINING)),
    traded: asUnit(coldNum(SIZE) - num(REMAINING) - coldNum(REDUCED_BY)),
    quoteTraded: asUnit(makerNotional + takerNotional),
    fee: asUnit(feeRoundedUp(makerNotional, makerRate) + feeRoundedUp(takerNotional, takerRate)),
    resting: int(LEVEL) !== 0,
    ...PLAIN_ORDER,
    shown: asUnit(int(LEVEL) === 0 ? 0 : num(REMAINING)),
    held: asUnit(num(HELD)),
    createdAt: asMicros(coldNum(CREATED_AT)),
    updatedAt: asMicros(coldNum(UPDATED_AT)),
  }
}

// What no order and no market of this engine has yet.
const PLAIN_ORDER = {
  extra: NO_EXTRA,
  entryOrderId: asId<OpenOrder['orderId']>(0),
  armed: false,
  trigger: asUnit<OpenOrder['price']>(0),
  triggered: false,
  expireAt: asMicros(0),
} as const

function plainMarket({ minNotional, makerRate, takerRate }: MarketRow) {
  const prices = { minNotional, collarBps: 0, bandBps: 0, bandWindowUs: 0 }
  const times = { haltUs: 0, auctionUs: 0, sessionOpenUs: 0, sessionCloseUs: 0 }
  return {
    mark: 0,
    rules: { ...prices, ...times },
    tiers: [{ minNotional: asUnit<BalanceRow['cash']>(0), makerRate, takerRate }],
    delisted: false,
    phase: 'continuous',
    endsAt: asMicros(0),
    next: 'continuous',
    uncrossPrice: 0,
    indicative: { price: 0, volume: 0 },
  } as const
}

function shapeOf(flags: number) {
  return {
    market: asId<OpenOrder['market']>(flags & 0xff),
    side: choice(SIDES, (flags >>> SIDE_BIT) & 1),
    type: choice(ORDER_TYPES, (flags >>> TYPE_BIT) & 1),
    timeInForce: choice(TIMES_IN_FORCE, (flags >>> TIME_IN_FORCE_BIT) & 3),
    postOnly: ((flags >>> POST_ONLY_BIT) & 1) !== 0,
    selfTrade: choice(SELF_TRADES, (flags >>> SELF_TRADE_BIT) & 3),
  }
}
