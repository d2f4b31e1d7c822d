// Result: the answer of everything that may refuse.
//
// A refusal is a value with a code from the catalogue; a bug is an assertion that ends the process.
// Nothing in the platform throws for input.

import type { RefusalCode } from './refusals.ts'

export type Refused = {
  readonly ok: false
  readonly code: RefusalCode
  readonly details?: Readonly<Record<string, string | number>>
}

export type Accepted<T> = { readonly ok: true; readonly value: T }

export type Result<T> = Accepted<T> | Refused

/** Wraps a value as accepted. */
export function accept<T>(value: T): Accepted<T> {
  return { ok: true, value }
}

/** A refusal with its code; details are for people and never decide anything. */
export function refuse(code: RefusalCode, details?: Refused['details']): Refused {
  return details === undefined ? { ok: false, code } : { ok: false, code, details }
}
