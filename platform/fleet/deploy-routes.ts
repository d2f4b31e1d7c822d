// Routes that change deployed bots: deploy, update, roll back, stop.
//
// Code comes in here, so it takes the capability `deploy` beside the scope; stopping takes no more
// than the bot. Each carries the caller's id, and asked again with the same body it answers how the
// bot is now, and does nothing.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { RouteAuth } from '#platform/auth/port.ts'
import { Nothing, principalOf, REFUSED, refused } from '#platform/http/port.ts'
import { mayUse, seenBot, shownBot } from './bot-access.ts'
import { DEPLOY_BYTES_MAX } from './limits.ts'
import type { Deployments } from './port.ts'
import * as schemas from './schemas.ts'

const DEPLOY: RouteAuth = { scope: 'deploy', capability: 'deploy' }
const STOP: RouteAuth = { scope: 'deploy' }
const TAGS = ['bots']
/** A check starts a compiler and a process. */
const WEIGHT = 50

type Plugin = FastifyPluginCallbackTypebox

export function deployRoutes(deployments: Deployments): Plugin {
  return (app, _options, done) => {
    void app.register(deployRoute(deployments))
    void app.register(updateRoute(deployments))
    void app.register(rollBackRoute(deployments))
    void app.register(stopRoute(deployments))
    done()
  }
}

const answered = { 200: schemas.OneDeployedBot, ...REFUSED }

function deployRoute(deployments: Deployments): Plugin {
  return (app, _options, done) => {
    app.post(
      '/v1/bots',
      {
        config: { auth: DEPLOY, weight: WEIGHT },
        bodyLimit: DEPLOY_BYTES_MAX,
        schema: {
          tags: TAGS,
          description:
            'Checks the strategy, opens a sub-account, moves the budget there and starts the bot.',
          querystring: Nothing,
          body: schemas.DeployBody,
          response: { 201: schemas.OneDeployedBot, ...REFUSED },
        },
      },
      async (request, reply) => {
        const { account, accountOnly, userId: by } = principalOf(request)
        if (accountOnly !== undefined && accountOnly !== account) {
          return refused(reply, { code: 'auth.forbidden' })
        }
        const { params = {}, limits = {}, ...rest } = request.body
        const deployed = await deployments.deploy({ ...rest, params, limits, by })
        if (!deployed.ok) return refused(reply, deployed)
        return reply.code(201).send({ bot: shownBot(deployed.value) })
      },
    )
    done()
  }
}

function updateRoute(deployments: Deployments): Plugin {
  return (app, _options, done) => {
    app.post(
      '/v1/bots/:id/update',
      {
        config: { auth: DEPLOY, weight: WEIGHT },
        bodyLimit: DEPLOY_BYTES_MAX,
        schema: {
          ...{ tags: TAGS, params: schemas.BotParams, querystring: Nothing },
          description: 'A version more, which runs from now on and keeps the saved state.',
          ...{ body: schemas.UpdateBody, response: answered },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request)
        const bot = seenBot(deployments, principal, request.params.id, mayUse)
        if (!bot.ok) return refused(reply, bot)
        const by = { by: principal.userId, id: bot.value.id }
        const updated = await deployments.update({ ...request.body, ...by })
        return updated.ok ? { bot: shownBot(updated.value) } : refused(reply, updated)
      },
    )
    done()
  }
}

function rollBackRoute(deployments: Deployments): Plugin {
  return (app, _options, done) => {
    app.post(
      '/v1/bots/:id/rollback',
      {
        config: { auth: DEPLOY, weight: WEIGHT },
        schema: {
          ...{ tags: TAGS, params: schemas.BotParams, querystring: Nothing },
          description: 'A version more, like an earlier one: text, parameters, venues, limits.',
          ...{ body: schemas.RollBackBody, response: answered },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request)
        const bot = seenBot(deployments, principal, request.params.id, mayUse)
        if (!bot.ok) return refused(reply, bot)
        const by = { by: principal.userId, id: bot.value.id }
        const back = await deployments.rollBack({ ...request.body, ...by })
        return back.ok ? { bot: shownBot(back.value) } : refused(reply, back)
      },
    )
    done()
  }
}

function stopRoute(deployments: Deployments): Plugin {
  return (app, _options, done) => {
    app.post(
      '/v1/bots/:id/stop',
      {
        config: { auth: STOP, weight: 10 },
        schema: {
          ...{ tags: TAGS, params: schemas.BotParams, querystring: Nothing },
          description: 'For good: its money goes back to the main account, its account is closed.',
          ...{ body: schemas.StopBody, response: answered },
        },
      },
      async (request, reply) => {
        const bot = seenBot(deployments, principalOf(request), request.params.id, mayUse)
        if (!bot.ok) return refused(reply, bot)
        const { flatten = false } = request.body
        const stopped = await deployments.stop({ id: bot.value.id, flatten })
        return stopped.ok ? { bot: shownBot(stopped.value) } : refused(reply, stopped)
      },
    )
    done()
  }
}
