// Routes of staying signed in: refresh, sign out, sessions, and the keys that verify our tokens.
//
// A browser's refresh token is a cookie that no script reads; a program's comes in the body and
// goes back in the body.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Nothing, principalOf, REFUSED, refused } from '#platform/http/port.ts'
import type { Auth, RouteAuth } from './port.ts'
import { readRefreshCookie } from './refresh-cookie.ts'
import * as schemas from './schemas.ts'
import { forgetCookie, sendTokens, userAgentOf } from './send-tokens.ts'

type Deps = { readonly auth: Auth }

const OPEN: RouteAuth = 'none'
const PERSON: RouteAuth = { scope: 'session' }
const TAGS = ['auth']
/** Half of the time that a key is published before it signs. */
const JWKS_SECONDS = 300

/** The plugin with these routes. */
export function sessionRoutes(deps: Deps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    void app.register(stayRoutes(deps.auth))
    void app.register(listRoutes(deps))
    void app.register(publicKeysRoute(deps))
    done()
  }
}

function stayRoutes(auth: Auth): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.post(
      '/v1/auth/refresh',
      {
        config: { auth: OPEN },
        schema: {
          tags: TAGS,
          body: schemas.RefreshBody,
          querystring: Nothing,
          response: { 200: schemas.TokensAnswer, ...REFUSED },
        },
      },
      async (request, reply) => {
        const given = refreshTokenOf(request, request.body)
        if (given === undefined) return refused(reply, { code: 'auth.required' })
        const { token: refreshToken, from } = given
        const refreshed = await auth.refresh({ refreshToken, userAgent: userAgentOf(request) })
        if (refreshed.ok) return sendTokens(reply, refreshed.value, from)
        if (from === 'cookie') forgetCookie(reply)
        return refused(reply, refreshed)
      },
    )
    app.post(
      '/v1/auth/logout',
      {
        config: { auth: OPEN },
        schema: {
          tags: TAGS,
          body: schemas.RefreshBody,
          querystring: Nothing,
          response: { 204: schemas.NoContent, ...REFUSED },
        },
      },
      async (request, reply) => {
        const given = refreshTokenOf(request, request.body)
        if (given !== undefined) await auth.logout(given.token)
        else await endBearerSession(auth, request)
        return forgetCookie(reply).code(204).send(null)
      },
    )
    done()
  }
}

function listRoutes({ auth }: Deps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get(
      '/v1/auth/sessions',
      {
        config: { auth: PERSON },
        schema: {
          tags: TAGS,
          querystring: Nothing,
          response: { 200: schemas.SessionsAnswer, ...REFUSED },
        },
      },
      async (request) => {
        const { userId, sessionId } = principalOf(request)
        const sessions = await auth.listSessions(userId)
        const items = sessions.map((one) => ({ ...one, current: one.id === sessionId }))
        return { items, next: null }
      },
    )
    app.delete(
      '/v1/auth/sessions/:id',
      {
        config: { auth: PERSON },
        schema: {
          tags: TAGS,
          params: schemas.IdParams,
          querystring: Nothing,
          response: { 204: schemas.NoContent, ...REFUSED },
        },
      },
      async (request, reply) => {
        const { userId } = principalOf(request)
        const revoked = await auth.revokeSession({ userId, sessionId: request.params.id })
        return revoked.ok ? reply.code(204).send(null) : refused(reply, revoked)
      },
    )
    done()
  }
}

/** For whoever verifies our access tokens without asking us. */
function publicKeysRoute({ auth }: Deps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get(
      '/.well-known/jwks.json',
      {
        config: { auth: OPEN },
        schema: {
          tags: TAGS,
          querystring: Nothing,
          response: { 200: schemas.JwksAnswer, ...REFUSED },
        },
      },
      async (_request, reply) => {
        void reply.header('cache-control', `public, max-age=${JWKS_SECONDS}`)
        return { keys: auth.publicKeys() }
      },
    )
    done()
  }
}

type GivenToken = { readonly token: string; readonly from: 'body' | 'cookie' }

function refreshTokenOf(
  request: FastifyRequest,
  body: { readonly refreshToken?: string } | null | undefined,
): GivenToken | undefined {
  if (body?.refreshToken !== undefined) return { token: body.refreshToken, from: 'body' }
  const token = readRefreshCookie(request.headers.cookie)
  return token === undefined ? undefined : { token, from: 'cookie' }
}

/** Someone who kept only the access token may still sign out with it. */
async function endBearerSession(auth: Auth, request: FastifyRequest): Promise<void> {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ')
  if (scheme !== 'Bearer' || token === undefined) return
  const verified = await auth.verifyToken(token)
  if (!verified.ok || verified.value.sessionId === undefined) return
  const { userId, sessionId } = verified.value
  await auth.revokeSession({ userId, sessionId })
}
