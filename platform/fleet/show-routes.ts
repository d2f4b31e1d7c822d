// Routes that show what a bot's strategy draws and notes for people.
//
// All of it is small and in memory, so that one answer has every chart with every point. What is
// told after it comes over the stream.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { RouteAuth } from '#platform/auth/port.ts'
import { limitOf, Nothing, principalOf, REFUSED, refused } from '#platform/http/port.ts'
import { seenBot } from './bot-access.ts'
import type { Deployments } from './port.ts'
import * as schemas from './schemas.ts'

const READ: RouteAuth = { scope: 'read' }
const TAGS = ['bots']

export function showRoutes(deployments: Deployments): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get(
      '/v1/bots/:id/plots',
      {
        config: { auth: READ },
        schema: {
          ...{ tags: TAGS, params: schemas.BotParams, querystring: Nothing },
          description: 'The charts of its strategy with their last points, the oldest first.',
          response: { 200: schemas.Plots, ...REFUSED },
        },
      },
      async (request, reply) => {
        const bot = seenBot(deployments, principalOf(request), request.params.id)
        if (!bot.ok) return refused(reply, bot)
        // They are kept as they are shown; a schema knows nothing of what is read only.
        return { items: deployments.plots(bot.value.id) as schemas.Plot[], next: null }
      },
    )
    app.get(
      '/v1/bots/:id/notes',
      {
        config: { auth: READ },
        schema: {
          ...{ tags: TAGS, params: schemas.BotParams, querystring: schemas.AfterQuery },
          description: 'The last notes of its strategy, the oldest first; `next` is to ask after.',
          response: { 200: schemas.NotesPage, ...REFUSED },
        },
      },
      async (request, reply) => {
        const bot = seenBot(deployments, principalOf(request), request.params.id)
        if (!bot.ok) return refused(reply, bot)
        const { after = '0', limit } = request.query
        const items = [...deployments.notes(bot.value.id, Number(after), limitOf(limit))]
        return { items, next: items.at(-1)?.number ?? null }
      },
    )
    done()
  }
}
