// Projection fold: one event, as changes of the state and rows of the batch.
//
// INV-11: views = fold(events). The same rules as the live views (order-row.ts) plus what only the
// database keeps: ledger entries with their running balance, positions, candles, deposits. The
// cash that the engine reports must equal the sum of our entries, or it is a bug.

import type { Event, EventHeader, EventKind, Fill, Posting } from '#engine/event.ts'
import type { BalanceRow } from '#engine/image.ts'
import { type Amount, asUnit } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import { type AccountId, type AssetId, asId, type OrderId } from '#kernel/ids.ts'
import { MINUTE_US, SECOND_US } from '#kernel/time.ts'
import { type FillRow, fillNotional, fillRow } from './fill-row.ts'
import type { LedgerRow, WithdrawalRow } from './history-rows.ts'
import { openOf } from './interval.ts'
import type { Market } from './listing.ts'
import type { AccountRow } from './live/live-accounts.ts'
import { finalFields, isFinal, requestedWithdrawal } from './live/live-withdrawals.ts'
import { firstTrade, joinTrade } from './live/running-candles.ts'
import {
  changedState,
  listedState,
  type MarketState,
  type MarketStateEvent,
} from './market-state.ts'
import {
  acceptedOrder,
  amendedOrder,
  cancelledOrder,
  filledOrder,
  isFinished,
  type OrderRow,
  openedExit,
  reducedOrder,
  triggeredOrder,
} from './order-row.ts'
import { noPosition, positionAfter } from './positions.ts'
import type { ProjectionBatch } from './projection-batch.ts'
import { balanceKey, candleKey, type ProjectionState, positionKey } from './projection-state.ts'
import { storedMarket } from './stored-market.ts'

/** The system account that fees are credited to. */
const FEES_ACCOUNT = asId<AccountId>(2)

type Stamped<T> = T & EventHeader
type Fold = { readonly state: ProjectionState; readonly batch: ProjectionBatch }
type FoldOf<K extends EventKind> = (fold: Fold, event: Extract<Event, { kind: K }>) => void

const FOLDS: { readonly [K in EventKind]: FoldOf<K> } = {
  accepted: (fold, event) => putOrder(fold, acceptedOrder(event)),
  exitOpened: (fold, event) => putOrder(fold, openedExit(event)),
  fill: foldFill,
  cancelled: (fold, event) => changeOrder(fold, event, cancelledOrder),
  reduced: (fold, event) => changeOrder(fold, event, reducedOrder),
  triggered: (fold, event) => changeOrder(fold, event, triggeredOrder),
  amended: (fold, event) => changeOrder(fold, event, amendedOrder),
  prevented: ({ batch }, event) => void batch.prevented.push({ ...event, at: event.time }),
  balance: foldBalance,
  posting: foldPosting,
  assetListed: ({ state, batch }, event) => {
    state.listing.listAsset(event)
    batch.assets.push(event)
  },
  marketListed: (fold, event) => {
    fold.state.listing.listMarket(event)
    fold.batch.markets.push(event)
    putMarket(fold, listedState(event))
  },
  phaseChanged: foldMarket,
  markSet: foldMarket,
  marketChanged: foldMarket,
  feesSet: foldMarket,
  marketDelisted: foldMarket,
  accountOpened: (fold, event) => putAccount(fold, { ...event, frozen: false, closed: false }),
  accountFrozen: (fold, { account, frozen }) => markAccount(fold, account, { frozen }),
  accountClosed: (fold, { account }) => markAccount(fold, account, { closed: true }),
  deposited: ({ batch }, event) => void batch.deposits.push({ ...event, at: event.time }),
  transferred: ({ batch }, event) => {
    const { seq: id, from: fromAccount, to: toAccount, time: at } = event
    batch.transfers.push({ ...event, id, fromAccount, toAccount, at })
  },
  withdrawalRequested: (fold, event) => putWithdrawal(fold, requestedWithdrawal(event)),
  withdrawalSigned: (fold, event) => {
    changeWithdrawal(fold, event, { status: 'sent', txHash: event.txHash })
  },
  withdrawalSettled: (fold, event) => changeWithdrawal(fold, event, finalFields(event)),
  withdrawalFailed: (fold, event) => changeWithdrawal(fold, event, finalFields(event)),
  // What only a book knows, or only a moment: no row is made of it.
  rested: nothing,
  refreshed: nothing,
  indicative: nothing,
  uncrossed: nothing,
  refused: nothing,
  chainReset: nothing,
  deadManSet: nothing,
  deadManFired: nothing,
}

/** Folds the next event; the state's cursor moves on by one. */
export function foldEvent(fold: Fold, event: Event): void {
  const { cursor } = fold.state
  if (event.eventNo !== cursor.eventNo + 1) {
    assert(false, `INV-09: event ${event.eventNo} is not next`)
  }
  cursor.eventNo = event.eventNo
  cursor.seq = event.seq
  cursor.time = event.time
  const one = FOLDS[event.kind] as FoldOf<EventKind> // The row of its own kind.
  one(fold, event)
}

/**
 * Drops what is over once its batch is written. An order by quote amount may look filled before
 * its command ends, so orders of the last command stay until the next batch.
 */
export function forgetFinished({ state, batch }: Fold): void {
  for (const order of batch.orders.values()) {
    if (isFinished(order) && order.id !== state.cursor.seq) state.orders.delete(order.id)
  }
  for (const row of batch.withdrawals.values()) {
    if (isFinal(row.status)) state.withdrawals.delete(row.id)
  }
}

function foldFill(fold: Fold, event: Stamped<Fill>): void {
  const market = fold.state.listing.market(event.market)
  const notional = fillNotional(event, market.quotePerTickLot)
  const maker = foldSide(fold, event, 'maker', notional)
  const taker = foldSide(fold, event, 'taker', notional)
  const [buyer, seller] = event.takerSide === 'buy' ? [taker, maker] : [maker, taker]
  postFill(fold, market, { buyer, seller })
  foldCandles(fold, event, notional)
}

function foldSide(
  fold: Fold,
  event: Stamped<Fill>,
  liquidity: 'maker' | 'taker',
  notional: Amount,
): FillRow {
  const { state, batch } = fold
  const order = orderOf(fold, liquidity === 'maker' ? event.makerOrderId : event.takerOrderId)
  const fill = fillRow(event, order, liquidity, notional)
  batch.fills.push(fill)
  putOrder(fold, filledOrder(order, event, fill))
  const key = positionKey(fill.account, fill.market)
  const position = positionAfter(state.positions.get(key) ?? noPosition(fill), fill)
  state.positions.set(key, position)
  batch.positions.set(key, position)
  return fill
}

function nothing(): void {}

type Sides = { readonly buyer: FillRow; readonly seller: FillRow }

function postFill(fold: Fold, market: Market, { buyer, seller }: Sides): void {
  const { eventNo, tradeId: reference, at, notional, size } = buyer
  const source = { eventNo, reference, market: market.id, at }
  const baseUnits = size * market.lotUnits
  const [base, quote] = [market.base.id, market.quote.id]
  let leg = 0
  const post = (account: AccountId, asset: AssetId, amount: number, kind: 'trade' | 'fee') => {
    if (amount === 0) return
    postEntry(fold, { ...source, leg, account, asset, amount, kind })
    leg += 1
  }
  post(buyer.account, base, baseUnits, 'trade')
  post(buyer.account, quote, -notional, 'trade')
  post(seller.account, base, -baseUnits, 'trade')
  post(seller.account, quote, notional, 'trade')
  // Only a buyer pays in base, out of what he receives.
  const [baseFee, quoteFee] = buyer.feeInBase ? [buyer.fee, 0] : [0, buyer.fee]
  post(buyer.account, quote, -quoteFee, 'fee')
  post(buyer.account, base, -baseFee, 'fee')
  post(seller.account, quote, -seller.fee, 'fee')
  post(FEES_ACCOUNT, quote, quoteFee + seller.fee, 'fee')
  post(FEES_ACCOUNT, base, baseFee, 'fee')
}

function foldPosting(fold: Fold, event: Stamped<Posting>): void {
  const { eventNo, account, asset, amount, postingKind: kind, reference, time: at } = event
  postEntry(fold, { eventNo, leg: 0, account, asset, amount, kind, reference, market: null, at })
}

function postEntry(fold: Fold, entry: Omit<LedgerRow, 'balance'>): void {
  const before = balanceOf(fold, entry.account, entry.asset)
  const cash = asUnit<Amount>(before.cash + entry.amount)
  putBalance(fold, { ...before, cash })
  fold.batch.ledger.push({ ...entry, balance: cash })
}

function foldBalance(fold: Fold, { account, asset, cash, held }: BalanceRow): void {
  const before = balanceOf(fold, account, asset)
  if (before.cash !== cash) {
    assert(false, `INV-11: account ${account} has ${cash}, its entries ${before.cash}`)
  }
  putBalance(fold, { account, asset, cash, held })
}

function foldCandles({ state, batch }: Fold, event: Stamped<Fill>, notional: number): void {
  const { market, tradeId: id, price, size, takerSide, time: at } = event
  const trade = { market, id, price, size, takerSide, at }
  for (const width of [SECOND_US, MINUTE_US]) {
    const key = candleKey(market, width)
    const openAt = openOf(at, width)
    const running = state.candles.get(key)
    const same = running?.openAt === openAt
    const candle = same ? { ...running } : { ...firstTrade(trade, openAt, notional), width }
    if (same) joinTrade(candle, trade, notional)
    state.candles.set(key, candle)
    batch.candles.set(`${key}/${openAt}`, candle)
  }
}

function foldMarket(fold: Fold, event: Stamped<MarketStateEvent>): void {
  const state = fold.state.markets.get(event.market)
  assert(state !== undefined, `INV-11: market ${event.market} is not known`)
  putMarket(fold, changedState(state, event))
}

function putMarket({ state, batch }: Fold, row: MarketState): void {
  state.markets.set(row.market, row)
  batch.marketStates.set(row.market, storedMarket(row))
}

function putAccount({ state, batch }: Fold, row: AccountRow): void {
  state.accounts.set(row.account, row)
  batch.accounts.set(row.account, row)
}

function markAccount(fold: Fold, account: AccountId, marks: Partial<AccountRow>): void {
  const row = fold.state.accounts.get(account)
  assert(row !== undefined, `INV-11: account ${account} is not known`)
  putAccount(fold, { ...row, ...marks })
}

function changeOrder<E extends EventHeader & { readonly orderId: OrderId }>(
  fold: Fold,
  event: E,
  change: (row: OrderRow, event: E) => OrderRow,
): void {
  putOrder(fold, change(orderOf(fold, event.orderId), event))
}

function orderOf({ state }: Fold, id: OrderId): OrderRow {
  const order = state.orders.get(id)
  if (order === undefined) assert(false, `INV-11: order ${id} is not known`)
  return order
}

function putOrder({ state, batch }: Fold, order: OrderRow): void {
  state.orders.set(order.id, order)
  batch.orders.set(order.id, order)
}

function balanceOf({ state }: Fold, account: AccountId, asset: AssetId): BalanceRow {
  const nothing = asUnit<Amount>(0)
  const none = { account, asset, cash: nothing, held: nothing }
  return state.balances.get(balanceKey(account, asset)) ?? none
}

function putBalance({ state, batch }: Fold, row: BalanceRow): void {
  const key = balanceKey(row.account, row.asset)
  state.balances.set(key, row)
  batch.balances.set(key, row)
}

function changeWithdrawal(
  fold: Fold,
  event: EventHeader & { readonly withdrawalId: OrderId },
  change: Partial<WithdrawalRow>,
): void {
  const row = fold.state.withdrawals.get(event.withdrawalId)
  assert(row !== undefined, `INV-11: withdrawal ${event.withdrawalId} is not known`)
  putWithdrawal(fold, { ...row, ...change, updatedAt: event.time, eventNo: event.eventNo })
}

function putWithdrawal({ state, batch }: Fold, row: WithdrawalRow): void {
  state.withdrawals.set(row.id, row)
  batch.withdrawals.set(row.id, row)
}
