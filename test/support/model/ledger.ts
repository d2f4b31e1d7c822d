// Ledger: cash and holds per account and asset, as bigints.
//
// It remembers what each touched row was before the command, because balance events report exactly
// the rows that differ from it afterwards. It checks nothing: the properties do.

import type { AccountId, AssetId } from '#kernel/ids.ts'
import { asId } from '#kernel/ids.ts'

export const CHAIN = asId<AccountId>(1)
export const FEES = asId<AccountId>(2)
export const HOUSE = asId<AccountId>(4)

export type Balance = {
  readonly account: AccountId
  readonly asset: AssetId
  cash: bigint
  held: bigint
}

export type Ledger = {
  readonly rows: Map<string, Balance>
  readonly before: Map<string, { readonly cash: bigint; readonly held: bigint }>
}

export function createLedger(): Ledger {
  return { rows: new Map(), before: new Map() }
}

/** Cash that no order and no withdrawal holds. */
export function available(ledger: Ledger, account: AccountId, asset: AssetId): bigint {
  const row = ledger.rows.get(`${account}/${asset}`)
  return row === undefined ? 0n : row.cash - row.held
}

/** Adds a signed amount to the cash of an account. */
export function post(ledger: Ledger, account: AccountId, asset: AssetId, amount: bigint): void {
  touch(ledger, account, asset).cash += amount
}

/** Adds a signed amount to what is held of an account's cash. */
export function hold(ledger: Ledger, account: AccountId, asset: AssetId, amount: bigint): void {
  touch(ledger, account, asset).held += amount
}

/** Everything that comes from the world outside: the sum of all positive balances. */
export function issued(ledger: Ledger, asset: AssetId): bigint {
  let sum = 0n
  for (const row of ledger.rows.values()) {
    if (row.asset === asset && row.cash > 0n) sum += row.cash
  }
  return sum
}

/** The rows that differ from the last call, ascending by account, then asset. */
export function takeChanges(ledger: Ledger): readonly Balance[] {
  const changed: Balance[] = []
  for (const [key, before] of ledger.before) {
    const row = ledger.rows.get(key)
    if (row === undefined) continue
    if (row.cash !== before.cash || row.held !== before.held) changed.push(row)
  }
  ledger.before.clear()
  return changed.sort(byAccountThenAsset)
}

/** Every row that is not empty, ascending by account, then asset. */
export function balanceRows(ledger: Ledger): readonly Balance[] {
  const rows = [...ledger.rows.values()].filter((row) => row.cash !== 0n || row.held !== 0n)
  return rows.sort(byAccountThenAsset)
}

function touch(ledger: Ledger, account: AccountId, asset: AssetId): Balance {
  const key = `${account}/${asset}`
  const row = ledger.rows.get(key) ?? { account, asset, cash: 0n, held: 0n }
  ledger.rows.set(key, row)
  if (!ledger.before.has(key)) ledger.before.set(key, { cash: row.cash, held: row.held })
  return row
}

function byAccountThenAsset(a: Balance, b: Balance): number {
  return a.account - b.account || a.asset - b.asset
}
