// Array literals: a column of rows as the text of a PostgreSQL array.
//
// Three times faster than the driver's own, which quotes and escapes numbers, too. Text is always
// quoted; the one character that PostgreSQL cannot store (NUL) becomes the replacement character.

import type { ColumnType } from './sql/tables.ts'

const NUL = String.fromCharCode(0)

/** One field of every row; null and undefined become NULL. */
export function arrayLiteral(rows: readonly object[], field: string, type: ColumnType): string {
  const column = rows as readonly Readonly<Record<string, unknown>>[] // Read by name.
  const texts = column.map((row) => {
    const value = row[field]
    if (value === null || value === undefined) return 'NULL'
    return type === 'text' ? quoted(String(value)) : String(value)
  })
  return `{${texts.join(',')}}`
}

function quoted(text: string): string {
  const storable = text.includes(NUL) ? text.replaceAll(NUL, '\uFFFD') : text
  return /["\\]/.test(storable) ? `"${storable.replace(/["\\]/g, '\\$&')}"` : `"${storable}"`
}
