// Routes of /v1/bots: everybody sees the bots, their owner or an operator pauses and resumes them.
//
// Pausing twice is pausing once. Who owns a bot is never told; that it exists is no secret.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { type Result, refuse } from '#kernel/result.ts'
import type { Principal, RouteAuth } from '#platform/auth/port.ts'
import { Nothing, principalOf, REFUSED, refused } from '#platform/http/port.ts'
import type { Fleet, FleetBot } from './port.ts'
import * as schemas from './schemas.ts'

export type FleetRoutesDeps = { readonly fleet: Fleet }

const OPEN: RouteAuth = 'none'
const TRADE: RouteAuth = { scope: 'trade' }
const TAGS = ['bots']

/** The plugin with all routes of this module. */
export function fleetRoutes({ fleet }: FleetRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get(
      '/v1/bots',
      {
        config: { auth: OPEN },
        schema: { tags: TAGS, querystring: Nothing, response: { 200: schemas.Bots, ...REFUSED } },
      },
      async () => ({ items: fleet.list().map(withoutOwner), next: null }),
    )
    for (const action of ['pause', 'resume'] as const) {
      app.post(
        `/v1/bots/:id/${action}`,
        {
          config: { auth: TRADE },
          schema: {
            tags: TAGS,
            params: schemas.BotParams,
            querystring: Nothing,
            response: { 200: schemas.OneBot, ...REFUSED },
          },
        },
        async (request, reply) => {
          const { id } = request.params
          const allowed = mayChange(fleet, principalOf(request), id)
          const changed = allowed.ok ? await fleet[action](id) : allowed
          return changed.ok ? { bot: withoutOwner(changed.value) } : refused(reply, changed)
        },
      )
    }
    done()
  }
}

function mayChange(fleet: Fleet, principal: Principal, id: string): Result<FleetBot> {
  const bot = fleet.list().find((one) => one.id === id)
  if (bot === undefined) return refuse('not_found')
  const may = bot.ownerId === principal.userId || principal.capabilities.has('operator')
  return may ? { ok: true, value: bot } : refuse('auth.forbidden')
}

function withoutOwner({ ownerId: _ownerId, ...bot }: FleetBot): schemas.Bot {
  return bot
}
