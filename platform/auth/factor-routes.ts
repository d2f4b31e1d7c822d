// Routes of the second factor: begin, confirm, remove, new recovery codes.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { accept, type Result } from '#kernel/result.ts'
import { principalOf } from '#platform/http/port.ts'
import type { Auth, RouteAuth } from './port.ts'
import { postRoute } from './post-route.ts'
import * as schemas from './schemas.ts'
import { HEAVY } from './sign-in-routes.ts'

const PERSON: RouteAuth = { scope: 'session' }
const COMMON = { auth: PERSON, weight: HEAVY } as const

/** The plugin with these routes. */
export function factorRoutes({ auth }: { readonly auth: Auth }): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    for (const route of routes(auth)) void app.register(route)
    done()
  }
}

function routes(auth: Auth) {
  return [
    postRoute({
      ...{ url: '/v1/auth/totp', ...COMMON, status: 201 },
      ...{ body: schemas.FactorBody, answer: schemas.FactorAnswer },
      handle: (body, request) => auth.beginFactor({ ...body, userId: principalOf(request).userId }),
    }),
    postRoute({
      ...{ url: '/v1/auth/totp/confirm', ...COMMON, status: 200 },
      ...{ body: schemas.FactorConfirmBody, answer: schemas.RecoveryCodesAnswer },
      handle: async (body, request) =>
        told(await auth.confirmFactor({ ...body, userId: principalOf(request).userId })),
    }),
    postRoute({
      ...{ url: '/v1/auth/totp/remove', ...COMMON, status: 204 },
      ...{ body: schemas.FactorProofBody, answer: schemas.NoContent },
      handle: (body, request) =>
        auth.removeFactor({ ...body, userId: principalOf(request).userId }),
    }),
    postRoute({
      ...{ url: '/v1/auth/totp/recovery-codes', ...COMMON, status: 200 },
      ...{ body: schemas.FactorProofBody, answer: schemas.RecoveryCodesAnswer },
      handle: async (body, request) =>
        told(await auth.renewCodes({ ...body, userId: principalOf(request).userId })),
    }),
  ]
}

function told(codes: Result<readonly string[]>): Result<{ recoveryCodes: string[] }> {
  return codes.ok ? accept({ recoveryCodes: [...codes.value] }) : codes
}
