// Routes that read orders: one by either id, and lists, newest first.
//
// What is open comes from memory, what is over from history; an order that is not there and one of
// somebody else's are the same 404.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { MarketId } from '#kernel/ids.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { RouteAuth } from '#platform/auth/port.ts'
import { limitOf, principalOf, REFUSED, refused, wholeOf } from '#platform/http/port.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { accountOf } from './change-routes.ts'
import {
  type CurrentTriggersDeps,
  withCurrentTrigger,
  withCurrentTriggers,
} from './current-triggers.ts'
import { type FindOrderDeps, findOrder } from './find-order.ts'
import * as schemas from './schemas.ts'

export type ReadRoutesDeps = FindOrderDeps & CurrentTriggersDeps & { readonly views: LiveViews }

const READ: RouteAuth = { scope: 'read' }
const TAGS = ['orders']

/** GET of an order by either id, and of the list. */
export function readRoutes(deps: ReadRoutesDeps): FastifyPluginCallbackTypebox {
  const schema = {
    tags: TAGS,
    querystring: schemas.AccountQuery,
    response: { 200: schemas.OneOrder, ...REFUSED },
  }
  return (app, _options, done) => {
    app.get(
      '/v1/orders/:id',
      { config: { auth: READ }, schema: { ...schema, params: schemas.OrderParams } },
      async (request, reply) => {
        const id = wholeOf(request.params.id)
        const name = { id, ...accountOf(request.query) }
        const order = await findOrder(deps, principalOf(request), name)
        if (order === undefined) return refused(reply, { code: 'not_found' })
        return { order: await withCurrentTrigger(deps, order) }
      },
    )
    app.get(
      '/v1/orders/by-client-id/:clientOrderId',
      { config: { auth: READ }, schema: { ...schema, params: schemas.ClientIdParams } },
      async (request, reply) => {
        const name = { ...request.params, ...accountOf(request.query) }
        const order = await findOrder(deps, principalOf(request), name)
        if (order === undefined) return refused(reply, { code: 'not_found' })
        return { order: await withCurrentTrigger(deps, order) }
      },
    )
    void app.register(listRoute(deps))
    done()
  }
}

function listRoute(deps: ReadRoutesDeps): FastifyPluginCallbackTypebox {
  const { views, ordersHistory, access } = deps
  return (app, _options, done) => {
    app.get(
      '/v1/orders',
      {
        config: { auth: READ, weight: 2 },
        schema: {
          tags: TAGS,
          querystring: schemas.OrdersQuery,
          response: { 200: schemas.OrderPage, ...REFUSED },
        },
      },
      async (request, reply) => {
        const { status, after, limit } = request.query
        const account = access.resolve(principalOf(request), accountOf(request.query).account)
        if (!account.ok) return refused(reply, account)
        const market = marketIdOf(views, request.query.market)
        if (!market.ok) return refused(reply, market)
        const page = await ordersHistory.list({
          accounts: [account.value],
          market: market.value,
          statuses: status === undefined ? undefined : [status],
          after: after === undefined ? undefined : wholeOf(after),
          limit: limitOf(limit),
        })
        return {
          items: await withCurrentTriggers(deps, page.items),
          next: page.next === null ? null : String(page.next),
          asOfSeq: page.asOfSeq,
        }
      },
    )
    done()
  }
}

/** not_found for a market that a query names and nobody listed. */
export function marketIdOf(
  { listing }: Pick<LiveViews, 'listing'>,
  symbol: string | undefined,
): Result<MarketId | undefined> {
  if (symbol === undefined) return accept(undefined)
  const market = listing.marketBySymbol(symbol)
  return market === undefined ? refuse('not_found') : accept(market.id)
}
