// Image: the engine's state as plain rows, for views that start from it and for tests.
//
// Rows are ascending: balances by account and asset (empty ones left out), orders by id.

import { asUnit, feeRoundedUp } from '#kernel/amount.ts'
import { asId, EXIT_ID_FIRST } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { FIRST_CUSTOMER, nextAccount } from './accounts.ts'
import { ORDER_TYPES, SELF_TRADES, SIDES, TIMES_IN_FORCE } from './codec/choices.ts'
import { choice, takeLatin1 } from './codec/fields.ts'
import { byteAt } from './codec/words.ts'
import { CLOSED, FROZEN, marksOf } from './commands/account-states.ts'
import type { BalanceRow, EngineImage, OpenOrder } from './image.ts'
import { imageMarketOf } from './market-state.ts'
import {
  bracketRows,
  extraNumbers,
  imageExtraOf,
  isSet,
  orderReader,
  timerRows,
} from './order-state.ts'
import { FLAGS, MARKET, ORDER, PAID, readField } from './rows.ts'
import type { Engine } from './state.ts'
import { volumeRows } from './volumes.ts'

/** What a follower would know after folding every event so far. */
export function imageOf(engine: Engine): EngineImage {
  const { clock, accounts, core } = engine
  return {
    seq: clock.seq,
    time: asMicros(clock.time),
    eventNo: clock.eventNo,
    chainInstance: engine.chain.instance,
    assets: engine.assets.map((row) => ({ ...row })),
    markets: engine.markets.map((row) => ({
      ...row,
      ...countersOf(engine, row.market),
      ...imageMarketOf(engine, row.market),
    })),
    accounts: accounts.rows.map((row) => ({
      ...row,
      accountSeq: core.calls.accountSeqOf(row.account),
      frozen: (marksOf(engine, row.account) & FROZEN) !== 0,
      closed: (marksOf(engine, row.account) & CLOSED) !== 0,
    })),
    balances: balanceRows(engine),
    orders: openSlots(engine).map((slot) => orderRow(engine, slot)),
    withdrawals: [...engine.withdrawals.values()].map((row) => ({ ...row })),
    brackets: bracketRows(engine).map(({ entryId, exitId, uncovered }) => ({
      entryOrderId: asId(entryId),
      exitOrderId: asId(exitId),
      uncovered: asUnit(uncovered),
    })),
    deadMans: timerRows(engine).map(({ account, key, dueAt }) => ({
      account: asId(account),
      key: key >>> 0,
      dueAt: asMicros(dueAt),
    })),
    volumes: volumeRows(engine),
  }
}

/** Book number, trade id and last price of a market. */
export function countersOf({ core }: Engine, market: number) {
  const row = core.calls.marketAddress(market)
  return {
    bookNumber: readField(core, row, MARKET.bookNumber),
    lastTradeId: readField(core, row, MARKET.lastTradeId),
    lastPrice: readField(core, row, MARKET.lastPrice),
  }
}

/** Slots of all open orders, by account and in the order in which they were opened. */
export function slotsByAccount({ accounts, core }: Engine): number[] {
  const { calls } = core
  const slots: number[] = []
  for (let account = FIRST_CUSTOMER; account < nextAccount(accounts); account += 1) {
    let slot = calls.firstOpen(account)
    while (slot !== 0) {
      slots.push(slot)
      slot = readField(core, calls.orderAddress(slot), ORDER.accountNext)
    }
  }
  return slots
}

/** Slots of all open orders, ascending by order id. */
export function openSlots(engine: Engine): number[] {
  const { core } = engine
  const idOf = (slot: number) => readField(core, core.calls.orderAddress(slot), ORDER.id)
  return slotsByAccount(engine).sort((a, b) => idOf(a) - idOf(b))
}

/** The clientOrderId of an order. */
export function callerIdOf({ core }: Engine, slot: number): string {
  const bytes = core.view.bytes.subarray(core.calls.nameAddress(slot))
  return takeLatin1(bytes, 1, byteAt(bytes, 0))
}

function balanceRows({ accounts, assets, core }: Engine): BalanceRow[] {
  const rows: BalanceRow[] = []
  for (let account = 0; account < nextAccount(accounts); account += 1) {
    for (const { asset } of assets) {
      const cash = core.calls.cashOf(account, asset)
      const held = core.calls.heldOf(account, asset)
      if (cash === 0 && held === 0) continue
      rows.push({ account: asId(account), asset, cash: asUnit(cash), held: asUnit(held) })
    }
  }
  return rows
}

function orderRow(engine: Engine, slot: number): OpenOrder {
  const { order, terms } = orderReader(engine, slot)
  const flags = order('flags')
  const { timeInForce } = shapeOf(flags)
  const [makerRate, takerRate] = [terms('makerRate'), terms('takerRate')]
  const [makerNotional, takerNotional] = [order('makerNotional'), terms('takerNotional')]
  return {
    orderId: asId(order('id')),
    account: asId(order('account')),
    ...shapeOf(flags),
    price: asUnit(order('price')),
    size: asUnit(terms('size')),
    quoteAmount: asUnit(terms('quoteAmount')),
    makerRate: asUnit(makerRate),
    takerRate: asUnit(takerRate),
    clientOrderId: callerIdOf(engine, slot),
    remaining: asUnit(order('remaining')),
    traded: asUnit(terms('size') - order('remaining') - terms('reducedBy')),
    quoteTraded: asUnit(makerNotional + takerNotional),
    fee: asUnit(feeOf(engine, slot)),
    resting: order('level') !== 0,
    ...imageExtraOf(engine, slot, (flags >>> FLAGS.type) & 7, timeInForce === 'GTD'),
    entryOrderId: asId(order('id') >= EXIT_ID_FIRST ? order('id') - EXIT_ID_FIRST : 0),
    armed: isSet(flags, FLAGS.armed),
    triggered: isSet(flags, FLAGS.triggered),
    shown: asUnit(order('level') === 0 ? 0 : shownOf(engine, slot)),
    held: asUnit(order('held')),
    createdAt: asMicros(terms('createdAt')),
    updatedAt: asMicros(terms('updatedAt')),
  }
}

function shownOf(engine: Engine, slot: number): number {
  const { order } = orderReader(engine, slot)
  const isIceberg = isSet(order('flags'), FLAGS.iceberg)
  return isIceberg ? (extraNumbers(engine, slot)?.shown ?? 0) : order('remaining')
}

/** What an order was charged so far: derived from what it traded unless it is stored. */
function feeOf(engine: Engine, slot: number): number {
  const { order, terms } = orderReader(engine, slot)
  const { core } = engine
  if (((order('flags') >>> FLAGS.feesStored) & 1) !== 0) {
    return readField(core, core.calls.paidAddress(slot), PAID.fee)
  }
  const asMaker = feeRoundedUp(order('makerNotional'), terms('makerRate'))
  return asMaker + feeRoundedUp(terms('takerNotional'), terms('takerRate'))
}

/** What a command said of an order, from its flags. */
export function shapeOf(flags: number) {
  return {
    market: asId<OpenOrder['market']>(flags & FLAGS.marketMask),
    side: choice(SIDES, (flags >>> FLAGS.side) & 1),
    type: choice(ORDER_TYPES, (flags >>> FLAGS.type) & 7),
    timeInForce: choice(TIMES_IN_FORCE, (flags >>> FLAGS.timeInForce) & 7),
    postOnly: ((flags >>> FLAGS.postOnly) & 1) !== 0,
    selfTrade: choice(SELF_TRADES, (flags >>> FLAGS.selfTrade) & 3),
  }
}
