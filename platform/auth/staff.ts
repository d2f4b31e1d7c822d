// Staff: what support may see of a user and do for him.
//
// Nothing here tells a secret or a password's hash, and nothing gets anybody in.

import { accept, refuse } from '#kernel/result.ts'
import type { ChallengeStore } from './challenge-store.ts'
import { canonicalEmail } from './email.ts'
import type { Live } from './live.ts'
import type { PasswordCheck } from './password-check.ts'
import type { Auth } from './port.ts'
import { toUser } from './registration.ts'
import type { AuthStore } from './store.ts'

export type Staff = Pick<Auth, 'findByEmail' | 'endSessions' | 'unlockUser'>

export type StaffDeps = {
  readonly live: Live
  readonly store: Pick<AuthStore, 'findUser' | 'findUserByEmail'> &
    Pick<ChallengeStore, 'clearAllowance'>
  readonly passwordCheck: PasswordCheck
  readonly endSessions: (userId: string) => Promise<void>
}

export function createStaff({ live, store, passwordCheck, endSessions }: StaffDeps): Staff {
  return {
    findByEmail: async (text) => {
      const email = canonicalEmail(text)
      const row = email === undefined ? undefined : await store.findUserByEmail(email)
      if (row === undefined) return undefined
      const user = live.users.get(row.id)
      const counts = { sessions: user?.sessions.size ?? 0, keys: user?.keys.size ?? 0 }
      const { account, capabilities } = row
      return { ...toUser(row), account, capabilities, ...counts }
    },
    endSessions: async (userId) => {
      if ((await store.findUser(userId)) === undefined) return refuse('not_found')
      await endSessions(userId)
      return accept(null)
    },
    unlockUser: async (userId) => {
      const row = await store.findUser(userId)
      if (row === undefined) return refuse('not_found')
      await passwordCheck.unlock(row.email)
      await store.clearAllowance(`factor:${userId}`)
      return accept(null)
    },
  }
}
