// Payload: records that are a header of 32 bytes and an object after its schema.
//
// The record is padded with zeros to whole cells. Its cell count stands in the header and needs a
// u16, which every schema stays far below.

import { assert } from '#kernel/assert.ts'
import { type Cursor, type Field, struct } from './fields.ts'
import { CELL_BYTES, type Words } from './words.ts'

const HEADER_BYTES = 32
const CELLS_MAX = 65_535

type AnyField = Field<object>
type Table = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Payload fields by kind, made once from a table of schemas. */
export function payloadFields(schemas: Table): ReadonlyMap<string, AnyField> {
  const fields = Object.entries(schemas).map(
    // Every entry of the tables is a Schema; the map forgets of what.
    ([kind, schema]) => [kind, struct(schema as never) as AnyField] as const,
  )
  return new Map(fields)
}

/** Cells of a record whose payload is such an object. */
export function payloadCells(field: AnyField, value: object): number {
  const cells = Math.ceil((HEADER_BYTES + field.size(value)) / CELL_BYTES)
  assert(cells <= CELLS_MAX, 'a record has at most 65,535 cells')
  return cells
}

/** Writes the payload and clears the rest of its cells; the header is the caller's. */
export function putPayload(field: AnyField, value: object, into: Words, at: number): number {
  const cells = payloadCells(field, value)
  const start = at * CELL_BYTES
  into.bytes.fill(0, start, start + cells * CELL_BYTES)
  const cursor: Cursor = { bytes: into.bytes, at: start + HEADER_BYTES }
  field.write(cursor, value)
  return cells
}

/** Reads the payload of the record at a cell. */
export function takePayload(field: AnyField, from: Words, at: number): object {
  return field.read({ bytes: from.bytes, at: at * CELL_BYTES + HEADER_BYTES })
}
