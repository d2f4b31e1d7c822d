// Routes of recovery: a forgotten password, a locked account, another e-mail, another password.
//
// What anybody may ask answers 202 with a challenge, whoever it is about. What is asked with a
// session proves the password again.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { principalOf } from '#platform/http/port.ts'
import type { Auth, RouteAuth } from './port.ts'
import { postRoute } from './post-route.ts'
import * as schemas from './schemas.ts'
import { asked, HEAVY } from './sign-in-routes.ts'

const OPEN: RouteAuth = 'none'
const PERSON: RouteAuth = { scope: 'session' }
const ASKED = { status: 202, answer: schemas.ChallengeAnswer, weight: HEAVY } as const
const DONE = { status: 204, answer: schemas.NoContent } as const

/** The plugin with these routes. */
export function recoveryRoutes({ auth }: { readonly auth: Auth }): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    for (const route of [...openRoutes(auth), ...ownRoutes(auth)]) void app.register(route)
    done()
  }
}

function openRoutes(auth: Auth) {
  return [
    postRoute({
      ...{ url: '/v1/auth/password/reset', auth: OPEN, body: schemas.EmailBody, ...ASKED },
      handle: async (body) => asked(await auth.askReset(body)),
    }),
    postRoute({
      ...{ url: '/v1/auth/password/reset/confirm', auth: OPEN, body: schemas.ResetBody },
      ...{ ...DONE, weight: HEAVY },
      handle: (body) => auth.resetPassword(body),
    }),
    postRoute({
      ...{ url: '/v1/auth/unlock', auth: OPEN, body: schemas.EmailBody, ...ASKED },
      handle: async (body) => asked(await auth.askUnlock(body)),
    }),
    postRoute({
      ...{ url: '/v1/auth/unlock/confirm', auth: OPEN, body: schemas.AnswerBody, ...DONE },
      handle: (body) => auth.unlock(body),
    }),
  ]
}

function ownRoutes(auth: Auth) {
  return [
    postRoute({
      ...{ url: '/v1/auth/password', auth: PERSON, body: schemas.PasswordBody },
      ...{ ...DONE, weight: HEAVY },
      handle: (body, request) => {
        const { userId, sessionId } = principalOf(request)
        return auth.changePassword({ ...body, userId, sessionId })
      },
    }),
    postRoute({
      ...{ url: '/v1/auth/email', auth: PERSON, body: schemas.EmailChangeBody, ...ASKED },
      handle: async (body, request) => {
        const { userId } = principalOf(request)
        return asked(await auth.askEmailChange({ ...body, userId }))
      },
    }),
    postRoute({
      ...{ url: '/v1/auth/email/confirm', auth: PERSON, body: schemas.AnswerBody, ...DONE },
      handle: (body, request) => auth.changeEmail({ ...body, userId: principalOf(request).userId }),
    }),
  ]
}
