// Routes that change accounts: open a sub-account, transfer between own accounts, faucet.
//
// Each carries the caller's requestId, so that asking again is safe; answers are made of the events
// of the one command, byte for byte the same for a repetition.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { type Amount, asUnit, parseDecimal } from '#kernel/amount.ts'
import { type AccountId, type AssetId, asId } from '#kernel/ids.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { asMicros, type Clock } from '#kernel/time.ts'
import type { Principal, RouteAuth } from '#platform/auth/port.ts'
import { deadlineOf, Nothing, principalOf, REFUSED, refused } from '#platform/http/port.ts'
import type { Sequencer } from '#sequencer/port.ts'
import { amountText } from '#views/decimals.ts'
import { accountJson } from '#views/format.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import type { AccountAccess } from './port.ts'
import * as schemas from './schemas.ts'

export type FaucetAmounts = readonly { readonly asset: string; readonly amount: string }[]

export type AccountRoutesDeps = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly views: LiveViews
  readonly access: AccountAccess
  readonly clock: Clock
  /** What one request gives; null where there is no faucet. */
  readonly faucet: FaucetAmounts | null
}

const READ: RouteAuth = { scope: 'read' }
const TRADE: RouteAuth = { scope: 'trade' }
const TAGS = ['accounts']

/** The plugin with these routes. */
export function accountRoutes(deps: AccountRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    void app.register(accountsRoutes(deps))
    void app.register(transferRoute(deps))
    if (deps.faucet !== null) void app.register(faucetRoute(deps, deps.faucet))
    done()
  }
}

function accountsRoutes(deps: AccountRoutesDeps): FastifyPluginCallbackTypebox {
  const { sequencer, views, access, clock } = deps
  return (app, _options, done) => {
    app.get(
      '/v1/accounts',
      {
        config: { auth: READ },
        schema: {
          tags: TAGS,
          querystring: Nothing,
          response: { 200: schemas.Accounts, ...REFUSED },
        },
      },
      async (request) => {
        const ids = access.all(principalOf(request))
        const rows = ids.map((id) => views.account(id)).filter((row) => row !== undefined)
        return { items: rows.map(accountJson), next: null }
      },
    )
    app.post(
      '/v1/accounts',
      {
        config: { auth: TRADE, weight: 10 },
        schema: {
          tags: TAGS,
          querystring: Nothing,
          body: schemas.OpenAccountBody,
          response: { 201: schemas.OneAccount, ...REFUSED },
        },
      },
      async (request, reply) => {
        const owner = ownAccount(principalOf(request))
        if (!owner.ok) return refused(reply, owner)
        const { name, requestId } = request.body
        const stamp = stampOf(request.body, clock)
        const command = { kind: 'openSubAccount', account: owner.value, name, requestId } as const
        const { code, events } = await sequencer.submit(
          { ...command, ...stamp },
          deadlineOf(request),
        )
        if (code !== null) return refused(reply, { code })
        const opened = events.find((event) => event.kind === 'accountOpened')
        if (opened === undefined) return refused(reply, { code: 'unknown' })
        return reply.code(201).send({ account: accountJson(opened) })
      },
    )
    done()
  }
}

function transferRoute(deps: AccountRoutesDeps): FastifyPluginCallbackTypebox {
  const { sequencer, views, clock } = deps
  return (app, _options, done) => {
    app.post(
      '/v1/transfers',
      {
        config: { auth: TRADE },
        schema: {
          tags: TAGS,
          querystring: Nothing,
          body: schemas.TransferBody,
          response: { 201: schemas.OneTransfer, ...REFUSED },
        },
      },
      async (request, reply) => {
        const checked = transferOf(deps, principalOf(request), request.body)
        if (!checked.ok) return refused(reply, checked)
        const { requestId } = request.body
        const stamp = stampOf(request.body, clock)
        const command = { kind: 'transfer', ...checked.value, requestId } as const
        const { code, events, seq } = await sequencer.submit(
          { ...command, ...stamp },
          deadlineOf(request),
        )
        if (code !== null) return refused(reply, { code })
        const done = events.find((event) => event.kind === 'transferred')
        if (done === undefined) return refused(reply, { code: 'unknown' })
        const { from, to, asset: id, amount, time: at } = done
        const asset = views.listing.asset(id)
        const money = { asset: asset.symbol, amount: amountText(asset, amount) }
        return reply.code(201).send({ transfer: { id: seq, requestId, from, to, ...money, at } })
      },
    )
    done()
  }
}

type TransferTerms = {
  readonly account: AccountId
  readonly from: AccountId
  readonly to: AccountId
  readonly asset: AssetId
  readonly amount: Amount
}

/** not_found for accounts that are not the caller's, asset.unknown, request.malformed. */
function transferOf(
  { views, access }: AccountRoutesDeps,
  principal: Principal,
  body: schemas.TransferBody,
): Result<TransferTerms> {
  const from = access.resolve(principal, body.from)
  if (!from.ok) return from
  const to = access.resolve(principal, body.to)
  if (!to.ok) return to
  const asset = views.listing.assetBySymbol(body.asset)
  if (asset === undefined) return refuse('asset.unknown')
  const amount = parseDecimal(body.amount, asset.scale)
  if (!amount.ok && amount.why === 'too_large') return refuse('order.too_large')
  if (!amount.ok) return refuse('request.malformed', { why: amount.why })
  const money = { asset: asset.id, amount: asUnit<Amount>(amount.units) }
  return accept({ account: from.value, from: from.value, to: to.value, ...money })
}

function faucetRoute(
  { sequencer, views, clock }: AccountRoutesDeps,
  faucet: FaucetAmounts,
): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.post(
      '/v1/faucet',
      {
        config: { auth: TRADE, weight: 50 },
        schema: {
          tags: TAGS,
          querystring: Nothing,
          body: schemas.FaucetBody,
          response: { 201: schemas.Faucet, ...REFUSED },
        },
      },
      async (request, reply) => {
        const account = ownAccount(principalOf(request))
        if (!account.ok) return refused(reply, account)
        const { requestId } = request.body
        const amounts = amountsOf(views, faucet)
        const command = { kind: 'faucet', account: account.value, requestId, amounts } as const
        const stamp = stampOf(request.body, clock)
        const { code, events } = await sequencer.submit(
          { ...command, ...stamp },
          deadlineOf(request),
        )
        if (code !== null) return refused(reply, { code })
        const given = events.filter((one) => one.kind === 'posting' && one.amount > 0)
        const credits = given.flatMap((posting) => {
          if (posting.kind !== 'posting') return []
          const asset = views.listing.asset(posting.asset)
          return [{ asset: asset.symbol, amount: amountText(asset, posting.amount) }]
        })
        return reply.code(201).send({ credits })
      },
    )
    done()
  }
}

/** The amounts of the assets that are listed. */
function amountsOf(views: LiveViews, faucet: FaucetAmounts) {
  return faucet.flatMap(({ asset: symbol, amount }) => {
    const asset = views.listing.assetBySymbol(symbol)
    const parsed = asset === undefined ? undefined : parseDecimal(amount, asset.scale)
    if (asset === undefined || parsed?.ok !== true) return []
    return [{ asset: asset.id, amount: asUnit<Amount>(parsed.units) }]
  })
}

/** The caller's main account; a key bound to a sub-account may not act for it. */
function ownAccount({ account, accountOnly }: Principal): Result<AccountId> {
  if (accountOnly !== undefined && accountOnly !== account) return refuse('auth.forbidden')
  return accept(asId(account))
}

function stampOf({ sentAt }: { readonly sentAt?: number }, clock: Clock) {
  return { sentAt: asMicros(sentAt ?? clock()), sentAtGiven: sentAt !== undefined }
}
