// Routes of /v1/orders: place, read, list, cancel.
//
// Placing awaits nothing before the sequencer has the command. The answer is made of the events of
// that command alone, so a repetition with the same id is the same bytes. An order that is not
// there and one of somebody else's are the same 404.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type AccountId, asId, type MarketId, type OrderId } from '#kernel/ids.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Clock } from '#kernel/time.ts'
import type { Principal, RouteAuth } from '#platform/auth/port.ts'
import {
  deadlineOf,
  limitOf,
  Nothing,
  principalOf,
  REFUSED,
  refused,
  wholeOf,
} from '#platform/http/port.ts'
import type { AccountAccess } from '#platform/portfolio/port.ts'
import type { Reply, Sequencer } from '#sequencer/port.ts'
import { fillJson, orderJson } from '#views/format.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { isFinished, type OrderRow, placedOrder } from '#views/order-row.ts'
import type { OrdersHistory } from '#views/orders-history.ts'
import { PROJECTOR_BACKLOG_MAX } from '#views/projector.ts'
import { type PlaceSubmission, placeSubmission } from './place-order.ts'
import * as schemas from './schemas.ts'

export type OrderRoutesDeps = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly views: LiveViews
  readonly ordersHistory: OrdersHistory
  readonly access: AccountAccess
  readonly clock: Clock
  /** Events that the projector is behind. */
  readonly projectorLag: () => number
  /** Ids for callers who give none; unique over restarts. */
  readonly newId: () => string
}

const READ: RouteAuth = { scope: 'read' }
const TRADE: RouteAuth = { scope: 'trade', byMarket: true }
const TAGS = ['orders']
const BODY_BYTES_MAX = 16_384

/** The plugin with all routes of this module. */
export function orderRoutes(deps: OrderRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    void app.register(placeRoute(deps))
    void app.register(readRoutes(deps))
    void app.register(cancelRoutes(deps))
    done()
  }
}

function placeRoute(deps: OrderRoutesDeps): FastifyPluginCallbackTypebox {
  const { sequencer, views } = deps
  const perTickLot = (market: MarketId) => views.listing.market(market).quotePerTickLot
  const placed = ({ events }: Reply) => {
    const result = placedOrder(events, perTickLot)
    if (result === undefined) return undefined
    const { order, fills } = result
    const fillsJson = fills.map((fill) => fillJson(views.listing, fill))
    return { order: orderJson(views.listing, order), fills: fillsJson }
  }
  return (app, _options, done) => {
    app.post(
      '/v1/orders',
      {
        config: { auth: TRADE },
        bodyLimit: BODY_BYTES_MAX,
        schema: {
          tags: TAGS,
          querystring: Nothing,
          body: schemas.PlaceBody,
          response: { 201: schemas.Placed, ...REFUSED },
        },
      },
      async (request, reply) => {
        const submission = submissionOf(deps, principalOf(request), request.body)
        if (!submission.ok) return refused(reply, submission)
        const answer = await sequencer.submit(submission.value, deadlineOf(request))
        if (answer.code !== null) return refused(reply, { code: answer.code })
        const json = placed(answer)
        return json === undefined ? refused(reply, { code: 'unknown' }) : reply.code(201).send(json)
      },
    )
    done()
  }
}

function submissionOf(
  { views, access, clock, newId, projectorLag }: OrderRoutesDeps,
  principal: Principal,
  body: schemas.PlaceBody,
): Result<PlaceSubmission> {
  const account = access.resolve(principal, body.account)
  if (!account.ok) return account
  if (projectorLag() > PROJECTOR_BACKLOG_MAX) return refuse('capacity.exhausted')
  if (!mayTrade(principal, body.market)) return refuse('auth.forbidden')
  const market = views.listing.marketBySymbol(body.market)
  if (market === undefined) return refuse('market.unknown')
  return placeSubmission(body, { market, account: account.value, now: clock(), newId })
}

function readRoutes(deps: OrderRoutesDeps): FastifyPluginCallbackTypebox {
  const { views } = deps
  return (app, _options, done) => {
    app.get(
      '/v1/orders/:id',
      {
        config: { auth: READ },
        schema: {
          tags: TAGS,
          params: schemas.OrderParams,
          querystring: schemas.AccountQuery,
          response: { 200: schemas.OneOrder, ...REFUSED },
        },
      },
      async (request, reply) => {
        const order = await findById(deps, principalOf(request), request)
        if (order === undefined) return refused(reply, { code: 'not_found' })
        return { order: orderJson(views.listing, order) }
      },
    )
    app.get(
      '/v1/orders/by-client-id/:clientOrderId',
      {
        config: { auth: READ },
        schema: {
          tags: TAGS,
          params: schemas.ClientIdParams,
          querystring: schemas.AccountQuery,
          response: { 200: schemas.OneOrder, ...REFUSED },
        },
      },
      async (request, reply) => {
        const order = await findByClientId(deps, principalOf(request), request)
        if (order === undefined) return refused(reply, { code: 'not_found' })
        return { order: orderJson(views.listing, order) }
      },
    )
    void app.register(listRoute(deps))
    done()
  }
}

function listRoute(deps: OrderRoutesDeps): FastifyPluginCallbackTypebox {
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
        const account = accountOf(access, principalOf(request), request.query)
        if (!account.ok) return refused(reply, account)
        const market = marketOf(views, request.query.market)
        if (!market.ok) return refused(reply, market)
        const page = await ordersHistory.list({
          accounts: [account.value],
          market: market.value,
          statuses: status === undefined ? undefined : [status],
          after: after === undefined ? undefined : wholeOf(after),
          limit: limitOf(limit),
        })
        return {
          items: page.items.map((row) => orderJson(views.listing, row)),
          next: page.next === null ? null : String(page.next),
          asOfSeq: page.asOfSeq,
        }
      },
    )
    done()
  }
}

function cancelRoutes(deps: OrderRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.delete(
      '/v1/orders/:id',
      {
        config: { auth: TRADE },
        schema: {
          tags: TAGS,
          params: schemas.OrderParams,
          querystring: schemas.AccountQuery,
          response: { 200: schemas.OneOrder, ...REFUSED },
        },
      },
      async (request, reply) => {
        const order = findById(deps, principalOf(request), request)
        const found = order instanceof Promise ? await order : order
        return answerCancel(deps, { request, reply }, found)
      },
    )
    app.delete(
      '/v1/orders/by-client-id/:clientOrderId',
      {
        config: { auth: TRADE },
        schema: {
          tags: TAGS,
          params: schemas.ClientIdParams,
          querystring: schemas.AccountQuery,
          response: { 200: schemas.OneOrder, ...REFUSED },
        },
      },
      async (request, reply) => {
        const order = await findByClientId(deps, principalOf(request), request)
        return answerCancel(deps, { request, reply }, order)
      },
    )
    void app.register(cancelAllRoute(deps))
    done()
  }
}

function cancelAllRoute(deps: OrderRoutesDeps): FastifyPluginCallbackTypebox {
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
        const account = accountOf(access, principalOf(request), request.query)
        if (!account.ok) return refused(reply, account)
        const market = marketOf(views, request.query.market)
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

type Asked = { readonly request: FastifyRequest; readonly reply: FastifyReply }

async function answerCancel(deps: OrderRoutesDeps, { request, reply }: Asked, order?: OrderRow) {
  const { listing } = deps.views
  if (order === undefined) return refused(reply, { code: 'not_found' })
  if (!mayTrade(principalOf(request), listing.market(order.market).symbol)) {
    return refused(reply, { code: 'auth.forbidden' })
  }
  if (isFinished(order)) return { order: orderJson(listing, order) }
  const { account, id } = order
  const command = { kind: 'cancel', account, orderId: id } as const
  const { code } = await deps.sequencer.submit(command, deadlineOf(request))
  // not_found: it was filled or cancelled before us, so there is a final state to tell.
  if (code !== null && code !== 'not_found') return refused(reply, { code })
  const final = deps.views.order(id) ?? (await deps.ordersHistory.get([account], id))
  if (final === undefined) return refused(reply, { code: 'not_found' })
  return { order: orderJson(listing, final) }
}

type OfAccount = { readonly account?: string }

/** From memory without waiting when the order is live; else from history. */
function findById(
  { views, ordersHistory, access }: OrderRoutesDeps,
  principal: Principal,
  request: { readonly params: { readonly id: string }; readonly query: OfAccount },
): OrderRow | undefined | Promise<OrderRow | undefined> {
  const number = wholeOf(request.params.id)
  if (number === undefined) return undefined
  const id = asId<OrderId>(number)
  const { account } = request.query
  const live = views.order(id)
  const isMeant = account === undefined || Number(account) === live?.account
  if (live !== undefined && isMeant && access.covers(principal, live.account)) return live
  // Somebody else's is looked for like one that is not there, so that time tells nothing.
  const accounts = accountsOf(access, principal, request.query)
  return accounts.length === 0 ? undefined : ordersHistory.get(accounts, id)
}

async function findByClientId(
  { ordersHistory, access }: OrderRoutesDeps,
  principal: Principal,
  request: { readonly params: { readonly clientOrderId: string }; readonly query: OfAccount },
): Promise<OrderRow | undefined> {
  const account = accountOf(access, principal, request.query)
  if (!account.ok) return undefined
  return ordersHistory.byClientId([account.value], request.params.clientOrderId)
}

/** The accounts a caller may mean: the one he names, or all of his. */
function accountsOf(access: AccountAccess, principal: Principal, query: OfAccount) {
  if (query.account === undefined) return access.all(principal)
  const account = accountOf(access, principal, query)
  return account.ok ? [account.value] : []
}

function accountOf(
  access: AccountAccess,
  principal: Principal,
  { account }: OfAccount,
): Result<AccountId> {
  return access.resolve(principal, account === undefined ? undefined : Number(account))
}

/** A key may be held to some markets: it changes nothing that does not name one of them. */
function mayTrade({ marketsOnly }: Principal, market: string | undefined): boolean {
  return marketsOnly === undefined || (market !== undefined && marketsOnly.has(market))
}

function marketOf(views: LiveViews, symbol: string | undefined): Result<MarketId | undefined> {
  if (symbol === undefined) return accept(undefined)
  const market = views.listing.marketBySymbol(symbol)
  return market === undefined ? refuse('not_found') : accept(market.id)
}
