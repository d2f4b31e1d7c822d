// Account access: the one place that says whose account is whose.
//
// An account that is not there and one that belongs to somebody else are the same refusal, so that
// nobody learns which accounts exist. A key bound to one account reaches no other. An auditor reads
// every account: no route that changes anything lets him in.

import { type AccountId, asId } from '#kernel/ids.ts'
import { accept, refuse } from '#kernel/result.ts'
import type { Principal } from '#platform/auth/port.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import type { AccountAccess } from './port.ts'

export function createAccountAccess(views: Pick<LiveViews, 'account' | 'accountsOfOwner'>) {
  const covers = (principal: Principal, account: AccountId): boolean => {
    const { accountOnly } = principal
    if (accountOnly !== undefined && accountOnly !== account) return false
    const row = views.account(account)
    if (row !== undefined && principal.capabilities.has('auditor')) return true
    return row?.owner === principal.account
  }
  const access: AccountAccess = {
    covers,
    resolve: (principal, asked = principal.accountOnly ?? principal.account) => {
      const account = asId<AccountId>(asked)
      return covers(principal, account) ? accept(account) : refuse('not_found')
    },
    all: (principal) =>
      views
        .accountsOfOwner(asId(principal.account))
        .map((row) => row.account)
        .filter((account) => covers(principal, account)),
  }
  return access
}
