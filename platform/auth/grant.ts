// Granting a capability from the command line.
//
// A running platform notices within seconds. It grants only what is in the list of capabilities,
// to users that exist, and granting twice changes nothing.

import { accept, type Result, refuse } from '#kernel/result.ts'
import { canonicalEmail } from './email.ts'
import { CAPABILITIES } from './port.ts'
import type { AuthStore } from './store.ts'

export type Grant = {
  readonly store: Pick<AuthStore, 'grant'>
  readonly email: string
  readonly capability: string
  /** Microseconds since 1970. */
  readonly now: number
}

/** The user's capabilities afterwards; request.malformed, not_found. */
export async function grantCapability(grant: Grant): Promise<Result<readonly string[]>> {
  const email = canonicalEmail(grant.email)
  if (email === undefined) return refuse('request.malformed', { field: 'email' })
  if (!CAPABILITIES.some((known) => known === grant.capability)) {
    return refuse('request.malformed', { field: 'capability', allowed: CAPABILITIES.join(' ') })
  }
  const capabilities = await grant.store.grant(email, grant.capability, grant.now)
  return capabilities === undefined ? refuse('not_found') : accept(capabilities)
}
