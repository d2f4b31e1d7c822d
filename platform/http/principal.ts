// What http adds to a Fastify request and to a route's config.
//
// The authenticate plugin reads `config.auth` and sets `request.principal` before any handler
// runs; it is null only where the route says 'none'. `bodyBytes` is the body as it came over the
// wire, which signatures cover; null when there was none.

import type { Principal, RouteAuth } from '#platform/auth/port.ts'

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null
    bodyBytes: Uint8Array | null
    /** When a signed request was signed, by its own word; null for a person's. */
    signedAtMs: number | null
  }
  interface FastifyContextConfig {
    auth?: RouteAuth
    /** What a request costs its caller of the rate limit; 1 unless given. */
    weight?: number
  }
}
