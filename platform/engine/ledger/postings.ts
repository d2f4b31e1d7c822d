// Postings: movements of money that are not fills, always two legs of one amount.
//
// INV-01: what one account loses the other gains, so the sum over all accounts of an asset stays 0.

import * as columns from '../columns.ts'
import * as emitting from '../emit.ts'
import type { PostingKind } from '../event.ts'
import * as limits from '../limits.ts'
import type { Engine } from '../state.ts'
import * as accountRows from './accounts.ts'
import * as ledger from './balances.ts'

const { numAt } = columns
const { emitPosting } = emitting
const { ASSET_TOTAL_MAX } = limits
const { CHAIN } = accountRows
const { cellOf, changeCash } = ledger

export type Movement = {
  readonly kind: PostingKind
  readonly from: number
  readonly to: number
  readonly asset: number
  readonly amount: number
  /** The withdrawal's id, else the seq of the command. */
  readonly reference: number
}

/** Posts both legs, the paying one first. */
export function move(engine: Engine, movement: Movement): void {
  const { kind, from, to, asset, amount, reference } = movement
  changeCash(engine.balances, cellOf(from, asset), -amount)
  emitPosting(engine, { kind, account: from, asset, amount: -amount, reference })
  changeCash(engine.balances, cellOf(to, asset), amount)
  emitPosting(engine, { kind, account: to, asset, amount, reference })
}

/** Whether money entering would lift an asset's positive balances above what stays exact. */
export function isTooMuch(engine: Engine, asset: number, amount: number): boolean {
  // Only the chain account is below zero, so the positive balances add up to what it is short of.
  const total = 0 - numAt(engine.balances.cash, cellOf(CHAIN, asset))
  return total > ASSET_TOTAL_MAX - amount
}
