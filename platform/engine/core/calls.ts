// The core's calls: what the engine around it may do.
//
// Money crosses as doubles, which hold every safe integer exactly. `intake` is where a command's
// record is put, `asking` where id, hash and sentAt of a request are; neither outlives a command.

import * as accounts from './accounts.ts'
import { applyRecord, refuse as refuseCommand, settle } from './apply.ts'
import * as balances from './balances.ts'
import { createBrackets } from './brackets.ts'
import * as cancelling from './cancel.ts'
import { clock, NEVER, startCommand } from './clock.ts'
import { Asking, Command } from './commands.ts'
import * as deadMan from './dead-man.ts'
import { createDeadMans } from './dead-man.ts'
import * as duplicates from './duplicates.ts'
import * as events from './events.ts'
import { createExpiry } from './expiry.ts'
import { createExtras } from './extras.ts'
import { notionalWithin as within } from './fees.ts'
import { createLadder } from './ladder.ts'
import {
  addMarket as addMarketRow,
  createMarkets,
  marketAt,
  rulesOf,
  settleMood,
  tierAt,
} from './markets.ts'
import { tables } from './memory.ts'
import { openOrder } from './open-orders.ts'
import * as orders from './orders.ts'
import { createOrders } from './orders.ts'
import * as outcomes from './outcomes.ts'
import { reschedule } from './schedule.ts'
import * as ticks from './ticks.ts'
import { createTriggers, noteMarket, startWatch } from './triggers.ts'
import { createVolumes } from './volumes.ts'

const INTAKE_BYTES: i32 = 256
const intakeAt: usize = memory.data(INTAKE_BYTES, 64)
const askingAt: usize = memory.data(128, 64)

/** Makes the tables; once, before anything else. */
export function create(): void {
  createLadder()
  createOrders()
  createExtras()
  createExpiry()
  createDeadMans()
  createBrackets()
  accounts.createAccounts()
  balances.createBalances()
  createMarkets()
  createTriggers()
  createVolumes()
  reschedule()
  events.createEvents()
  outcomes.createOutcomes()
}

export function intake(): usize {
  return intakeAt
}

export function asking(): usize {
  return askingAt
}

export function clockAt(): usize {
  return changetype<usize>(clock)
}

/** Applies the place, amend, cancel or tick command in the intake. */
export function apply(): void {
  applyRecord(changetype<Command>(intakeAt))
}

/** Begins a command that comes decoded. */
export function start(seq: f64, time: f64): void {
  startCommand(i64(seq), i64(time))
}

/** Ends it: tells the balances that differ. */
export function finish(): void {
  settle()
  balances.emitBalances()
}

export function refuse(account: i32, type: u32, code: i32): void {
  refuseCommand(account, type, code)
}

/** Begins an event whose bytes the caller writes; answers its cell. */
export function beginEvent(type: u32, small: u32, cells: u32): u32 {
  events.begin(type, small, cells)
  return clock.eventsUsed - cells
}

/** One leg of a movement of money: changes the cash and tells it. */
export function post(kind: u32, account: u32, asset: u32, amount: f64, reference: f64): void {
  balances.changeCash(balances.cellOf(account, asset), i64(amount))
  events.emitPosting(kind, account, asset, i64(amount), i64(reference))
}

export function hold(account: u32, asset: u32, by: f64): void {
  balances.changeHeld(balances.cellOf(account, asset), i64(by))
}

export function cashOf(account: u32, asset: u32): f64 {
  return f64(balances.balanceAt(balances.cellOf(account, asset)).cash)
}

export function heldOf(account: u32, asset: u32): f64 {
  return f64(balances.balanceAt(balances.cellOf(account, asset)).held)
}

/** Sets a balance outside of any command: when state is restored. */
export function setBalance(account: u32, asset: u32, cash: f64, held: f64): void {
  const balance = balances.balanceAt(balances.cellOf(account, asset))
  balance.cash = i64(cash)
  balance.held = i64(held)
}

/** Adds the next customer account. */
export function addAccount(owner: u32): void {
  outcomes.noteOpened(accounts.addAccount(owner))
  balances.growBalances()
}

export function ownerOf(account: u32): u32 {
  return accounts.accountAt(account).owner
}

/** The oldest open order of an account; 0 = none. */
export function firstOpen(account: u32): u32 {
  return accounts.accountAt(account).openHead
}

export function accountSeqOf(account: u32): f64 {
  return f64(accounts.accountAt(account).seq)
}

export function setAccountSeq(account: u32, seq: f64): void {
  accounts.accountAt(account).seq = i64(seq)
}

/** Adds the next market, with an empty book. */
export function addMarket(
  base: u32,
  quote: u32,
  quotePerTickLot: f64,
  lotUnits: f64,
  minNotional: f64,
  makerRate: i32,
  takerRate: i32,
): void {
  startWatch(tables.marketsUsed)
  const market = addMarketRow()
  market.base = base
  market.quote = quote
  market.quotePerTickLot = i64(quotePerTickLot)
  market.lotUnits = i64(lotUnits)
  market.minNotional = i64(minNotional)
  market.makerRate = makerRate
  market.takerRate = takerRate
  const tier = tierAt(market, 0)
  tier.makerRate = makerRate
  tier.takerRate = takerRate
  rulesOf(market).tierCount = 1
  settleMood(market)
  reschedule()
}

/** The mark price of a market; in ticks. */
export function setMark(market: u32, price: i32): void {
  noteMarket(market)
  rulesOf(marketAt(market)).mark = price
}

export function markOf(market: u32): i32 {
  return rulesOf(marketAt(market)).mark
}

export function cancelSession(account: i32, session: u32): i32 {
  return cancelling.cancelSession(account, session)
}

export function cancelAfter(account: i32, key: u32, afterMs: f64): i32 {
  return deadMan.cancelAfter(account, key, i64(afterMs))
}

export function cancelAll(account: i32, market: i32, side: i32): i32 {
  return cancelling.cancelAll(account, market, side)
}

/** What is remembered of the request in `asking`: 0 nothing, -1 a repetition, else a refusal. */
export function recallRequest(account: i32): i32 {
  return duplicates.lookUpRemembered(account, outcomes.REQUEST_CLASS, changetype<Asking>(askingAt))
}

/** 0, or why the request in `asking` cannot be taken for new by its time. */
export function refuseByTime(): i32 {
  return duplicates.refuseByTime(changetype<Asking>(askingAt).sentAt)
}

/** Remembers what the request in `asking` came to. */
export function rememberRequest(code: i32): void {
  outcomes.remember(changetype<Asking>(askingAt), clock.seq, clock.time, code)
}

/** The same for a row of a snapshot, whose account and class are one word. */
export function restoreOutcome(who: u32, seq: f64, time: f64, code: i32): void {
  const row = changetype<Asking>(askingAt)
  outcomes.ask(i32(who >> 1), who & 1, row)
  outcomes.remember(row, i64(seq), i64(time), code)
}

/** Counts of the oldest remembered outcome and of the next to come. */
export function outcomesFirst(): u32 {
  return outcomes.firstKnown()
}

export function outcomesNext(): u32 {
  return tables.outcomesCame
}

/** Slots below it were used at least once. */
export function slotsUsed(): u32 {
  return tables.ordersUsed
}

/** For tests of the limit, which a million orders would take too long to reach. */
export function setOpenOrders(count: u32): void {
  tables.openOrders = count
}

export function takeSlot(): u32 {
  return orders.takeSlot()
}

/** Makes a restored order one of its account, found by its id. */
export function adoptOrder(slot: u32): void {
  openOrder(slot)
  orders.indexSlot(slot, orders.orderAt(slot).id)
}

/** The greatest notional that an amount pays together with its fee. */
export function notionalWithin(amount: f64, rate: i32): f64 {
  return f64(within(i64(amount), rate))
}

/** When the earliest is due of what ticks do; 0 now, Infinity never. */
export function nextDue(): f64 {
  return timeOf(ticks.nextDue())
}

/** The same for what comes before the next customer's command. */
export function nextUrgent(): f64 {
  return timeOf(ticks.nextUrgent())
}

function timeOf(due: i64): f64 {
  return due === NEVER ? Infinity : f64(due)
}

/** The first order of the queue; 0 = none. */
export function queueHead(): u32 {
  return tables.drainHead
}

// Addresses of rows, for what reads or restores state outside of commands; rows.ts has the layouts.

export function orderAddress(slot: u32): usize {
  return changetype<usize>(orders.orderAt(slot))
}

export function termsAddress(slot: u32): usize {
  return changetype<usize>(orders.termsAt(slot))
}

/** Where the caller's id of an order stands: its length, then its characters. */
export function nameAddress(slot: u32): usize {
  const isRemembered = (orders.orderAt(slot).flags & orders.NAME_REMEMBERED) !== 0
  if (!isRemembered) return changetype<usize>(orders.nameAt(slot))
  return changetype<usize>(outcomes.outcomeAt(orders.nameRefAt(slot)))
}

export function marketAddress(market: u32): usize {
  return changetype<usize>(marketAt(market))
}

export function rulesAddress(market: u32): usize {
  return changetype<usize>(rulesOf(marketAt(market)))
}

export function outcomeAddress(count: u32): usize {
  return changetype<usize>(outcomes.outcomeAt(count))
}

/** The greatest sentAt of outcomes that left because the memory was full. */
export function evictedSentAt(): f64 {
  return f64(outcomes.asked.evictedSentAt)
}

export function setEvictedSentAt(sentAt: f64): void {
  outcomes.asked.evictedSentAt = i64(sentAt)
}

/** Where the cells of events lie. */
export function eventsAt(): usize {
  return tables.events
}

/** How many cells there are before they must move to grow. */
export function eventRows(): u32 {
  return tables.eventRows
}
