// Tag table against a Map of sets: tags, collisions, deletion and growth lose nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { OUTCOMES_MAX } from '#engine/limits.ts'
import {
  addTagged,
  createTagTable,
  growTagged,
  homeOf,
  removeTagged,
  seek,
  type TagTable,
  taggedRow,
} from '#engine/tag-table.ts'

const ROOM = 64

/** What a search meets that has the very key; others only share its tag. */
function rowsOf(table: TagTable, key: number): Set<number> {
  const rows = new Set<number>()
  let place = seek(table, key, homeOf(table, key))
  for (let row = taggedRow(table, place); row !== 0; row = taggedRow(table, place)) {
    if (table.keys[row] === key) rows.add(row)
    place = seek(table, key, place + 1)
  }
  return rows
}

// Few keys, so that many rows share one or its tag; int32 of both signs.
const keys = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
)

test('rows are found under their keys after any additions, removals and growth', () => {
  const steps = fc.array(fc.record({ key: keys, remove: fc.boolean() }), { maxLength: ROOM })
  fc.assert(
    fc.property(steps, fc.nat(ROOM), (chosen, growAt) => {
      const table = createTagTable(ROOM)
      const model = new Map<number, Set<number>>()
      chosen.forEach(({ key, remove }, at) => {
        if (at === growAt) growTagged(table, 4 * ROOM)
        const rows = model.get(key) ?? new Set()
        const [oldest] = rows
        if (remove && oldest !== undefined) {
          rows.delete(oldest)
          removeTagged(table, oldest)
        } else {
          rows.add(at + 1)
          addTagged(table, key, at + 1)
        }
        model.set(key, rows)
      })
      for (const [key, rows] of model) assert.deepEqual(rowsOf(table, key), rows)
      const taken = table.places.filter((word) => word !== 0).length
      assert.equal(
        taken,
        [...model.values()].reduce((sum, rows) => sum + rows.size, 0),
      )
    }),
    { numRuns: 300 },
  )
})

test('the last row of the memory of duplicates still fits beside its tag', () => {
  const table = createTagTable(8)
  addTagged(table, -1, OUTCOMES_MAX)
  assert.equal(taggedRow(table, seek(table, -1, homeOf(table, -1))), OUTCOMES_MAX)
})

test('a table that grows keeps what is there at half its places', () => {
  const table = createTagTable(8)
  for (let row = 1; row <= 8; row += 1) addTagged(table, row * 0x10000001, row)
  growTagged(table, 16)
  assert.equal(table.mask, 31)
  for (let row = 1; row <= 8; row += 1) {
    assert.deepEqual(rowsOf(table, (row * 0x10000001) | 0), new Set([row]))
  }
})
