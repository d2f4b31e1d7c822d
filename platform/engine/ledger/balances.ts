// Balances: cash and what is held of it, per account and asset.
//
// INV-02 and INV-03: 0 <= held <= cash, for all but the chain account, whose cash is what the world
// outside is owed and may be negative. Checked for every balance that a command changed. A command
// touches a balance before it changes it, so that balance events name exactly what differs.

import { assert } from '#kernel/assert.ts'
import * as columns from '../columns.ts'
import * as limits from '../limits.ts'
import * as accountRows from './accounts.ts'

const { doubledInts, doubledNums, intAt, numAt } = columns
const { ASSETS_MAX } = limits
const { CHAIN } = accountRows

export type Balances = {
  /** Columns by cell: account * ASSETS_MAX + asset. */
  cash: Float64Array
  held: Float64Array
  /** 1 + the place in `touched` of what the running command touched, else 0. */
  mark: Int32Array
  touched: Int32Array
  touchedCount: number
  /** Cash and held of the touched before the command, in pairs. */
  before: Float64Array
}

const FIRST_CELLS = 256 * ASSETS_MAX
const FIRST_TOUCHED = 64
const SORT_BY_HAND_MAX = 32

export function createBalances(): Balances {
  return {
    cash: new Float64Array(FIRST_CELLS),
    held: new Float64Array(FIRST_CELLS),
    mark: new Int32Array(FIRST_CELLS),
    touched: new Int32Array(FIRST_TOUCHED),
    touchedCount: 0,
    before: new Float64Array(2 * FIRST_TOUCHED),
  }
}

export function cellOf(account: number, asset: number): number {
  return account * ASSETS_MAX + asset
}

/** Makes room for the balances of an account. */
export function growBalances(balances: Balances, account: number): void {
  while (cellOf(account + 1, 0) > balances.cash.length) {
    balances.cash = doubledNums(balances.cash)
    balances.held = doubledNums(balances.held)
    balances.mark = doubledInts(balances.mark)
  }
}

/** What no order and no withdrawal holds. */
export function available(balances: Balances, cell: number): number {
  return numAt(balances.cash, cell) - numAt(balances.held, cell)
}

/** Remembers what a balance is, before the running command changes it for the first time. */
export function touch(balances: Balances, cell: number): void {
  if (intAt(balances.mark, cell) !== 0) return
  const count = balances.touchedCount
  if (count === balances.touched.length) {
    balances.touched = doubledInts(balances.touched)
    balances.before = doubledNums(balances.before)
  }
  balances.touched[count] = cell
  balances.before[2 * count] = numAt(balances.cash, cell)
  balances.before[2 * count + 1] = numAt(balances.held, cell)
  balances.mark[cell] = count + 1
  balances.touchedCount = count + 1
}

export function changeCash(balances: Balances, cell: number, by: number): void {
  touch(balances, cell)
  balances.cash[cell] = numAt(balances.cash, cell) + by
}

export function changeHeld(balances: Balances, cell: number, by: number): void {
  touch(balances, cell)
  balances.held[cell] = numAt(balances.held, cell) + by
}

/** Puts what was touched in order: by account, then asset. */
export function sortTouched(balances: Balances): void {
  const { touched, touchedCount } = balances
  if (touchedCount > SORT_BY_HAND_MAX) {
    touched.subarray(0, touchedCount).sort()
    return
  }
  for (let i = 1; i < touchedCount; i += 1) {
    const cell = intAt(touched, i)
    let at = i
    while (at > 0 && intAt(touched, at - 1) > cell) {
      touched[at] = intAt(touched, at - 1)
      at -= 1
    }
    touched[at] = cell
  }
}

/** Whether a touched balance differs from before; forgets that it was touched. */
export function settleTouched(balances: Balances, cell: number): boolean {
  const place = intAt(balances.mark, cell) - 1
  balances.mark[cell] = 0
  const cash = numAt(balances.cash, cell)
  const held = numAt(balances.held, cell)
  assert(held >= 0, 'INV-02: no hold is below 0')
  assert(cash >= held || isChain(cell), 'INV-02: no cash is below 0 or below what is held of it')
  return (
    cash !== numAt(balances.before, 2 * place) || held !== numAt(balances.before, 2 * place + 1)
  )
}

function isChain(cell: number): boolean {
  return cell >= cellOf(CHAIN, 0) && cell < cellOf(CHAIN + 1, 0)
}
