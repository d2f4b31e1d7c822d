// Calendar of auth: what is done each day, once, by whichever process gets to it.
//
// A new signing key each month, and rows that nobody needs any more are deleted: sessions and
// tokens that are over, codes of yesterday, API keys that were revoked or expired long ago.

import type { CalendarEntry } from '#platform/transport/port.ts'
import { KEY_KEPT_US, SIGNING_KEY_US } from './limits.ts'
import type { SigningKeys } from './signing-keys.ts'
import type { AuthRecords } from './store.ts'

export type CalendarDeps = {
  readonly store: Pick<AuthRecords, 'purge' | 'purgeChallenges' | 'purgeKeys'>
  readonly signingKeys: SigningKeys
  readonly now: () => number
}

export function calendarOf({ store, signingKeys, now }: CalendarDeps): readonly CalendarEntry[] {
  return [
    {
      ...{ name: 'rotate-signing-key', cron: '41 4 * * *', every: 'day' },
      work: async () => {
        await signingKeys.reload()
        if (signingKeys.ageOfNewest(now()) < SIGNING_KEY_US) return
        await signingKeys.rotate(now(), { urgent: false })
      },
    },
    {
      ...{ name: 'purge-credentials', cron: '29 3 * * *', every: 'day' },
      work: async () => {
        await store.purge(now())
        await store.purgeChallenges(now())
        await store.purgeKeys(now() - KEY_KEPT_US)
      },
    },
  ]
}
