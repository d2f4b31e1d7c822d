// Volumes: what owners traded by day, out of the core's rows and back.
//
// A row is a pair of owner and quote asset. What it traded last stands in the owner's balance, the
// days before in a row of the core.

import { asUnit } from '#kernel/amount.ts'
import { type AccountId, asId } from '#kernel/ids.ts'
import { DAY_US } from '#kernel/time.ts'
import type { VolumeRow } from './image.ts'
import { ASSETS_MAX } from './limits.ts'
import { type RowField, readField, writeField } from './rows.ts'
import type { Engine } from './state.ts'

/** The sums of a pair: of the last day in which it traded, and of the days before. */
export type VolumeDays = {
  readonly owner: number
  readonly asset: number
  /** Since 1970. */
  readonly day: number
  readonly traded: number
  /** The 29 days before, the latest first. */
  readonly before: readonly number[]
}

const CELL: RowField = { at: 0, bytes: 4 }
const DAY: RowField = { at: 4, bytes: 4 }
const DAYS_BEFORE = 29

/** All rows, ascending by owner and asset. */
export function volumeDays(engine: Engine): VolumeDays[] {
  return daysOf(engine, () => true).sort((a, b) => a.owner - b.owner || a.asset - b.asset)
}

/** The rows of the owners that are wanted; of all others no more than the owner is read. */
function daysOf({ core }: Engine, isWanted: (owner: number) => boolean): VolumeDays[] {
  const { calls } = core
  const rows: VolumeDays[] = []
  for (let number = 1; number < calls.volumesUsed(); number += 1) {
    const row = calls.volumeAddress(number)
    const cell = readField(core, row, CELL)
    const [owner, asset] = [Math.floor(cell / ASSETS_MAX), cell % ASSETS_MAX]
    if (!isWanted(owner)) continue
    const before = Array.from({ length: DAYS_BEFORE }, (_, nth) =>
      readField(core, row, dayBefore(nth)),
    )
    const [day, traded] = [readField(core, row, DAY), calls.tradedOf(owner, asset)]
    rows.push({ owner, asset, day, traded, before })
  }
  return rows
}

/** Puts a row back. */
export function restoreVolume({ core }: Engine, row: VolumeDays): void {
  const { calls } = core
  const number = calls.restoreVolume(row.owner, row.asset, row.day, row.traded)
  const at = calls.volumeAddress(number)
  for (const [nth, sum] of row.before.entries()) writeField(core, at, dayBefore(nth), sum)
}

/** What an image shows of them. */
export function volumeRows(engine: Engine): VolumeRow[] {
  return volumeDays(engine).map(({ owner, asset }) => ({
    owner: asId(owner),
    asset: asId(asset),
    notional: asUnit(engine.core.calls.volumeOf(owner, asset)),
  }))
}

/**
 * What an order of an owner at this time would be judged by: a row for every asset. Rows are looked
 * through only on a day that no command has begun yet.
 */
export function volumesOfOwner(engine: Engine, owner: AccountId, time: number): VolumeRow[] {
  const { assets, clock, core } = engine
  const day = Math.floor(time / DAY_US)
  const isOfToday = day <= Math.floor(clock.time / DAY_US)
  const rows = isOfToday ? [] : daysOf(engine, (one) => one === owner)
  return assets.map(({ asset }) => {
    const row = rows.find((one) => one.asset === asset)
    const notional = isOfToday ? core.calls.volumeOf(owner, asset) : notionalOn(day, row)
    return { owner, asset, notional: asUnit(notional) }
  })
}

/** Of a day after the row's. */
function notionalOn(day: number, row: VolumeDays | undefined): number {
  if (row === undefined) return 0
  const kept = Math.max(0, DAYS_BEFORE + 1 - (day - row.day))
  return [row.traded, ...row.before].slice(0, kept).reduce((sum, one) => sum + one, 0)
}

function dayBefore(nth: number): RowField {
  return { at: 8 + 8 * nth, bytes: 8 }
}
