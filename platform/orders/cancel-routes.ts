// Routes that end orders: one, all of a market or side, and by a timer that was not set again.
//
// A repeated cancel answers the order's final state. The timer belongs to the API key that sets it
// and cancels what that key placed; a person has none.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { RouteAuth } from '#platform/auth/port.ts'
import { deadlineOf, Nothing, principalOf, REFUSED, refused, wholeOf } from '#platform/http/port.ts'
import { sendOutcome } from './answers.ts'
import { accountOf, type ChangeRoutesDeps } from './change-routes.ts'
import { mayTrade } from './may-trade.ts'
import type { OrderEntryDeps } from './order-entry.ts'
import { marketIdOf } from './read-routes.ts'
import * as schemas from './schemas.ts'

export type CancelRoutesDeps = ChangeRoutesDeps &
  Pick<OrderEntryDeps, 'sequencer' | 'views' | 'access'>

const TRADE: RouteAuth = { scope: 'trade', byMarket: true }
/** The timer is over every order of its key, so a key that is held to some markets has none. */
const ALL_MARKETS: RouteAuth = { scope: 'trade' }
const TAGS = ['orders']

/** DELETE of an order by either id, of all, and POST /v1/orders/cancel-after. */
export function cancelRoutes(deps: CancelRoutesDeps): FastifyPluginCallbackTypebox {
  const schema = {
    tags: TAGS,
    querystring: schemas.AccountQuery,
    response: { 200: schemas.OneOrder, ...REFUSED },
  }
  const { entry, views } = deps
  return (app, _options, done) => {
    app.delete(
      '/v1/orders/:id',
      { config: { auth: TRADE }, schema: { ...schema, params: schemas.OrderParams } },
      async (request, reply) => {
        const id = wholeOf(request.params.id)
        if (id === undefined) return refused(reply, { code: 'not_found' })
        const cancel = { id, ...accountOf(request.query) }
        const outcome = await entry.runOne(principalOf(request), { cancel }, deadlineOf(request))
        return sendOutcome(reply, views.listing, outcome)
      },
    )
    app.delete(
      '/v1/orders/by-client-id/:clientOrderId',
      { config: { auth: TRADE }, schema: { ...schema, params: schemas.ClientIdParams } },
      async (request, reply) => {
        const cancel = { ...request.params, ...accountOf(request.query) }
        const outcome = await entry.runOne(principalOf(request), { cancel }, deadlineOf(request))
        return sendOutcome(reply, views.listing, outcome)
      },
    )
    void app.register(cancelAllRoute(deps))
    void app.register(cancelAfterRoute(deps))
    done()
  }
}

function cancelAllRoute(deps: CancelRoutesDeps): FastifyPluginCallbackTypebox {
  const { sequencer, views, access } = deps
  return (app, _options, done) => {
    app.delete(
      '/v1/orders',
      {
        config: { auth: TRADE, weight: 5 },
        schema: {
          tags: TAGS,
          querystring: schemas.CancelAllQuery,
          response: { 200: schemas.Cancelled, ...REFUSED },
        },
      },
      async (request, reply) => {
        const account = access.resolve(principalOf(request), accountOf(request.query).account)
        if (!account.ok) return refused(reply, account)
        const market = marketIdOf(views, request.query.market)
        if (!market.ok) return refused(reply, market)
        // A key that is held to some markets names one of them.
        if (!mayTrade(principalOf(request), request.query.market)) {
          return refused(reply, { code: 'auth.forbidden' })
        }
        const { side = null } = request.query
        const what = { account: account.value, market: market.value ?? null, side }
        const command = { kind: 'cancelAll', ...what } as const
        const { code, events } = await sequencer.submit(command, deadlineOf(request))
        if (code !== null) return refused(reply, { code })
        return { cancelled: events.filter(({ kind }) => kind === 'cancelled').length }
      },
    )
    done()
  }
}

function cancelAfterRoute({ sequencer, access }: CancelRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.post(
      '/v1/orders/cancel-after',
      {
        config: { auth: ALL_MARKETS },
        schema: {
          tags: TAGS,
          description: 'Unless asked again within so long, the orders of this key are cancelled.',
          querystring: Nothing,
          body: schemas.CancelAfterBody,
          response: { 200: schemas.CancelAfter, ...REFUSED },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request)
        const account = access.resolve(principal, request.body.account)
        if (!account.ok) return refused(reply, account)
        const { keyNumber: key } = principal
        if (key === undefined) return refused(reply, { code: 'auth.forbidden' })
        const { cancelAfterMs } = request.body
        const command = { kind: 'cancelAfter', account: account.value, key, cancelAfterMs } as const
        const { code, events } = await sequencer.submit(command, deadlineOf(request))
        if (code !== null) return refused(reply, { code })
        const set = events.find((event) => event.kind === 'deadManSet')
        return { dueAt: set === undefined || set.dueAt === 0 ? null : set.dueAt }
      },
    )
    done()
  }
}
