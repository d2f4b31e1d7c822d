// Routes of API keys: list, make, revoke.
//
// An API key cannot make another: that takes a person's access token. A secret is in the one
// answer that makes it and nowhere else.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { Nothing, principalOf, REFUSED, refused } from '#platform/http/port.ts'
import type { Auth, KeyView, RouteAuth } from './port.ts'
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
        return { items: keys.map(keyJson), next: null }
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
        const { userId } = principalOf(request)
        const name = request.body.name.normalize('NFC')
        const made = await auth.createKey({ ...request.body, userId, name })
        if (!made.ok) return refused(reply, made)
        const { secret, ...key } = made.value
        const told = secret === '' ? {} : { secret }
        return reply.code(201).send({ ...keyJson(key), ...told })
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

/** With lists that may be changed, as the schemas' types have them. */
function keyJson<Key extends KeyView>(key: Key) {
  const lists = { markets: [...key.markets], addresses: [...key.addresses] }
  return { ...key, ...lists, scopes: [...key.scopes] }
}
