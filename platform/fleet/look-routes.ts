// Routes that look at deployed bots: one's own, one of them, its versions, text, log and standing.
//
// What somebody else has deployed is not there. Orders, fills and balances of a bot are those of
// its account, at the routes of orders and accounts.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { RouteAuth } from '#platform/auth/port.ts'
import { limitOf, Nothing, principalOf, REFUSED, refused } from '#platform/http/port.ts'
import { maySee, seenBot, shownBot, shownVersion } from './bot-access.ts'
import { BOTS_MAX } from './limits.ts'
import type { Deployments } from './port.ts'
import * as schemas from './schemas.ts'

const READ: RouteAuth = { scope: 'read' }
const TAGS = ['bots']

type Plugin = FastifyPluginCallbackTypebox

export function lookRoutes(deployments: Deployments): Plugin {
  return (app, _options, done) => {
    void app.register(botRoutes(deployments))
    void app.register(versionRoutes(deployments))
    void app.register(courseRoutes(deployments))
    done()
  }
}

function botRoutes(deployments: Deployments): Plugin {
  return (app, _options, done) => {
    app.get(
      '/v1/me/bots',
      {
        config: { auth: READ },
        schema: {
          ...{ tags: TAGS, querystring: Nothing },
          description: 'The bots that the caller may see, the oldest first; stopped ones, too.',
          response: { 200: schemas.DeployedBots, ...REFUSED },
        },
      },
      async (request) => {
        const principal = principalOf(request)
        const seen = deployments.bots().filter((bot) => maySee(principal, bot))
        return { items: seen.slice(-BOTS_MAX).map(shownBot), next: null }
      },
    )
    app.get(
      '/v1/bots/:id',
      {
        config: { auth: READ },
        schema: {
          ...{ tags: TAGS, params: schemas.BotParams, querystring: Nothing },
          response: { 200: schemas.OneDeployedBot, ...REFUSED },
        },
      },
      async (request, reply) => {
        const bot = seenBot(deployments, principalOf(request), request.params.id)
        return bot.ok ? { bot: shownBot(bot.value) } : refused(reply, bot)
      },
    )
    done()
  }
}

function versionRoutes(deployments: Deployments): Plugin {
  return (app, _options, done) => {
    app.get(
      '/v1/bots/:id/versions',
      {
        config: { auth: READ },
        schema: {
          ...{ tags: TAGS, params: schemas.BotParams, querystring: Nothing },
          response: { 200: schemas.Versions, ...REFUSED },
        },
      },
      async (request, reply) => {
        const bot = seenBot(deployments, principalOf(request), request.params.id)
        if (!bot.ok) return refused(reply, bot)
        const versions = await deployments.versions(bot.value.id)
        return { items: versions.map(shownVersion), next: null }
      },
    )
    app.get(
      '/v1/bots/:id/source',
      {
        config: { auth: READ },
        schema: {
          ...{ tags: TAGS, params: schemas.BotParams, querystring: schemas.SourceQuery },
          response: { 200: schemas.SourceAnswer, ...REFUSED },
        },
      },
      async (request, reply) => {
        const bot = seenBot(deployments, principalOf(request), request.params.id)
        if (!bot.ok) return refused(reply, bot)
        const { id, version: current } = bot.value
        const version = Number(request.query.version ?? current.number)
        const source = await deployments.source(id, version)
        return source === undefined ? refused(reply, { code: 'not_found' }) : { version, source }
      },
    )
    done()
  }
}

function courseRoutes(deployments: Deployments): Plugin {
  return (app, _options, done) => {
    app.get(
      '/v1/bots/:id/log',
      {
        config: { auth: READ },
        schema: {
          ...{ tags: TAGS, params: schemas.BotParams, querystring: schemas.AfterQuery },
          description: 'The last lines that are kept, the oldest first; `next` is to ask after.',
          response: { 200: schemas.LogPage, ...REFUSED },
        },
      },
      async (request, reply) => {
        const bot = seenBot(deployments, principalOf(request), request.params.id)
        if (!bot.ok) return refused(reply, bot)
        const { after = '0', limit } = request.query
        const lines = await deployments.log(bot.value.id, Number(after), limitOf(limit))
        return { items: [...lines], next: lines.at(-1)?.number ?? null }
      },
    )
    app.get(
      '/v1/bots/:id/equity',
      {
        config: { auth: READ },
        schema: {
          ...{ tags: TAGS, params: schemas.BotParams, querystring: schemas.AfterQuery },
          description: 'How it stood at the end of each minute; `next` is to ask after.',
          response: { 200: schemas.Samples, ...REFUSED },
        },
      },
      async (request, reply) => {
        const bot = seenBot(deployments, principalOf(request), request.params.id)
        if (!bot.ok) return refused(reply, bot)
        const { after = '0', limit } = request.query
        const samples = await deployments.samples(bot.value.id, Number(after), limitOf(limit))
        return { items: [...samples], next: samples.at(-1)?.at ?? null }
      },
    )
    done()
  }
}
