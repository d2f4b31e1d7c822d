// Wrong passwords in a row: after a few, an e-mail has to wait, longer each time.
//
// It knows e-mails and not users, so the answer says nothing about who exists. A right password
// clears the count. The memory is bounded; the oldest e-mail leaves.

import { LOGIN_FAILURES_FREE, LOGIN_FAILURES_MAX, LOGIN_WAIT_MAX_US } from './limits.ts'

export type LoginFailures = {
  /** Microseconds until the e-mail may be tried again; 0 for now. */
  waitUs(email: string, now: number): number
  failed(email: string, now: number): void
  succeeded(email: string): void
}

type Failures = { readonly count: number; readonly until: number }

const FIRST_WAIT_US = 1_000_000

export function createLoginFailures(max: number = LOGIN_FAILURES_MAX): LoginFailures {
  const failures = new Map<string, Failures>()
  return {
    waitUs: (email, now) => Math.max(0, (failures.get(email)?.until ?? 0) - now),
    failed: (email, now) => {
      const count = (failures.get(email)?.count ?? 0) + 1
      const doublings = count - LOGIN_FAILURES_FREE
      const wait = doublings < 0 ? 0 : FIRST_WAIT_US * 2 ** doublings
      failures.delete(email)
      failures.set(email, { count, until: now + Math.min(wait, LOGIN_WAIT_MAX_US) })
      if (failures.size > max) failures.delete(failures.keys().next().value ?? '')
    },
    succeeded: (email) => {
      failures.delete(email)
    },
  }
}
