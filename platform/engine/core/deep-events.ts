// Deep events: events of the core that have a payload after the schemas of codec/schemas.ts.
//
// Their fields stand without gaps behind the header of 32 bytes; the rest of the cells is zeros.

import { takeSeqs } from './accounts.ts'
import { begin } from './events.ts'
import { Extra } from './extras.ts'
import * as bits from './orders.ts'
import { Order, sideOf, Terms } from './orders.ts'

const EXIT_OPENED: u32 = 151
const DEAD_MAN_SET: u32 = 161
const DEAD_MAN_FIRED: u32 = 162

const HEADER_BYTES: usize = 32
const CELL_BYTES: usize = 64

function beginPayload(type: u32, cells: u32): usize {
  const at = begin(type, 0, cells)
  memory.fill(at + HEADER_BYTES, 0, usize(cells) * CELL_BYTES - HEADER_BYTES)
  return at
}

export function emitDeadManSet(account: u32, key: u32, dueAt: i64): void {
  const at = beginPayload(DEAD_MAN_SET, 1)
  store<u32>(at, account, 32)
  store<u32>(at, key, 36)
  store<i64>(at, dueAt, 40)
}

export function emitDeadManFired(account: u32, key: u32): void {
  const at = beginPayload(DEAD_MAN_FIRED, 1)
  store<u32>(at, account, 32)
  store<u32>(at, key, 36)
}

/** The exit of a bracket was opened for the first lots that its entry bought. */
export function emitExitOpened(exit: Order, terms: Terms, extra: Extra, entryId: i64): void {
  const at = beginPayload(EXIT_OPENED, 2)
  store<i64>(at, exit.id, 32)
  store<i64>(at, entryId, 40)
  store<u32>(at, exit.account, 48)
  store<i64>(at, takeSeqs(exit.account, 1), 52)
  store<u32>(at, exit.flags & bits.MARKET_MASK, 60)
  store<u8>(at, u8(sideOf(exit)), 64)
  store<u8>(at, u8((exit.flags >> bits.SELF_TRADE_BIT) & 3), 65)
  store<i32>(at, exit.price, 66)
  store<i32>(at, extra.trigger, 70)
  store<u8>(at, u8(extra.flags & 1), 74)
  store<i32>(at, extra.stopPrice, 75)
  store<i64>(at, terms.size, 79)
  store<i32>(at, terms.makerRate, 87)
  store<i32>(at, terms.takerRate, 91)
}
