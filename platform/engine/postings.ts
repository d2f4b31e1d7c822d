// Postings: movements of money that are not fills, always two legs of one amount.
//
// INV-01: what one account loses the other gains, so the sum over all accounts of an asset stays 0.

import { CHAIN } from './accounts.ts'
import { POSTING_KINDS } from './codec/choices.ts'
import type { PostingKind } from './event.ts'
import { ASSET_TOTAL_MAX } from './limits.ts'
import type { Engine } from './state.ts'

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
export function move({ core }: Engine, movement: Movement): void {
  const { from, to, asset, amount, reference } = movement
  const kind = POSTING_KINDS.indexOf(movement.kind)
  core.calls.post(kind, from, asset, -amount, reference)
  core.calls.post(kind, to, asset, amount, reference)
}

/** Whether money entering would lift an asset's positive balances above what stays exact. */
export function isTooMuch({ core }: Engine, asset: number, amount: number): boolean {
  // Only the chain account is below zero, so the positive balances add up to what it is short of.
  const total = 0 - core.calls.cashOf(CHAIN, asset)
  return total > ASSET_TOTAL_MAX - amount
}

/** What of a balance no order and no withdrawal holds. */
export function available({ core }: Engine, account: number, asset: number): number {
  return core.calls.cashOf(account, asset) - core.calls.heldOf(account, asset)
}
