// Routes that read what an account has and had: balances, fills, ledger, PnL.
//
// Balances come from memory as of the last released command; the rest is history and says
// asOfSeq. Every query names the accounts it may see; there is none without.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { type AccountId, asId } from '#kernel/ids.ts'
import { accept, refuse } from '#kernel/result.ts'
import type { RouteAuth } from '#platform/auth/port.ts'
import { limitOf, principalOf, REFUSED, refused } from '#platform/http/port.ts'
import { type AccountHistory, ledgerCursorText, parseLedgerCursor } from '#views/account-history.ts'
import { balanceJson, fillJson, ledgerJson } from '#views/format.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { pnlJson } from '#views/pnl.ts'
import { marketListPage, marketListQuery } from './market-list.ts'
import type { AccountAccess } from './port.ts'
import * as schemas from './schemas.ts'

export type HistoryRoutesDeps = {
  readonly views: LiveViews
  readonly accountHistory: AccountHistory
  readonly access: AccountAccess
}

const READ: RouteAuth = { scope: 'read' }
const TAGS = ['portfolio']

/** The plugin with these routes. */
export function historyRoutes(deps: HistoryRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    void app.register(balancesRoute(deps))
    void app.register(fillsRoute(deps))
    void app.register(ledgerRoute(deps))
    void app.register(pnlRoute(deps))
    done()
  }
}

function balancesRoute({ views, access }: HistoryRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get(
      '/v1/balances',
      {
        config: { auth: READ },
        schema: {
          tags: TAGS,
          querystring: schemas.AccountQuery,
          response: { 200: schemas.Balances, ...REFUSED },
        },
      },
      async (request, reply) => {
        const account = access.resolve(principalOf(request), accountNumber(request.query))
        if (!account.ok) return refused(reply, account)
        const rows = views.balances(account.value)
        const items = rows.map((row) => balanceJson(views.listing, row))
        return { items, next: null, asOfSeq: views.asOf().seq }
      },
    )
    done()
  }
}

function fillsRoute(deps: HistoryRoutesDeps): FastifyPluginCallbackTypebox {
  const { views, accountHistory } = deps
  return (app, _options, done) => {
    app.get(
      '/v1/fills',
      {
        config: { auth: READ, weight: 2 },
        schema: {
          tags: TAGS,
          querystring: schemas.MarketListQuery,
          response: { 200: schemas.FillPage, ...REFUSED },
        },
      },
      async (request, reply) => {
        const asked = marketListQuery(deps, principalOf(request), request.query)
        if (!asked.ok) return refused(reply, asked)
        const page = await accountHistory.fills(asked.value)
        return marketListPage(page, (row) => fillJson(views.listing, row))
      },
    )
    done()
  }
}

function ledgerRoute(deps: HistoryRoutesDeps): FastifyPluginCallbackTypebox {
  const { views, accountHistory, access } = deps
  return (app, _options, done) => {
    app.get(
      '/v1/ledger',
      {
        config: { auth: READ, weight: 2 },
        schema: {
          tags: TAGS,
          querystring: schemas.LedgerQuery,
          response: { 200: schemas.LedgerPage, ...REFUSED },
        },
      },
      async (request, reply) => {
        const { after, limit } = request.query
        const account = access.resolve(principalOf(request), accountNumber(request.query))
        if (!account.ok) return refused(reply, account)
        const assets = assetsOf(views, request.query.asset)
        if (!assets.ok) return refused(reply, assets)
        const cursor = after === undefined ? undefined : parseLedgerCursor(after)
        if (after !== undefined && cursor === undefined) {
          return refused(reply, { code: 'request.malformed', details: { where: 'after' } })
        }
        const page = await accountHistory.ledger({
          accounts: [account.value],
          assets: assets.value,
          after: cursor,
          limit: limitOf(limit),
        })
        const items = page.items.map((row) => ledgerJson(views.listing, row))
        const next = page.next === null ? null : ledgerCursorText(page.next)
        return { items, next, asOfSeq: page.asOfSeq }
      },
    )
    done()
  }
}

function pnlRoute(deps: HistoryRoutesDeps): FastifyPluginCallbackTypebox {
  const { views, accountHistory, access } = deps
  return (app, _options, done) => {
    app.get(
      '/v1/pnl',
      {
        config: { auth: READ, weight: 2 },
        schema: {
          tags: TAGS,
          querystring: schemas.AccountQuery,
          response: { 200: schemas.Pnl, ...REFUSED },
        },
      },
      async (request, reply) => {
        const account = access.resolve(principalOf(request), accountNumber(request.query))
        if (!account.ok) return refused(reply, account)
        const page = await accountHistory.positions([account.value])
        const items = page.items.map((row) =>
          pnlJson(views.listing, row, views.lastPrice(row.market)),
        )
        return { items, next: null, asOfSeq: page.asOfSeq }
      },
    )
    done()
  }
}

function accountNumber({ account }: { readonly account?: string }): AccountId | undefined {
  return account === undefined ? undefined : asId(Number(account))
}

/** One asset, or all of them. */
function assetsOf({ listing }: LiveViews, symbol: string | undefined) {
  if (symbol === undefined) return accept(listing.assets().map((asset) => asset.id))
  const asset = listing.assetBySymbol(symbol)
  return asset === undefined ? refuse('not_found') : accept([asset.id])
}
