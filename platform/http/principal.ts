// What http adds to a Fastify request and to a route's config.
//
// The authenticate plugin reads `config.auth` and sets `request.principal` before any handler
// runs; it is null only where the route says 'none'.

import type { Principal, RouteAuth } from '#platform/auth/port.ts'

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null
  }
  interface FastifyContextConfig {
    auth?: RouteAuth
  }
}
