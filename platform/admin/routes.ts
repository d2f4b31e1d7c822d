// Routes of /v1/admin: users for support, and actions that take two people.
//
// All of them take a person's access token and a role; an API key never gets here. They can listen
// on a port of their own, so that a firewall keeps strangers away from them.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { Auth, RouteAuth } from '#platform/auth/port.ts'
import { limitOf, Nothing, principalOf, REFUSED, refused } from '#platform/http/port.ts'
import type { Action, AdminActions } from './port.ts'
import * as schemas from './schemas.ts'

export type AdminRoutesDeps = {
  readonly auth: Pick<Auth, 'findByEmail' | 'endSessions' | 'unlockUser'>
  readonly actions: AdminActions
}

type Plugin = FastifyPluginCallbackTypebox

const LOOK: RouteAuth = {
  scope: 'session',
  capability: ['support', 'compliance', 'auditor', 'admin'],
}
const HELP: RouteAuth = { scope: 'session', capability: ['support', 'admin'], changes: true }
const REVIEW: RouteAuth = { scope: 'session', capability: ['compliance', 'auditor', 'admin'] }
const DECIDE: RouteAuth = { scope: 'session', capability: ['compliance', 'admin'], changes: true }
const TAGS = ['admin']

/** The plugin with all routes of this module. */
export function adminRoutes(deps: AdminRoutesDeps): Plugin {
  return (app, _options, done) => {
    void app.register(userRoutes(deps))
    void app.register(reviewRoutes(deps))
    void app.register(proposeRoute(deps))
    void app.register(decideRoutes(deps))
    done()
  }
}

function userRoutes({ auth }: AdminRoutesDeps): Plugin {
  return (app, _options, done) => {
    app.get(
      '/v1/admin/users',
      {
        config: { auth: LOOK },
        schema: {
          ...{ tags: TAGS, querystring: schemas.UsersQuery },
          response: { 200: schemas.Users, ...REFUSED },
        },
      },
      async (request) => {
        const user = await auth.findByEmail(request.query.email)
        const items = user === undefined ? [] : [user]
        return {
          items: items.map((one) => ({ ...one, capabilities: [...one.capabilities] })),
          next: null,
        }
      },
    )
    for (const [name, work] of [
      ['end-sessions', auth.endSessions],
      ['unlock', auth.unlockUser],
    ] as const) {
      app.post(
        `/v1/admin/users/:id/${name}`,
        {
          config: { auth: HELP },
          schema: {
            ...{ tags: TAGS, params: schemas.IdParams, querystring: Nothing },
            response: { 204: schemas.NoContent, ...REFUSED },
          },
        },
        async (request, reply) => {
          const done = await work(request.params.id)
          return done.ok ? reply.code(204).send(null) : refused(reply, done)
        },
      )
    }
    done()
  }
}

function reviewRoutes({ actions }: AdminRoutesDeps): Plugin {
  return (app, _options, done) => {
    app.get(
      '/v1/admin/actions',
      {
        config: { auth: REVIEW },
        schema: {
          ...{ tags: TAGS, querystring: schemas.ListQuery },
          response: { 200: schemas.Actions, ...REFUSED },
        },
      },
      async (request) => {
        const items = await actions.list(limitOf(request.query.limit))
        return { items: items.map(actionJson), next: null }
      },
    )
    app.get(
      '/v1/admin/actions/:id',
      {
        config: { auth: REVIEW },
        schema: {
          ...{ tags: TAGS, params: schemas.IdParams, querystring: Nothing },
          response: { 200: schemas.OneAction, ...REFUSED },
        },
      },
      async (request, reply) => {
        const action = await actions.find(request.params.id)
        if (action === undefined) return refused(reply, { code: 'not_found' })
        return { action: actionJson(action) }
      },
    )
    done()
  }
}

function proposeRoute({ actions }: AdminRoutesDeps): Plugin {
  return (app, _options, done) => {
    app.post(
      '/v1/admin/actions',
      {
        config: { auth: DECIDE },
        schema: {
          ...{ tags: TAGS, querystring: Nothing, body: schemas.ProposalBody },
          response: { 201: schemas.OneAction, ...REFUSED },
        },
      },
      async (request, reply) => {
        const { kind, params, reason } = request.body
        const proposedBy = principalOf(request).userId
        const text = reason.normalize('NFC')
        const proposed = await actions.propose({ kind, params, reason: text, proposedBy })
        if (!proposed.ok) return refused(reply, proposed)
        return reply.code(201).send({ action: actionJson(proposed.value) })
      },
    )
    done()
  }
}

function decideRoutes({ actions }: AdminRoutesDeps): Plugin {
  return (app, _options, done) => {
    for (const decision of ['approve', 'reject'] as const) {
      app.post(
        `/v1/admin/actions/:id/${decision}`,
        {
          config: { auth: DECIDE },
          schema: {
            ...{ tags: TAGS, params: schemas.IdParams, querystring: Nothing },
            response: { 200: schemas.OneAction, ...REFUSED },
          },
        },
        async (request, reply) => {
          const by = principalOf(request).userId
          const decided = await actions[decision]({ id: request.params.id, by })
          return decided.ok ? { action: actionJson(decided.value) } : refused(reply, decided)
        },
      )
    }
    done()
  }
}

function actionJson({ params, ...action }: Action) {
  return { ...action, params: JSON.stringify(params) }
}
