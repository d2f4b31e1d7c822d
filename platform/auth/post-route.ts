// Post route: a POST with a body, whose service answers a value or a refusal.
//
// One shape for the many small routes of accounts: strict schemas both ways, no query, the status
// of success and nothing else to decide.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Result } from '#kernel/result.ts'
import { Nothing, REFUSED, refused } from '#platform/http/port.ts'
import type { RouteAuth } from './port.ts'

export type PostRoute<Body extends TSchema, Answer extends TSchema> = {
  readonly url: string
  readonly auth: RouteAuth
  readonly weight?: number
  readonly body: Body
  readonly status: 200 | 201 | 202 | 204
  readonly answer: Answer
  readonly handle: (body: Static<Body>, request: FastifyRequest) => Promise<Result<Static<Answer>>>
}

export function postRoute<Body extends TSchema, Answer extends TSchema>(
  route: PostRoute<Body, Answer>,
): FastifyPluginCallbackTypebox {
  const { url, auth, weight = 1, body, status, answer, handle } = route
  return (app, _options, done) => {
    app.post(
      url,
      {
        config: { auth, weight },
        schema: {
          ...{ tags: ['auth'], querystring: Nothing, body },
          response: { [status]: answer, ...REFUSED },
        },
      },
      async (request, reply) => {
        // The schema of the body is what let it in.
        const handled = await handle(request.body as Static<Body>, request)
        return handled.ok ? reply.code(status).send(handled.value) : refused(reply, handled)
      },
    )
    done()
  }
}
