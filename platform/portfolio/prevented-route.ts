// Route that reads prevented matches: where two orders of one owner met and did not trade.
//
// One row a match, told to both accounts of it, which are one owner's. What became of the orders
// stands with them: cancelled with the reason order.self_trade, or smaller.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { type AccountId, asId } from '#kernel/ids.ts'
import type { RouteAuth } from '#platform/auth/port.ts'
import { limitOf, principalOf, REFUSED, refused, wholeOf } from '#platform/http/port.ts'
import { preventedJson } from '#views/format.ts'
import type { HistoryRoutesDeps } from './history-routes.ts'
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
          querystring: schemas.FillsQuery,
          response: { 200: schemas.PreventedPage, ...REFUSED },
        },
      },
      async (request, reply) => {
        const { account: number, after, limit, market: symbol } = request.query
        const asked = number === undefined ? undefined : asId<never>(Number(number))
        const principal = principalOf(request)
        const account = access.resolve(principal, asked)
        if (!account.ok) return refused(reply, account)
        const market = symbol === undefined ? undefined : views.listing.marketBySymbol(symbol)
        if (symbol !== undefined && market === undefined)
          return refused(reply, { code: 'not_found' })
        const page = await accountHistory.prevented({
          accounts: [account.value],
          after: after === undefined ? undefined : wholeOf(after),
          limit: limitOf(limit),
          ...(market === undefined ? {} : { market: market.id }),
        })
        const covers = (one: AccountId) => access.covers(principal, one)
        const items = page.items.map((row) => preventedJson(views.listing, row, covers))
        return { items, next: page.next === null ? null : String(page.next), asOfSeq: page.asOfSeq }
      },
    )
    done()
  }
}
