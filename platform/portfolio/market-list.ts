// Market list: what a list of an account, perhaps of one market, is asked for and answers.
//
// Of fills and of prevented matches alike: newest first, by the number of the event.

import { type AccountId, asId, type MarketId } from '#kernel/ids.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Principal } from '#platform/auth/port.ts'
import { limitOf, wholeOf } from '#platform/http/port.ts'
import type { HistoryPage, HistoryQuery } from '#views/account-history.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import type { AccountAccess } from './port.ts'
import type { MarketListQuery } from './schemas.ts'

type Deps = {
  readonly views: Pick<LiveViews, 'listing'>
  readonly access: AccountAccess
}

/** not_found for an account of somebody else and for a market that nobody listed. */
export function marketListQuery(
  { views, access }: Deps,
  principal: Principal,
  { account, after, limit, market: symbol }: MarketListQuery,
): Result<HistoryQuery & { readonly market?: MarketId }> {
  const asked = account === undefined ? undefined : asId<AccountId>(Number(account))
  const resolved = access.resolve(principal, asked)
  if (!resolved.ok) return resolved
  const market = symbol === undefined ? undefined : views.listing.marketBySymbol(symbol)
  if (symbol !== undefined && market === undefined) return refuse('not_found')
  return accept({
    accounts: [resolved.value],
    after: after === undefined ? undefined : wholeOf(after),
    limit: limitOf(limit),
    ...(market === undefined ? {} : { market: market.id }),
  })
}

/** The page with its rows as they are told. */
export function marketListPage<Row, Item>(
  { items, next, asOfSeq }: HistoryPage<Row>,
  told: (row: Row) => Item,
) {
  return { items: items.map(told), next: next === null ? null : String(next), asOfSeq }
}
