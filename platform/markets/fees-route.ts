// Route that tells what a customer pays in each market, and why.
//
// Counted by the engine, as the next order will be: per owner and quote asset, all his accounts
// together, today and the 29 days before. Orders keep the rates of their acceptance.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { asId } from '#kernel/ids.ts'
import type { RouteAuth } from '#platform/auth/port.ts'
import { principalOf, REFUSED, refused } from '#platform/http/port.ts'
import type { AccountAccess } from '#platform/portfolio/port.ts'
import type { Sequencer } from '#sequencer/port.ts'
import { feesJson } from '#views/format-market.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import * as schemas from './schemas.ts'

export type FeesRouteDeps = {
  readonly sequencer: Pick<Sequencer, 'volumesOf'>
  readonly views: LiveViews
  readonly access: AccountAccess
}

const READ: RouteAuth = { scope: 'read' }
const DESCRIPTION = `The rates that an order placed now would keep, of every market that is traded:
those of the last tier whose minNotional is at most quoteVolume30d. That is what the owner of the
account has traded, with all accounts and in all markets of the quote asset, in the UTC day and the
29 before it; a key that is bound to a sub-account gets null. nextTier is null in the last tier;
tiers are counted from 1.`

export function feesRoute(deps: FeesRouteDeps): FastifyPluginCallbackTypebox {
  const { sequencer, views, access } = deps
  return (app, _options, done) => {
    app.get(
      '/v1/fees',
      {
        config: { auth: READ, weight: 2 },
        schema: {
          tags: ['portfolio'],
          description: DESCRIPTION,
          querystring: schemas.FeesQuery,
          response: { 200: schemas.FeesAnswer, ...REFUSED },
        },
      },
      async (request, reply) => {
        const { account: number, market: symbol } = request.query
        const asked = number === undefined ? undefined : asId<never>(Number(number))
        const principal = principalOf(request)
        const account = access.resolve(principal, asked)
        const owner = account.ok ? views.account(account.value)?.owner : undefined
        if (owner === undefined) return refused(reply, { code: 'not_found' })
        const all = symbol === undefined ? views.listing.markets() : []
        const one = symbol === undefined ? undefined : views.listing.marketBySymbol(symbol)
        if (symbol !== undefined && one === undefined) return refused(reply, { code: 'not_found' })
        const counted = await sequencer.volumesOf(owner)
        if (counted === null) return refused(reply, { code: 'capacity.exhausted' })
        const { seq, volumes } = counted
        // What the owner trades elsewhere is not for a key that is bound to one account.
        const isShown = access.covers(principal, owner)
        const items = (one === undefined ? all : [one]).flatMap((market) => {
          const state = views.marketState(market.id)
          const volume = volumes.find(({ asset }) => asset === market.quote.id)
          if (state.delisted) return []
          const fees = feesJson(market, state, volume?.notional ?? 0)
          return [isShown ? fees : { ...fees, quoteVolume30d: null }]
        })
        return { items, next: null, asOfSeq: seq }
      },
    )
    done()
  }
}
