// Rules: what of a market can change while it trades, and the phase it is in.
//
// What every order asks (phase, minNotional, collar) stands in the row of the market; the rest,
// which few commands ask for, is here.

import { MARKETS_MAX } from '../limits.ts'
import { CONTINUOUS } from './markets.ts'
import { allocate, tables } from './memory.ts'

@unmanaged
export class Rules {
  bandWindowUs: i64
  haltUs: i64
  auctionUs: i64
  sessionOpenUs: i64
  sessionCloseUs: i64
  /** When the phase is over; 0: when somebody says so. */
  endsAt: i64
  bandBps: i32
  isDelisted: u32
  /** The phase after an auction. */
  next: u32
  /** Ticks; 0 unless an uncross is going on. */
  uncrossPrice: i32
}

const ROW_BYTES: usize = 64

export function createRules(): void {
  tables.rules = allocate(usize(MARKETS_MAX) * ROW_BYTES)
}

export function rulesOf(market: u32): Rules {
  return changetype<Rules>(tables.rules + usize(market) * ROW_BYTES)
}

/** The rules of a new market: around the clock, no collar, no band, no halts, no auctions. */
export function startRules(market: u32): void {
  rulesOf(market).next = CONTINUOUS
}
