// Routes that place and amend orders, one by one or in a batch.
//
// Nothing is awaited before the sequencer has the command. PATCH changes what its body names and
// answers the order as it stands then.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifySchema, FastifySchemaCompiler } from 'fastify'
import { assert } from '#kernel/assert.ts'
import type { RouteAuth } from '#platform/auth/port.ts'
import { deadlineOf, Nothing, principalOf, REFUSED, refused, wholeOf } from '#platform/http/port.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { sendOutcome } from './answers.ts'
import { BatchBody, isCheckedBatch, type OrderEntry, PlaceBody } from './port.ts'
import * as schemas from './schemas.ts'

export type ChangeRoutesDeps = {
  readonly entry: OrderEntry
  readonly views: Pick<LiveViews, 'listing'>
}

const TRADE: RouteAuth = { scope: 'trade', byMarket: true }
const TAGS = ['orders']
const BODY_BYTES_MAX = 16_384
/** Whatever the number of its commands: a batch saves us most of what a request costs. */
const BATCH_WEIGHT = 5
const BATCH_TEXT = `Journaled as one group, in this order; each command has its own result. With
answers: "ack" the result of a command that was done is { status, id } and nothing more.`
const JSON_TYPE = 'application/json; charset=utf-8'

/** POST /v1/orders and POST /v1/orders/batch. */
export function placeRoutes({ entry, views }: ChangeRoutesDeps): FastifyPluginCallbackTypebox {
  const { listing } = views
  return (app, _options, done) => {
    app.post(
      '/v1/orders',
      {
        config: { auth: TRADE },
        bodyLimit: BODY_BYTES_MAX,
        schema: {
          tags: TAGS,
          querystring: Nothing,
          body: PlaceBody,
          response: { 201: schemas.Placed, ...REFUSED },
        },
      },
      async (request, reply) => {
        const item = { place: request.body }
        const outcome = await entry.runOne(principalOf(request), item, deadlineOf(request))
        return sendOutcome(reply, listing, outcome)
      },
    )
    app.post(
      '/v1/orders/batch',
      {
        config: { auth: TRADE, weight: BATCH_WEIGHT },
        bodyLimit: BODY_BYTES_MAX,
        validatorCompiler: onceChecked(app),
        schema: {
          tags: TAGS,
          description: BATCH_TEXT,
          querystring: Nothing,
          body: BatchBody,
          response: { 200: schemas.BatchAnswer, ...REFUSED },
        },
      },
      async (request, reply) => {
        const { orders, answers } = request.body
        const arrival = { ...deadlineOf(request), answers }
        const results = await entry.run(principalOf(request), orders, arrival)
        return reply.type(JSON_TYPE).send(`{"results":${results}}` as never) // Of the schema.
      },
    )
    done()
  }
}

/** The app's own checks, but for a body that was checked when it was read. */
function onceChecked(app: FastifyInstance): FastifySchemaCompiler<FastifySchema> {
  return (route) => {
    // It is there by now: the route before this one has a schema, too.
    const check = app.validatorCompiler?.(route)
    assert(check !== undefined, 'the app has a compiler of schemas')
    if (route.httpPart !== 'body') return check
    const checkOnce: typeof check = (value) => {
      if (isCheckedBatch(value)) return true
      const isRight = check(value)
      checkOnce.errors = check.errors ?? null
      return isRight
    }
    return checkOnce
  }
}

/** PATCH of an order, by either id. */
export function amendRoutes({ entry, views }: ChangeRoutesDeps): FastifyPluginCallbackTypebox {
  const { listing } = views
  const schema = {
    tags: TAGS,
    querystring: schemas.AccountQuery,
    body: schemas.AmendBody,
    response: { 200: schemas.Placed, ...REFUSED },
  }
  return (app, _options, done) => {
    app.patch(
      '/v1/orders/:id',
      { config: { auth: TRADE }, schema: { ...schema, params: schemas.OrderParams } },
      async (request, reply) => {
        const id = wholeOf(request.params.id)
        if (id === undefined) return refused(reply, { code: 'not_found' })
        const amend = { id, ...accountOf(request.query), ...request.body }
        const outcome = await entry.runOne(principalOf(request), { amend }, deadlineOf(request))
        return sendOutcome(reply, listing, outcome)
      },
    )
    app.patch(
      '/v1/orders/by-client-id/:clientOrderId',
      { config: { auth: TRADE }, schema: { ...schema, params: schemas.ClientIdParams } },
      async (request, reply) => {
        const { clientOrderId } = request.params
        const amend = { clientOrderId, ...accountOf(request.query), ...request.body }
        const outcome = await entry.runOne(principalOf(request), { amend }, deadlineOf(request))
        return sendOutcome(reply, listing, outcome)
      },
    )
    done()
  }
}

/** The account that a query names, as a body would. */
export function accountOf({ account }: { readonly account?: string }): { account?: number } {
  return account === undefined ? {} : { account: Number(account) }
}
