// Rows: where the fields of the core's records lie, for what reads or restores them by name.
//
// Only snapshots, images and tests look into the core; commands go through its calls. The layouts
// are the classes of core/: every field at a multiple of its size, in the order of the class. The
// naive model would differ at once if one were wrong.

import { get64, getSigned64, putSigned64 } from './codec/words.ts'
import type { Core } from './instance.ts'

/** A field: its byte within the row, and whether it has eight bytes or four. */
export type RowField = { readonly at: number; readonly bytes: 4 | 8 }

const long = (at: number): RowField => ({ at, bytes: 8 })
const word = (at: number): RowField => ({ at, bytes: 4 })

/** core/orders.ts, Order: what matching and cancelling touch. */
export const ORDER = {
  id: long(0),
  remaining: long(8),
  held: long(16),
  makerNotional: long(24),
  next: word(32),
  level: word(40),
  accountNext: word(44),
  account: word(52),
  price: word(56),
  flags: word(60),
} as const

/** core/orders.ts, Terms: the rest. */
export const TERMS = {
  takerNotional: long(0),
  size: long(8),
  reducedBy: long(16),
  quoteAmount: long(24),
  createdAt: long(32),
  updatedAt: long(40),
  priority: long(48),
  makerRate: word(56),
  takerRate: word(60),
} as const

/** Bits of ORDER.flags: the market below, then the fields of the command, then where it is. */
export const FLAGS = {
  marketMask: 0xff,
  side: 8,
  type: 9,
  timeInForce: 12,
  postOnly: 15,
  selfTrade: 16,
  draining: 18,
  stays: 20,
  hasExtra: 21,
  iceberg: 22,
  armed: 23,
  triggered: 24,
  feeInBase: 25,
  feesStored: 28,
} as const

/** core/extras.ts, Extra: what is logical of it. */
export const EXTRA_ROW = {
  expireAt: long(0),
  displaySize: long(8),
  shown: long(16),
  trail: long(32),
  trigger: word(44),
  takeProfit: word(48),
  stopPrice: word(52),
  worst: word(56),
  works: word(60),
  peak: word(64),
  session: word(68),
  key: word(72),
  flags: word(76),
  isDue: word(92),
  firstTrigger: word(100),
} as const

/** Links of an extra: the bracket, and who is armed next. */
export const EXTRA_LINK = { armedNext: word(80), bracket: word(96) } as const

/** core/brackets.ts, Bracket. */
export const BRACKET = {
  entryId: long(0),
  exitId: long(8),
  uncovered: long(16),
  account: word(32),
  market: word(36),
  takeProfit: word(40),
  trigger: word(44),
  stopPrice: word(48),
  makerRate: word(52),
  takerRate: word(56),
  flags: word(60),
} as const
export const BRACKET_NEXT: RowField = word(64)

/** core/dead-man.ts, Timer. */
export const TIMER = { dueAt: long(0), account: word(8), key: word(12) } as const
export const TIMER_NEXT: RowField = word(16)

/** core/triggers.ts, Reference: its pending range. */
export const REFERENCE = { low: word(0), high: word(4) } as const

/** core/outcomes.ts, Outcome: the id and the hash of the body stand before these. */
export const OUTCOME = {
  seq: long(64),
  sentAt: long(72),
  time: long(80),
  who: word(88),
  code: word(92),
} as const
export const OUTCOME_HASH_AT = 40

/** core/markets.ts, Market. */
export const MARKET = { bookNumber: long(40), lastTradeId: long(48), lastPrice: long(56) } as const

/** core/markets.ts, Market: what setMarket and phases change. */
export const MARKET_RULE = { minNotional: long(24), phase: word(64), collarBps: word(72) } as const

/** core/markets.ts, Rules. */
export const RULE = {
  endsAt: long(0),
  indicativeAt: long(8),
  toldVolume: long(16),
  toldPrice: word(24),
  uncrossPrice: word(28),
  next: word(32),
  sessionsFrom: long(40),
  sessionOpenUs: long(48),
  sessionCloseUs: long(56),
  bandWindowUs: long(64),
  bandWindow: long(72),
  bandPrice: word(80),
  bandBps: word(84),
  haltUs: long(88),
  auctionUs: long(96),
  mark: word(108),
} as const

/** core/markets.ts, Tier. */
export const TIER = { minNotional: long(0), makerRate: word(8), takerRate: word(12) } as const

/** core/orders.ts, Paid. */
export const PAID = { fee: long(0), makerBase: long(8), takerBase: long(16) } as const

/** core/clock.ts, Clock, as words. */
export const CLOCK_WORD = {
  seq: 0,
  time: 2,
  eventNo: 4,
  outcomeSeq: 6,
  outcomeCode: 8,
  isDuplicate: 9,
  eventsUsed: 10,
} as const

/** Reads a field of the row at an address. */
export function readField({ view }: Core, address: number, { at, bytes }: RowField): number {
  const cell = (address + at) >>> 2
  return bytes === 8 ? getSigned64(view.i32, cell) : (view.i32[cell] ?? 0)
}

/** Writes a field of the row at an address: for restoring state, never within a command. */
export function writeField(
  { view }: Core,
  address: number,
  { at, bytes }: RowField,
  value: number,
): void {
  const cell = (address + at) >>> 2
  if (bytes === 8) putSigned64(view.i32, cell, value)
  else view.i32[cell] = value
}

/** Reads a number of the clock that is not negative. */
export function readClock({ view, clockWord }: Core, word: number): number {
  return get64(view.i32, clockWord + word)
}
