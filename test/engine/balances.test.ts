// Balances: what was touched, what changed, and the assertions that guard every change.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  available,
  cellOf,
  changeCash,
  changeHeld,
  createBalances,
  growBalances,
  settleTouched,
  sortTouched,
  touch,
} from '#engine/ledger/balances.ts'

test('touched balances are sorted by account, then asset, each once', () => {
  const cells = fc.array(fc.integer({ min: 64, max: 2000 }), { maxLength: 120 })
  fc.assert(
    fc.property(cells, (chosen) => {
      const balances = createBalances()
      for (const cell of chosen) touch(balances, cell)
      sortTouched(balances)
      const sorted = [...new Set(chosen)].sort((a, b) => a - b)
      assert.deepEqual([...balances.touched.subarray(0, balances.touchedCount)], sorted)
    }),
  )
})

test('a balance that is back where it was has not changed', () => {
  const balances = createBalances()
  const cell = cellOf(16, 0)
  changeCash(balances, cell, 5)
  changeCash(balances, cell, -5)
  assert.equal(settleTouched(balances, cell), false)
  changeCash(balances, cell, 5)
  assert.equal(settleTouched(balances, cell), true)
})

test('INV-03: available is cash less what is held', () => {
  const balances = createBalances()
  const cell = cellOf(16, 1)
  changeCash(balances, cell, 10)
  changeHeld(balances, cell, 4)
  assert.equal(available(balances, cell), 6)
})

test('INV-02: a hold below 0 or above the cash, or cash below 0, stops the engine', () => {
  for (const [cash, held] of [
    [5, 6],
    [5, -1],
    [-1, 0],
  ] as const) {
    const balances = createBalances()
    const cell = cellOf(16, 0)
    changeCash(balances, cell, cash)
    changeHeld(balances, cell, held)
    assert.throws(() => settleTouched(balances, cell), /INV-02/)
  }
})

test('INV-02: only the chain account may be below 0', () => {
  for (const [account, fine] of [
    [1, true],
    [2, false],
    [4, false],
  ] as const) {
    const balances = createBalances()
    changeCash(balances, cellOf(account, 31), -7)
    const settle = () => settleTouched(balances, cellOf(account, 31))
    if (fine) assert.equal(settle(), true)
    else assert.throws(settle, /INV-02/)
  }
})

test('growing keeps what is there', () => {
  const balances = createBalances()
  changeCash(balances, cellOf(16, 3), 9)
  growBalances(balances, 10_000)
  changeCash(balances, cellOf(10_000, 31), 1)
  assert.equal(available(balances, cellOf(16, 3)), 9)
  assert.equal(available(balances, cellOf(10_000, 31)), 1)
})
