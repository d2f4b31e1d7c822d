// Builder: bars of one length out of trades, or out of shorter bars.
//
// A bar covers [openAt, openAt + length) by the venue's clock. It closes when a print of a later
// bar comes, or when the clock has passed its end by GRACE_US, whichever is first. A closed bar
// never changes: what comes late for it is counted and left out. Within the open bar the earliest
// print is the open and the latest the close, in whatever order they came. Where nothing was traded
// a bar is flat at the last close, with volume 0; a gap of more than FLAT_BARS_MAX is
// left out, as a weekend is in a chart.

import type { Bar } from '#connectors/venue.ts'
import { openOf } from './interval.ts'

/** How long a bar waits for prints that are under way. */
export const GRACE_US = 250_000
/** Beyond it nothing is filled: a weekend would make every average flat. */
export const FLAT_BARS_MAX = 300

/** A trade, or a shorter bar that was over at `lastAt`. */
export type Print = {
  readonly at: number
  readonly lastAt: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

export type Builder = {
  /** False when it came too late, or is not made of numbers. */
  print(print: Print): boolean
  /** Says how late it is; bars that are over by then close. */
  passTo(now: number): void
  /** What closes must follow this bar, of the history. */
  resume(bar: Bar): void
  /** Prints that came too late or were no prices. */
  refused(): number
}

type Open = { -readonly [Field in keyof Bar]: Bar[Field] } & { firstAt: number; lastAt: number }

type Building = {
  readonly lengthUs: number
  readonly onBar: (bar: Bar) => void
  open: Open | undefined
  /** The last bar that closed. */
  before: Bar | undefined
  /** Where the newest bar that cannot change any more opened. */
  closedTo: number
  refused: number
}

export function createBuilder(lengthUs: number, onBar: (bar: Bar) => void): Builder {
  const building: Building = {
    ...{ lengthUs, onBar, open: undefined, before: undefined },
    ...{ closedTo: Number.NEGATIVE_INFINITY, refused: 0 },
  }
  return {
    print(print) {
      const isTaken = take(building, print)
      if (!isTaken) building.refused += 1
      return isTaken
    },
    passTo: (now) => passTo(building, now - GRACE_US),
    resume(bar) {
      building.before = bar
      building.closedTo = bar.openAt
      building.open = undefined
    },
    refused: () => building.refused,
  }
}

export function printOfTrade(price: number, size: number, at: number): Print {
  return { at, lastAt: at, open: price, high: price, low: price, close: price, volume: size }
}

export function printOfBar(bar: Bar, lengthUs: number): Print {
  const { openAt: at, open, high, low, close, volume } = bar
  return { at, lastAt: at + lengthUs - 1, open, high, low, close, volume }
}

function take(building: Building, print: Print): boolean {
  if (!isPrint(print)) return false
  const openAt = openOf(print.at, building.lengthUs)
  const { closedTo, open } = building
  if (openAt <= closedTo || (open !== undefined && openAt < open.openAt)) return false
  passTo(building, openAt)
  if (building.open === undefined) {
    fill(building, openAt)
    const { open: price, high, low, close, volume, at: firstAt, lastAt } = print
    building.open = { openAt, open: price, high, low, close, volume, firstAt, lastAt }
  } else merge(building.open, print)
  // A shorter bar that ends with this one leaves nothing to wait for.
  const end = openAt + building.lengthUs
  if (print.lastAt >= end - 1) passTo(building, end)
  return true
}

function isPrint({ at, open, high, low, close, volume }: Print): boolean {
  const isPrice = (price: number) => price > 0 && Number.isFinite(price)
  const isVolume = volume >= 0 && Number.isFinite(volume)
  const holds = low <= Math.min(open, close) && high >= Math.max(open, close)
  return Number.isFinite(at) && isVolume && [open, high, low, close].every(isPrice) && holds
}

function merge(open: Open, print: Print): void {
  open.high = Math.max(open.high, print.high)
  open.low = Math.min(open.low, print.low)
  open.volume += print.volume
  if (print.at < open.firstAt) {
    open.firstAt = print.at
    open.open = print.open
  }
  if (print.lastAt >= open.lastAt) {
    open.lastAt = print.lastAt
    open.close = print.close
  }
}

/** Closes what is over by now: the open bar, then those in which nothing was traded. */
function passTo(building: Building, now: number): void {
  const { open, lengthUs } = building
  if (open !== undefined && open.openAt + lengthUs <= now) {
    const { openAt, open: first, high, low, close, volume } = open
    building.open = undefined
    tell(building, { openAt, open: first, high, low, close, volume })
  }
  if (building.open === undefined) fill(building, openOf(now, lengthUs))
}

/** Flat bars up to the one that opens at `openAt`, unless they are too many. */
function fill(building: Building, openAt: number): void {
  const { lengthUs, before } = building
  if (before === undefined) return
  const missing = (openAt - before.openAt) / lengthUs - 1
  if (missing > FLAT_BARS_MAX) {
    building.before = undefined
    building.closedTo = openAt - lengthUs
    return
  }
  const { close } = before
  for (let count = 1; count <= missing; count += 1) {
    const flat = { open: close, high: close, low: close, close, volume: 0 }
    tell(building, { openAt: before.openAt + count * lengthUs, ...flat })
  }
}

function tell(building: Building, bar: Bar): void {
  building.before = bar
  building.closedTo = bar.openAt
  building.onBar(bar)
}
