// Routes of getting in: register, prove the e-mail, sign in, the second step.
//
// What costs a password's work or a letter costs its caller more of the rate limit.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { accept, type Result } from '#kernel/result.ts'
import { Nothing, principalOf, REFUSED, refused } from '#platform/http/port.ts'
import type { Auth, Challenge, RouteAuth } from './port.ts'
import { postRoute } from './post-route.ts'
import * as schemas from './schemas.ts'
import { sendTokens, userAgentOf } from './send-tokens.ts'

type Deps = { readonly auth: Auth }

const OPEN: RouteAuth = 'none'
const PERSON: RouteAuth = { scope: 'session' }
const TAGS = ['auth']
/** Of whatever hashes a password or writes a letter. */
export const HEAVY = 50

/** The plugin with these routes. */
export function signInRoutes({ auth }: Deps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    void app.register(registerRoute(auth))
    void app.register(confirmRoute(auth))
    void app.register(codeRoute(auth))
    void app.register(loginRoute(auth))
    void app.register(secondStepRoute(auth))
    done()
  }
}

function registerRoute(auth: Auth) {
  return postRoute({
    ...{ url: '/v1/auth/register', auth: OPEN, weight: HEAVY, status: 201 },
    ...{ body: schemas.RegisterBody, answer: schemas.RegisterAnswer },
    handle: (body) => auth.signUp(body),
  })
}

function confirmRoute(auth: Auth) {
  return postRoute({
    ...{ url: '/v1/auth/register/confirm', auth: OPEN, status: 200 },
    ...{ body: schemas.AnswerBody, answer: schemas.UserAnswer },
    handle: async (body) => {
      const user = await auth.confirmEmail(body)
      return user.ok ? accept({ user: user.value }) : user
    },
  })
}

function codeRoute(auth: Auth) {
  return postRoute({
    ...{ url: '/v1/auth/verification', auth: PERSON, weight: HEAVY, status: 202 },
    ...{ body: Nothing, answer: schemas.ChallengeAnswer },
    handle: async (_body, request) => asked(await auth.mailCode(principalOf(request).userId)),
  })
}

/** A challenge as an answer. */
export function asked(begun: Result<Challenge>): Result<{ readonly challenge: Challenge }> {
  return begun.ok ? accept({ challenge: begun.value }) : begun
}

function loginRoute(auth: Auth): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.post(
      '/v1/auth/login',
      {
        config: { auth: OPEN, weight: HEAVY },
        schema: {
          tags: TAGS,
          body: schemas.LoginBody,
          querystring: Nothing,
          response: { 200: schemas.LoginAnswer, ...REFUSED },
        },
      },
      async (request, reply) => {
        const { email, password, refresh = 'body' } = request.body
        const signedIn = await auth.login({ email, password, userAgent: userAgentOf(request) })
        if (!signedIn.ok) return refused(reply, signedIn)
        if ('by' in signedIn.value) return { secondStep: signedIn.value }
        return sendTokens(reply, signedIn.value, refresh)
      },
    )
    done()
  }
}

function secondStepRoute(auth: Auth): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.post(
      '/v1/auth/login/second',
      {
        config: { auth: OPEN },
        schema: {
          tags: TAGS,
          body: schemas.SecondStepBody,
          querystring: Nothing,
          response: { 200: schemas.TokensAnswer, ...REFUSED },
        },
      },
      async (request, reply) => {
        const { refresh = 'body', ...answer } = request.body
        const signedIn = await auth.secondStep({ ...answer, userAgent: userAgentOf(request) })
        if (!signedIn.ok) return refused(reply, signedIn)
        return sendTokens(reply, signedIn.value, refresh)
      },
    )
    done()
  }
}
