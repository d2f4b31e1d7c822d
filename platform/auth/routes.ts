// Routes of /v1/auth and /v1/me.
//
// What a route demands stands in its config and is enforced by http's authenticate plugin before a
// handler runs. Handlers only translate: message in, service, message out. Managing keys and
// sessions takes a person's access token; an API key cannot make another.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { assert } from '#kernel/assert.ts'
import type { Refused } from '#kernel/result.ts'
import { Nothing, REFUSED, refused } from '#platform/http/port.ts'
import type { Auth, Principal, RouteAuth, Tokens } from './port.ts'
import { clearedRefreshCookie, readRefreshCookie, refreshCookie } from './refresh-cookie.ts'
import * as schemas from './schemas.ts'

export type AccountView = {
  readonly id: number
  readonly kind: 'main' | 'sub'
  readonly name: string
}

export type AuthRoutesDeps = {
  readonly auth: Auth
  /** The main account and its sub-accounts. */
  readonly listAccounts: (main: number) => readonly AccountView[]
}

const OPEN: RouteAuth = 'none'
const PERSON: RouteAuth = { scope: 'session' }
const READ: RouteAuth = { scope: 'read' }
const TAGS = ['auth']
/** Half of the time that a key is published before it signs. */
const JWKS_SECONDS = 300

/** The plugin with all routes of this module. */
export function authRoutes(deps: AuthRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    void app.register(signInRoutes(deps))
    void app.register(sessionRoutes(deps))
    void app.register(keyRoutes(deps))
    void app.register(meRoute(deps))
    void app.register(publicKeysRoute(deps))
    done()
  }
}

function signInRoutes({ auth }: AuthRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.post(
      '/v1/auth/register',
      {
        config: { auth: OPEN },
        schema: {
          tags: TAGS,
          body: schemas.RegisterBody,
          querystring: Nothing,
          response: { 201: schemas.RegisterAnswer, ...REFUSED },
        },
      },
      async (request, reply) => {
        const registered = await auth.register(request.body)
        if (!registered.ok) return sendRefused(reply, registered)
        return reply.code(201).send({ user: registered.value })
      },
    )
    app.post(
      '/v1/auth/login',
      {
        config: { auth: OPEN },
        schema: {
          tags: TAGS,
          body: schemas.LoginBody,
          querystring: Nothing,
          response: { 200: schemas.TokensAnswer, ...REFUSED },
        },
      },
      async (request, reply) => {
        const { email, password, refresh = 'body' } = request.body
        const signedIn = await auth.login({ email, password, userAgent: userAgentOf(request) })
        if (!signedIn.ok) return sendRefused(reply, signedIn)
        return sendTokens(reply, signedIn.value, refresh)
      },
    )
    void app.register(stayRoutes(auth))
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
        if (given === undefined) return sendRefused(reply, { ok: false, code: 'auth.required' })
        const { token: refreshToken, from } = given
        const refreshed = await auth.refresh({ refreshToken, userAgent: userAgentOf(request) })
        if (refreshed.ok) return sendTokens(reply, refreshed.value, from)
        if (from === 'cookie') forgetCookie(reply)
        return sendRefused(reply, refreshed)
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

function sessionRoutes({ auth }: AuthRoutesDeps): FastifyPluginCallbackTypebox {
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
        return revoked.ok ? reply.code(204).send(null) : sendRefused(reply, revoked)
      },
    )
    done()
  }
}

function keyRoutes({ auth }: AuthRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get(
      '/v1/auth/keys',
      {
        config: { auth: PERSON },
        schema: {
          tags: TAGS,
          querystring: Nothing,
          response: { 200: schemas.KeysAnswer, ...REFUSED },
        },
      },
      async (request) => {
        const keys = await auth.listKeys(principalOf(request).userId)
        return { items: keys.map((key) => ({ ...key, scopes: [...key.scopes] })), next: null }
      },
    )
    app.post(
      '/v1/auth/keys',
      {
        config: { auth: PERSON },
        schema: {
          tags: TAGS,
          body: schemas.NewKeyBody,
          querystring: Nothing,
          response: { 201: schemas.NewKeyAnswer, ...REFUSED },
        },
      },
      async (request, reply) => {
        const { name, scopes, account } = request.body
        const { userId } = principalOf(request)
        const made = await auth.createKey({ userId, name: name.normalize('NFC'), scopes, account })
        if (!made.ok) return sendRefused(reply, made)
        return reply.code(201).send({ ...made.value, scopes: [...made.value.scopes] })
      },
    )
    app.delete(
      '/v1/auth/keys/:id',
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
        const revoked = await auth.revokeKey({ userId, keyId: request.params.id })
        return revoked.ok ? reply.code(204).send(null) : sendRefused(reply, revoked)
      },
    )
    done()
  }
}

function meRoute({ auth, listAccounts }: AuthRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get(
      '/v1/me',
      {
        config: { auth: READ },
        schema: {
          tags: TAGS,
          querystring: Nothing,
          response: { 200: schemas.MeAnswer, ...REFUSED },
        },
      },
      async (request, reply) => {
        const { userId, account, accountOnly, capabilities } = principalOf(request)
        const user = await auth.findUser(userId)
        if (user === undefined) return sendRefused(reply, { ok: false, code: 'auth.invalid' })
        const accounts = listAccounts(account).filter(
          ({ id }) => accountOnly === undefined || id === accountOnly,
        )
        return { user, capabilities: [...capabilities].sort(), accounts: [...accounts] }
      },
    )
    done()
  }
}

/** For whoever verifies our access tokens without asking us. */
function publicKeysRoute({ auth }: AuthRoutesDeps): FastifyPluginCallbackTypebox {
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

/** The authenticate plugin lets nobody through to these routes without one. */
function principalOf(request: FastifyRequest): Principal {
  const { principal } = request
  assert(principal !== null, 'a route with scopes was reached without a principal')
  return principal
}

function userAgentOf(request: FastifyRequest): string {
  return request.headers['user-agent'] ?? ''
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

function sendTokens(reply: FastifyReply, tokens: Tokens, by: 'body' | 'cookie'): FastifyReply {
  const { accessToken, expiresAt, refreshToken } = tokens
  void reply.header('cache-control', 'no-store')
  if (by === 'body') return reply.send({ accessToken, expiresAt, refreshToken })
  void reply.header('set-cookie', refreshCookie(refreshToken, reply.request.protocol))
  return reply.send({ accessToken, expiresAt })
}

function forgetCookie(reply: FastifyReply): FastifyReply {
  return reply.header('set-cookie', clearedRefreshCookie(reply.request.protocol))
}

function sendRefused(reply: FastifyReply, refusal: Refused): FastifyReply {
  const wait = refusal.details?.['retryAfter']
  if (wait !== undefined) void reply.header('retry-after', String(wait))
  return refused(reply, refusal)
}
