// Granting and revoking a role from the command line.
//
// A running platform notices within seconds. It knows only the roles of the list and users that
// exist; doing it twice changes nothing.

import { accept, type Result, refuse } from '#kernel/result.ts'
import { canonicalEmail } from './email.ts'
import { CAPABILITIES } from './port.ts'
import type { AuthStore } from './store.ts'

export type Grant = {
  readonly store: Pick<AuthStore, 'grant' | 'revoke'>
  readonly email: string
  readonly capability: string
  /** Microseconds since 1970. */
  readonly now: number
  /** Takes the role away instead. */
  readonly revokes?: boolean
}

/** The user's capabilities afterwards; request.malformed, not_found. */
export async function grantCapability(grant: Grant): Promise<Result<readonly string[]>> {
  const { store, capability, now, revokes = false } = grant
  const email = canonicalEmail(grant.email)
  if (email === undefined) return refuse('request.malformed', { field: 'email' })
  if (!CAPABILITIES.some((known) => known === capability)) {
    return refuse('request.malformed', { field: 'capability', allowed: CAPABILITIES.join(' ') })
  }
  const change = revokes ? store.revoke : store.grant
  const capabilities = await change(email, capability, now)
  return capabilities === undefined ? refuse('not_found') : accept(capabilities)
}
