// Routes of API keys: list, make, revoke.
//
// An API key cannot make another: that takes a person's access token. A secret is in the one
// answer that makes it and nowhere else.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { Nothing, principalOf, REFUSED, refused } from '#platform/http/port.ts'
import type { Auth, RouteAuth } from './port.ts'
import * as schemas from './schemas.ts'

const PERSON: RouteAuth = { scope: 'session' }
const TAGS = ['auth']

export function keyRoutes({ auth }: { readonly auth: Auth }): FastifyPluginCallbackTypebox {
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
        if (!made.ok) return refused(reply, made)
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
        return revoked.ok ? reply.code(204).send(null) : refused(reply, revoked)
      },
    )
    done()
  }
}
