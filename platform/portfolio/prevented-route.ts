// Route that reads prevented matches: where two orders of one owner met and did not trade.
//
// One row a match, told to both accounts of it, which are one owner's. What became of the orders
// stands with them: cancelled with the reason order.self_trade, or smaller.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { AccountId } from '#kernel/ids.ts'
import type { RouteAuth } from '#platform/auth/port.ts'
import { principalOf, REFUSED, refused } from '#platform/http/port.ts'
import { preventedJson } from '#views/format.ts'
import type { HistoryRoutesDeps } from './history-routes.ts'
import { marketListPage, marketListQuery } from './market-list.ts'
import * as schemas from './schemas.ts'

const READ: RouteAuth = { scope: 'read' }
const DESCRIPTION = `Where self-trade prevention kept two orders of one owner from trading, newest
first: price and size are what would have traded, selfTrade what was done instead. A match of two
accounts is in the list of both; a key bound to one of them is told null for the other side.`

export function preventedRoute(deps: HistoryRoutesDeps): FastifyPluginCallbackTypebox {
  const { views, accountHistory, access } = deps
  return (app, _options, done) => {
    app.get(
      '/v1/prevented-matches',
      {
        config: { auth: READ, weight: 2 },
        schema: {
          tags: ['portfolio'],
          description: DESCRIPTION,
          querystring: schemas.MarketListQuery,
          response: { 200: schemas.PreventedPage, ...REFUSED },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request)
        const asked = marketListQuery(deps, principal, request.query)
        if (!asked.ok) return refused(reply, asked)
        const page = await accountHistory.prevented(asked.value)
        const covers = (account: AccountId) => access.covers(principal, account)
        return marketListPage(page, (row) => preventedJson(views.listing, row, covers))
      },
    )
    done()
  }
}
