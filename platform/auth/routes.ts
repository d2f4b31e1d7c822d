// Routes of /v1/auth and /v1/me.
//
// What a route demands stands in its config and is enforced by http's authenticate plugin before a
// handler runs. Handlers only translate: message in, service, message out.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { Nothing, principalOf, REFUSED, refused } from '#platform/http/port.ts'
import { factorRoutes } from './factor-routes.ts'
import { keyRoutes } from './key-routes.ts'
import type { Auth, RouteAuth } from './port.ts'
import { recoveryRoutes } from './recovery-routes.ts'
import * as schemas from './schemas.ts'
import { sessionRoutes } from './session-routes.ts'
import { signInRoutes } from './sign-in-routes.ts'

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

const READ: RouteAuth = { scope: 'read' }
const TAGS = ['auth']

/** The plugin with all routes of this module. */
export function authRoutes(deps: AuthRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    void app.register(signInRoutes(deps))
    void app.register(sessionRoutes(deps))
    void app.register(recoveryRoutes(deps))
    void app.register(factorRoutes(deps))
    void app.register(keyRoutes(deps))
    void app.register(meRoute(deps))
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
        if (user === undefined) return refused(reply, { code: 'auth.invalid' })
        const accounts = listAccounts(account).filter(
          ({ id }) => accountOnly === undefined || id === accountOnly,
        )
        return { user, capabilities: [...capabilities].sort(), accounts: [...accounts] }
      },
    )
    done()
  }
}
