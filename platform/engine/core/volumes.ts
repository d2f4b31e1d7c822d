// Volumes: what an owner traded against a quote asset, by day, for the tiers of fee schedules.
//
// What is traded today is summed in the owner's balance of the asset, which a fill has at hand; the
// 29 days before have a row of their own, found through the balance. A day is moved there by the
// first fill of a later one. INV-17: at most VOLUMES_MAX rows; a pair that comes later has the row
// UNCOUNTED and stays at 0. Reading changes nothing.

import { DAY_NOTIONAL_MAX, VOLUMES_MAX } from '../limits.ts'
import { accountAt } from './accounts.ts'
import { Balance, balanceAt, cellOf } from './balances.ts'
import { clock, dayOf } from './clock.ts'
import { Market } from './markets.ts'
import { allocate, moved, tables } from './memory.ts'

const DAYS: u32 = 30
const DAY_MAX = i64(DAY_NOTIONAL_MAX)

/** Days before the last one in which the pair traded: `days` behind the row, the latest first. */
@unmanaged
export class Volume {
  cell: u32
  /** The day since 1970 whose sum stands in the balance. */
  day: u32
}

const ROW_BYTES: usize = 240
const DAYS_AT: usize = 8
const FIRST_ROWS: u32 = 64
const ROW_MASK: u32 = 0x3ffff
const DAY_BIT: u32 = 18
const UNCOUNTED: u32 = ROW_MASK

export function createVolumes(): void {
  tables.volumeRows = FIRST_ROWS
  tables.volumes = allocate(usize(FIRST_ROWS) * ROW_BYTES)
  tables.volumesUsed = 1
}

/** Counts a fill for the side of an account. */
export function countVolume(market: Market, account: u32, notional: i64): void {
  const cell = cellOf(accountAt(account).owner, market.quote)
  const balance = balanceAt(cell)
  if (balance.volume >> DAY_BIT !== clock.dayMark) turnDay(balance, cell)
  balance.traded = min(balance.traded + notional, DAY_MAX)
}

/** What an owner traded against an asset today and in the 29 days before. */
export function volumeOf(owner: u32, asset: u32): i64 {
  const balance = balanceAt(cellOf(owner, asset))
  const number = balance.volume & ROW_MASK
  if (number === 0 || number === UNCOUNTED) return 0
  const row = volumeAt(number)
  const ago = dayOf(clock.time) - row.day
  if (ago >= DAYS) return 0
  let sum = balance.traded
  for (let nth: u32 = 0; nth + 1 + ago < DAYS; nth += 1) sum += dayBefore(number, nth)
  return sum
}

export function volumeAt(number: u32): Volume {
  return changetype<Volume>(tables.volumes + usize(number) * ROW_BYTES)
}

/** What was traded on the day that lies so many and one before the row's. */
export function dayBefore(number: u32, nth: u32): i64 {
  return load<i64>(dayAddress(number, nth))
}

/** What a pair traded on the day of its row. */
export function tradedOf(owner: u32, asset: u32): i64 {
  return balanceAt(cellOf(owner, asset)).traded
}

/** A row as a snapshot has it, for a pair that has none; its days are the caller's to write. */
export function restoreVolume(owner: u32, asset: u32, day: u32, traded: i64): u32 {
  const cell = cellOf(owner, asset)
  const number = takeRow(cell)
  volumeAt(number).day = day
  const balance = balanceAt(cell)
  balance.volume = number
  balance.traded = traded
  return number
}

/** Gives a pair its row, and moves the sum of the day before to it. */
function turnDay(balance: Balance, cell: u32): void {
  let number = balance.volume & ROW_MASK
  if (number === 0) number = takeRow(cell)
  balance.volume = number | (clock.dayMark << DAY_BIT)
  if (number === UNCOUNTED) return
  const row = volumeAt(number)
  const today = dayOf(clock.time)
  const ago = min(today - row.day, DAYS)
  if (ago === 0) return // Read from a snapshot of this day.
  const kept = DAYS - 1 - min(ago, DAYS - 1)
  memory.copy(dayAddress(number, ago), dayAddress(number, 0), usize(kept) << 3)
  memory.fill(dayAddress(number, 0), 0, usize(min(ago, DAYS - 1)) << 3)
  if (ago < DAYS) store<i64>(dayAddress(number, ago - 1), balance.traded)
  balance.traded = 0
  row.day = today
}

function takeRow(cell: u32): u32 {
  const number = tables.volumesUsed
  if (number > u32(VOLUMES_MAX)) return UNCOUNTED
  if (number === tables.volumeRows) {
    const bytes = usize(tables.volumeRows) * ROW_BYTES
    tables.volumes = moved(tables.volumes, bytes, bytes * 2)
    tables.volumeRows *= 2
  }
  tables.volumesUsed = number + 1
  const row = volumeAt(number)
  row.cell = cell
  row.day = dayOf(clock.time)
  return number
}

function dayAddress(number: u32, nth: u32): usize {
  return changetype<usize>(volumeAt(number)) + DAYS_AT + (usize(nth) << 3)
}
