// Calls that change markets and accounts: what operators set, and what a snapshot puts back.
//
// Arguments were checked by who calls. Where a change is told by an event that the core does not
// write, the caller writes it.

import * as accounts from './accounts.ts'
import { startBand } from './bands.ts'
import { needsAttention } from './brackets.ts'
import { clock } from './clock.ts'
import { delist as delistMarket } from './delisting.ts'
import { DELISTED, marketAt, rulesOf, settleMood, tierAt } from './markets.ts'
import { tables } from './memory.ts'
import { findSlot, paidAt } from './orders.ts'
import { changePhaseTo } from './phases.ts'
import { reschedule as findDue } from './schedule.ts'
import * as volumes from './volumes.ts'

/** The first half of setMarket. */
export function setPrices(
  number: u32,
  minNotional: f64,
  collarBps: i32,
  bandBps: u32,
  bandWindowUs: f64,
): void {
  const market = marketAt(number)
  const rules = rulesOf(market)
  market.minNotional = i64(minNotional)
  market.collarBps = collarBps
  rules.bandBps = bandBps
  rules.bandWindowUs = i64(bandWindowUs)
}

/** The second half. */
export function setTimes(
  number: u32,
  haltUs: f64,
  auctionUs: f64,
  sessionOpenUs: f64,
  sessionCloseUs: f64,
): void {
  const rules = rulesOf(marketAt(number))
  rules.haltUs = i64(haltUs)
  rules.auctionUs = i64(auctionUs)
  rules.sessionOpenUs = i64(sessionOpenUs)
  rules.sessionCloseUs = i64(sessionCloseUs)
}

/** From now on both count: bands and sessions begin anew. */
export function startRules(number: u32): void {
  const market = marketAt(number)
  rulesOf(market).sessionsFrom = clock.time
  startBand(market)
  settleMarket(number)
}

/** What is kept of a market to serve speed is found anew. */
export function settleMarket(number: u32): void {
  settleMood(marketAt(number))
  findDue()
}

export function setTier(number: u32, at: u32, from: f64, makerRate: i32, takerRate: i32): void {
  const market = marketAt(number)
  const tier = tierAt(market, at)
  tier.minNotional = i64(from)
  tier.makerRate = makerRate
  tier.takerRate = takerRate
  if (at !== 0) return
  market.makerRate = makerRate
  market.takerRate = takerRate
}

export function setTierCount(number: u32, count: u32): void {
  const market = marketAt(number)
  rulesOf(market).tierCount = count
  settleMood(market)
}

export function tierAddress(number: u32, at: u32): usize {
  return changetype<usize>(tierAt(marketAt(number), at))
}

export function setPhase(number: u32, phase: u32, endsAt: f64): void {
  changePhaseTo(marketAt(number), phase, i64(endsAt))
}

export function delist(number: u32): void {
  delistMarket(marketAt(number))
}

export function isDelisted(number: u32): bool {
  return (marketAt(number).mood & DELISTED) !== 0
}

/** Marks a restored market; ticks look for what is left of it. */
export function restoreDelisted(number: u32): void {
  marketAt(number).mood |= DELISTED
  rulesOf(marketAt(number)).delisting = 1
  settleMarket(number)
}

/** Whether an account has open orders or brackets. */
export function hasOpen(account: u32): bool {
  return accounts.accountAt(account).openCount !== 0 || needsAttention(account)
}

export function marksOf(account: u32): u32 {
  return accounts.accountAt(account).marks
}

export function setMarks(account: u32, marks: u32): void {
  accounts.accountAt(account).marks = u16(marks)
}

/** Rows of volumes are numbered from 1 to below this. */
export function volumesUsed(): u32 {
  return tables.volumesUsed
}

export function volumeAddress(number: u32): usize {
  return changetype<usize>(volumes.volumeAt(number))
}

/** What a pair traded on the day of its row. */
export function tradedOf(owner: u32, asset: u32): f64 {
  return f64(volumes.tradedOf(owner, asset))
}

/** What it traded in 30 days up to the time of the last command. */
export function volumeOf(owner: u32, asset: u32): f64 {
  return f64(volumes.volumeOf(owner, asset))
}

/** Adds a row; answers its number. */
export function restoreVolume(owner: u32, asset: u32, day: u32, traded: f64): u32 {
  return volumes.restoreVolume(owner, asset, day, i64(traded))
}

/** The slot of an open order; 0 when there is none. */
export function slotById(id: f64): u32 {
  return findSlot(i64(id))
}

/** Where stands what an order paid whose fees are stored. */
export function paidAddress(slot: u32): usize {
  return changetype<usize>(paidAt(slot))
}
