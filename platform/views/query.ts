// Query: statements of the schema `views`, with bigint read as a safe integer.
//
// Every bigint in the schema is an engine's integer below 2^53, so nothing is lost. Statements are
// prepared once a connection, under their name.

import type { Pool } from 'pg'

export type Statement = { readonly name: string; readonly text: string }

export type Page<T> = { readonly items: readonly T[]; readonly asOfSeq: number }

const BOOL = 16
const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23])

const types = {
  getTypeParser: (type: number) => {
    if (NUMBERS.has(type)) return Number
    return type === BOOL ? (value: string) => value === 't' : (value: string) => value
  },
}

/** Rows of a statement; the caller's type says which columns it selects. */
export async function queryRows<T>(
  pool: Pool,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<T[]> {
  const { rows } = await pool.query({ ...statement, values: [...values], types })
  return rows as T[] // The statement's columns are the fields of T.
}

/**
 * A page and the seq that the database has reached, read in one snapshot. The statement comes from
 * `pageOf`, so an empty page is one row that has nothing but the seq.
 */
export async function queryPage<T extends object>(
  pool: Pool,
  statement: Statement,
  values: readonly unknown[],
): Promise<Page<T>> {
  type Found = T & { readonly asOfSeq: number; readonly found: boolean | null }
  const rows = await queryRows<Found>(pool, statement, values)
  const items = rows.filter((row) => row.found).map(({ asOfSeq: _, found: __, ...row }) => row)
  return { items: items as unknown as T[], asOfSeq: rows[0]?.asOfSeq ?? 0 } // T without the two.
}

/** Wraps a SELECT so that every row, or one empty row, says up to which seq it is true. */
export function pageOf(name: string, select: string): Statement {
  const text = `SELECT cursor.seq AS "asOfSeq", page.* FROM views.cursor
    LEFT JOIN LATERAL (SELECT true AS found, rows.* FROM (${select}) AS rows) AS page ON true`
  return { name, text }
}
