// One batch of the projector: the cursor moves and every table gets its rows, in one statement.
//
// $1 eventNo, $2 seq, $3 time of the batch's last event, $4 eventNo that the cursor must have,
// $5 the instant before which seconds are dropped; then one array a column, tables in their order.
// When the cursor stands elsewhere the statement changes nothing and says 0.

import { columnOf, TABLE_NAMES, TABLES, type Table } from './tables.ts'

const FIRST_ARRAY = 6

const MOVED = `moved AS (
  UPDATE views.cursor SET event_no = $1::bigint, seq = $2::bigint, time = $3::bigint
  WHERE id = 1 AND event_no = $4::bigint RETURNING id
)`

const PRUNED = `pruned AS (
  DELETE FROM views.candles USING moved
  WHERE market IN (SELECT market FROM views.markets) AND width = 1000000 AND open_at < $5::bigint
)`

export const projectBatch = {
  name: 'views-project-batch',
  text: `WITH ${[MOVED, PRUNED, ...written()].join(',\n')}
    SELECT count(*) AS moved FROM moved`,
}

function written(): string[] {
  let place = FIRST_ARRAY
  return TABLE_NAMES.map((name) => {
    const statement = writeOf(TABLES[name], place)
    place += Object.keys(TABLES[name].columns).length
    return `written_${name} AS (${statement})`
  })
}

function writeOf(table: Table, place: number): string {
  const columns = Object.keys(table.columns).map(columnOf).join(', ')
  const arrays = Object.values(table.columns).map((type, i) => `$${place + i}::${type}[]`)
  return `INSERT INTO views.${table.name} (${columns})
    SELECT given.* FROM moved, unnest(${arrays.join(', ')}) AS given
    ${conflictOf(table)}`
}

/** A second row of a table that only grows is a bug, and the key says so. */
function conflictOf({ key, changes }: Table): string {
  if (changes.length === 0) return ''
  const set = changes.map((field) => `${columnOf(field)} = excluded.${columnOf(field)}`)
  return `ON CONFLICT (${key.map(columnOf).join(', ')}) DO UPDATE SET ${set.join(', ')}`
}
