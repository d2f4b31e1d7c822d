// Routes of /v1/bots: everybody sees the platform's own bots, their owner or an operator pauses and
// resumes them; people's bots are their owner's alone.
//
// Pausing twice is pausing once. That a bot of the platform exists is no secret; a bot of somebody
// else's is not there.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Principal, RouteAuth } from '#platform/auth/port.ts'
import { Nothing, principalOf, REFUSED, refused } from '#platform/http/port.ts'
import { mayUse, shownBot } from './bot-access.ts'
import { boxRoutes } from './box-routes.ts'
import { deployRoutes } from './deploy-routes.ts'
import { describeRoute } from './describe-route.ts'
import { lookRoutes } from './look-routes.ts'
import type { Deployments, Fleet, FleetBot } from './port.ts'
import * as schemas from './schemas.ts'
import { showRoutes } from './show-routes.ts'

export type FleetRoutesDeps = {
  readonly fleet: Fleet
  /** null where nobody deploys. */
  readonly deployments: Deployments | null
}

const OPEN: RouteAuth = 'none'
const TRADE: RouteAuth = { scope: ['trade', 'deploy'] }
const TAGS = ['bots']

/** The plugin with all routes of this module. */
export function fleetRoutes(deps: FleetRoutesDeps): FastifyPluginCallbackTypebox {
  const { fleet, deployments } = deps
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
            response: { 200: schemas.ChangedBot, ...REFUSED },
          },
        },
        async (request, reply) => {
          const changed = await change(deps, principalOf(request), request.params.id, action)
          return changed.ok ? { bot: changed.value } : refused(reply, changed)
        },
      )
    }
    if (deployments !== null) {
      void app.register(deployRoutes(deployments))
      void app.register(lookRoutes(deployments))
      void app.register(showRoutes(deployments))
      void app.register(describeRoute(deployments))
      void app.register(boxRoutes(deployments))
    }
    done()
  }
}

async function change(
  { fleet, deployments }: FleetRoutesDeps,
  principal: Principal,
  id: string,
  action: 'pause' | 'resume',
): Promise<Result<schemas.Bot>> {
  const own = deployments?.find(id)
  if (deployments !== null && own !== undefined) {
    if (!mayUse(principal, own)) return refuse('not_found')
    const changed = await deployments[action](id)
    return changed.ok ? accept(shownBot(changed.value)) : changed
  }
  const allowed = mayChange(fleet, principal, id)
  const changed = allowed.ok ? await fleet[action](id) : allowed
  return changed.ok ? accept(withoutOwner(changed.value)) : changed
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
