// Health: whether the platform answers, and up to where it has got. Constant work, whatever the
// state: it reads a few numbers that others keep.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import { closed, Nothing, oneOf, REFUSED, WholeNumber } from './port.ts'

export const Health = closed({
  status: oneOf(['ok', 'degraded', 'stopping']),
  releasedSeq: WholeNumber,
  eventDigest: Type.String({ maxLength: 128 }),
  /** Events that the database is behind. */
  projectorLag: WholeNumber,
  chain: oneOf(['none', 'ok', 'down']),
  version: Type.String({ maxLength: 40 }),
})
export type Health = Static<typeof Health>

export function healthRoute(health: () => Promise<Health>): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get(
      '/v1/health',
      {
        config: { auth: 'none' },
        schema: {
          tags: ['health'],
          querystring: Nothing,
          response: { 200: Health, ...REFUSED },
        },
      },
      health,
    )
    done()
  }
}
