// Outcome: how a request ended, as seen from this side of the wire.
//
// INV-18: 'unknown' is an answer of its own. A timeout, a cut connection and a 504 all mean that
// it may have happened; asking again with the same id tells. Nothing here throws for an answer.

import type { RefusalCode } from '#kernel/refusals.ts'

export type Done<T> = { readonly kind: 'done'; readonly value: T }

export type Refusal = {
  readonly kind: 'refused'
  readonly status: number
  /** Of the catalogue; a newer server may know more codes. */
  readonly code: RefusalCode
  readonly message: string
  readonly details?: Readonly<Record<string, string | number>>
  /** Of a 429 or 503 that says when to come back. */
  readonly retryAfterMs?: number
}

export type Unknown = { readonly kind: 'unknown'; readonly why: string }

export type Outcome<T> = Done<T> | Refusal | Unknown
