// Routes of /v1/mailbox: what would have been sent, for whoever develops on this machine.
//
// They exist only where no mail server is named, outside of production, and answer on a loopback
// address alone; anybody else is told that there is no such thing.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  closed,
  Instant,
  LimitText,
  limitOf,
  pageOf,
  REFUSED,
  refused,
} from '#platform/http/port.ts'
import { isLoopback } from './loopback.ts'
import type { Mailbox } from './port.ts'

const EMAIL_MAX = 254

const MailboxQuery = closed({
  to: Type.Optional(Type.String({ minLength: 1, maxLength: EMAIL_MAX })),
  limit: Type.Optional(LimitText),
})

export const Mails = pageOf(
  closed({
    id: Type.String({ maxLength: 64 }),
    to: Type.String({ maxLength: EMAIL_MAX }),
    subject: Type.String({ maxLength: 200 }),
    text: Type.String({ maxLength: 4_000 }),
    at: Instant,
    sent: Type.Boolean(),
  }),
)

export function mailboxRoutes(mailbox: Mailbox): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get(
      '/v1/mailbox',
      {
        config: { auth: 'none' },
        schema: {
          tags: ['mailbox'],
          summary: 'Mail that was not sent for want of a server; on a loopback address only',
          querystring: MailboxQuery,
          response: { 200: Mails, ...REFUSED },
        },
      },
      async (request, reply) => {
        if (!isLoopback(request.raw)) return refused(reply, { code: 'not_found' })
        const { to, limit } = request.query
        const items = await mailbox.list({ to: to?.toLowerCase(), limit: limitOf(limit) })
        return { items, next: null }
      },
    )
    done()
  }
}
