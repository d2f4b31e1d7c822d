// Index table against a Map of sets: nothing is lost by collisions, deletion or growth.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addRow,
  createIndexTable,
  firstPlace,
  type IndexTable,
  keyAt,
  nextPlace,
  removeRow,
  reserveRows,
  rowAt,
} from '#engine/index-table.ts'

function rowsOf(table: IndexTable, key: number): Set<number> {
  const rows = new Set<number>()
  for (let place = firstPlace(table, key); rowAt(table, place) !== 0; ) {
    if (keyAt(table, place) === key) rows.add(rowAt(table, place))
    place = nextPlace(table, place)
  }
  return rows
}

// Few keys, so that many rows share one; int32 of both signs.
const keys = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
)

test('rows are found under their keys after any additions and removals', () => {
  const steps = fc.array(fc.record({ key: keys, remove: fc.boolean() }), { maxLength: 200 })
  fc.assert(
    fc.property(steps, (chosen) => {
      const table = createIndexTable(4)
      const model = new Map<number, Set<number>>()
      chosen.forEach(({ key, remove }, at) => {
        const rows = model.get(key) ?? new Set()
        const [oldest] = rows
        if (remove && oldest !== undefined) {
          rows.delete(oldest)
          removeRow(table, key, oldest)
        } else {
          rows.add(at + 1)
          addRow(table, key, at + 1)
        }
        model.set(key, rows)
      })
      for (const [key, rows] of model) assert.deepEqual(rowsOf(table, key), rows)
      const count = [...model.values()].reduce((sum, rows) => sum + rows.size, 0)
      assert.equal(table.count, count)
    }),
    { numRuns: 200 },
  )
})

test('at most half of the places are taken', () => {
  const table = createIndexTable(4)
  for (let row = 1; row <= 1000; row += 1) {
    addRow(table, row * 7, row)
    assert.ok(table.count * 2 <= table.mask + 1, `${table.count} of ${table.mask + 1}`)
  }
})

test('reserved room keeps what is there and is never given back', () => {
  const table = createIndexTable(4)
  addRow(table, 5, 1)
  reserveRows(table, 1024)
  reserveRows(table, 16)
  assert.equal(table.mask, 2047)
  assert.deepEqual(rowsOf(table, 5), new Set([1]))
})
