// Route of the mark price: what a feed of prices says of a market, again and again.
//
// One operator is enough for it, by a session or a key that trades: it is no decision. What is one
// takes two people, see /v1/admin/actions. It answers the seq of its command.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { RouteAuth } from '#platform/auth/port.ts'
import { deadlineOf, Nothing, REFUSED, refused } from '#platform/http/port.ts'
import type { Sequencer } from '#sequencer/port.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { isRefused, ticksOf } from '#views/market-units.ts'
import { MarkBody, MarkDone, MarketParams } from './schemas.ts'

export type MarkRouteDeps = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly views: Pick<LiveViews, 'listing'>
}

const OPERATOR: RouteAuth = { scope: 'trade', capability: 'operator' }

/** The plugin with this route. */
export function markRoute({ sequencer, views }: MarkRouteDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.put(
      '/v1/operator/markets/:market/mark',
      {
        config: { auth: OPERATOR },
        schema: {
          ...{ tags: ['operators'], params: MarketParams, querystring: Nothing, body: MarkBody },
          response: { 200: MarkDone, ...REFUSED },
        },
      },
      async (request, reply) => {
        const market = views.listing.marketBySymbol(request.params.market)
        if (market === undefined) return refused(reply, { code: 'not_found' })
        const price = ticksOf(market, request.body.price)
        if (isRefused(price)) return refused(reply, price)
        const command = { kind: 'setMark', market: market.id, price } as const
        const { code, seq } = await sequencer.submit(command, deadlineOf(request))
        return code === null ? { seq } : refused(reply, { code })
      },
    )
    done()
  }
}
