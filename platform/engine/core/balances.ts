// Balances: cash and what is held of it, per account and asset.
//
// INV-02 and INV-03: 0 <= held <= cash, for all but the chain account, whose cash is what the world
// outside is owed and may be negative. Checked for every balance that a command changed. A command
// touches a balance before it changes it, so that balance events name exactly what differs.

import { ACCOUNTS_MAX, ASSETS_MAX } from '../limits.ts'
import { CHAIN } from './accounts.ts'
import { emitBalance } from './events.ts'
import { allocate, moved, tables } from './memory.ts'

@unmanaged
export class Balance {
  cash: i64
  held: i64
  /** 1 + the row of what the running command touched, else 0. */
  mark: u32
  /** Of an owner: the row of his volumes in this asset, and the day of what he traded last. */
  volume: u32
  /** What he traded on that day. */
  traded: i64
}

/** What a balance was before the running command. */
@unmanaged
class Touched {
  cash: i64
  held: i64
  cell: u32
  /** Cells in ascending order, by place; nothing to do with this row. */
  sorted: u32
}

const ROW_BITS: usize = 5
const TOUCHED_BYTES: usize = 24
const FIRST_ACCOUNTS: u32 = 256
const TOUCHED_MAX: u32 = 8192

export function createBalances(): void {
  tables.balanceRows = FIRST_ACCOUNTS * u32(ASSETS_MAX)
  tables.balances = allocate(usize(tables.balanceRows) << ROW_BITS)
  tables.touched = allocate(usize(TOUCHED_MAX) * TOUCHED_BYTES)
}

export function cellOf(account: u32, asset: u32): u32 {
  return account * u32(ASSETS_MAX) + asset
}

export function balanceAt(cell: u32): Balance {
  return changetype<Balance>(tables.balances + (usize(cell) << ROW_BITS))
}

/** Makes room for the balances of all accounts. */
export function growBalances(): void {
  while (tables.accountsUsed * u32(ASSETS_MAX) > tables.balanceRows) growTo(tables.balanceRows * 2)
}

/** Room for as many accounts as there may be. */
export function reserveBalances(): void {
  const all = u32(ACCOUNTS_MAX) * u32(ASSETS_MAX)
  if (tables.balanceRows < all) growTo(all)
}

function growTo(rows: u32): void {
  const bytes = usize(tables.balanceRows) << ROW_BITS
  tables.balances = moved(tables.balances, bytes, usize(rows) << ROW_BITS)
  tables.balanceRows = rows
}

/** What no order and no withdrawal holds. */
export function available(cell: u32): i64 {
  const balance = balanceAt(cell)
  return balance.cash - balance.held
}

export function changeCash(cell: u32, by: i64): void {
  const balance = balanceAt(cell)
  if (balance.mark === 0) touch(balance, cell)
  balance.cash += by
}

export function changeHeld(cell: u32, by: i64): void {
  const balance = balanceAt(cell)
  if (balance.mark === 0) touch(balance, cell)
  balance.held += by
}

/** Tells every balance that differs from before, by account, then asset. */
export function emitBalances(): void {
  const count = tables.touchedCount
  if (count > 1) sortTouched(count)
  for (let i: u32 = 0; i < count; i += 1) {
    const cell = touchedAt(i).sorted
    const balance = balanceAt(cell)
    const before = touchedAt(balance.mark - 1)
    balance.mark = 0
    assert(balance.held >= 0, 'INV-02: no hold is below 0')
    assert(
      balance.cash >= balance.held || isChain(cell),
      'INV-02: no cash is below 0 or below what is held of it',
    )
    if (balance.cash !== before.cash || balance.held !== before.held) {
      emitBalance(cell / u32(ASSETS_MAX), cell % u32(ASSETS_MAX), balance.cash, balance.held)
    }
  }
  tables.touchedCount = 0
}

function touch(balance: Balance, cell: u32): void {
  const count = tables.touchedCount
  assert(count < TOUCHED_MAX, 'INV-17: a command touches a bounded number of balances')
  const row = touchedAt(count)
  row.cash = balance.cash
  row.held = balance.held
  row.cell = cell
  row.sorted = cell
  balance.mark = count + 1
  tables.touchedCount = count + 1
}

function touchedAt(row: u32): Touched {
  return changetype<Touched>(tables.touched + usize(row) * TOUCHED_BYTES)
}

// A shell sort: a handful of cells in a usual command, a few thousand at the most.
function sortTouched(count: u32): void {
  let gap: u32 = 1
  while (gap * 8 < count) gap = gap * 3 + 1
  for (; gap > 0; gap /= 3) {
    for (let i = gap; i < count; i += 1) {
      const cell = touchedAt(i).sorted
      let at = i
      while (at >= gap && touchedAt(at - gap).sorted > cell) {
        touchedAt(at).sorted = touchedAt(at - gap).sorted
        at -= gap
      }
      touchedAt(at).sorted = cell
    }
  }
}

function isChain(cell: u32): bool {
  return cell / u32(ASSETS_MAX) === CHAIN
}
