// Write batch: rows and cursor into the database, exactly once, whatever happens to it.
//
// Rows and cursor are one statement. When its answer is lost the cursor tells whether it happened:
// at the batch's end it did, at its beginning it did not and is tried again, anywhere else somebody
// (a crash without the last commits, a rebuild) moved it and the state has to be loaded again.

import type { Pool } from 'pg'
import { arrayLiteral } from './array-literal.ts'
import { DAY_US } from './interval.ts'
import { type ProjectionBatch, rowsOf } from './projection-batch.ts'
import type { Cursor } from './projection-state.ts'
import { queryRows } from './query.ts'
import { projectBatch } from './sql/project-batch.sql.ts'
import { readCursor } from './sql/read-cursor.sql.ts'
import { TABLE_NAMES, TABLES } from './sql/tables.ts'

export type BatchStep = {
  readonly from: number
  readonly to: Readonly<Cursor>
  readonly batch: ProjectionBatch
}

export type WriteOutcome = 'written' | 'not_written' | 'elsewhere'

/** Tries once and says what became of it; throws when the database cannot say. */
export async function writeBatch(pool: Pool, step: BatchStep): Promise<WriteOutcome> {
  try {
    const [row] = await queryRows<{ moved: number }>(pool, projectBatch, valuesOf(step))
    if (row?.moved === 1) return 'written'
    return await findOutcome(pool, step)
  } catch (error) {
    const outcome = await findOutcome(pool, step)
    if (outcome === 'not_written') throw error
    return outcome
  }
}

/** Where the cursor stands, seen from a batch whose answer was lost. */
export async function findOutcome(pool: Pool, { from, to }: BatchStep): Promise<WriteOutcome> {
  const [cursor] = await queryRows<Cursor>(pool, readCursor)
  if (cursor?.eventNo === to.eventNo) return 'written'
  return cursor?.eventNo === from ? 'not_written' : 'elsewhere'
}

function valuesOf({ from, to, batch }: BatchStep): unknown[] {
  const secondsFrom = to.time - DAY_US
  const arrays = TABLE_NAMES.flatMap((name) => {
    const all = rowsOf(batch, name)
    const rows = name === 'candles' ? all.filter((row) => isKept(row, secondsFrom)) : all
    const columns = Object.entries(TABLES[name].columns)
    return columns.map(([field, type]) => arrayLiteral(rows, field, type))
  })
  return [to.eventNo, to.seq, to.time, from, secondsFrom, ...arrays]
}

/** A second that is older than a day is dropped before it is written, too. */
function isKept(row: object, secondsFrom: number): boolean {
  if (!('width' in row && 'openAt' in row)) return true
  return row.width !== 1_000_000 || Number(row.openAt) >= secondsFrom
}
