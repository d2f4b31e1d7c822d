// What can become of a transaction that was to be sent.

import type { Receipt } from './receipts.ts'
import type { SignerRefusal } from './signer/port.ts'

export type Rejection = {
  readonly kind: 'rejected'
  /** Why nothing was and nothing will be mined for this intent. */
  readonly cause:
    | 'would_revert'
    | 'refused_by_node'
    | 'id_reused'
    | 'queue_full'
    | 'queue_blocked'
    | 'chain_away'
    | 'not_signed'
    /** Gas costs more than the account may pay. */
    | 'gas_too_dear'
    /** The account may not do that, whoever asks. */
    | SignerRefusal
  readonly detail: string
}

export type SendOutcome =
  | { readonly kind: 'mined'; readonly receipt: Receipt }
  | { readonly kind: 'reverted'; readonly receipt: Receipt }
  | Rejection
  /** The chain will tell: it was signed and may be mined. */
  | { readonly kind: 'unknown'; readonly hash: string }

export function reject(cause: Rejection['cause'], detail: string): Rejection {
  return { kind: 'rejected', cause, detail }
}

export function settledBy(receipt: Receipt): SendOutcome {
  return { kind: receipt.success ? 'mined' : 'reverted', receipt }
}
