// Route that closes an empty sub-account for ever.
//
// The account that asks is the caller's main account. Asked again with the same requestId, or for
// an account that is closed already, the answer is the same: the account, closed.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { type AccountId, asId } from '#kernel/ids.ts'
import { asMicros, type Clock } from '#kernel/time.ts'
import type { RouteAuth } from '#platform/auth/port.ts'
import { deadlineOf, Nothing, principalOf, REFUSED, refused } from '#platform/http/port.ts'
import type { Sequencer } from '#sequencer/port.ts'
import { accountJson } from '#views/format.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import type { AccountAccess } from './port.ts'
import * as schemas from './schemas.ts'

export type CloseAccountDeps = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly views: LiveViews
  readonly access: AccountAccess
  readonly clock: Clock
}

const TRADE: RouteAuth = { scope: 'trade' }

export function closeAccountRoute(deps: CloseAccountDeps): FastifyPluginCallbackTypebox {
  const { sequencer, views, access, clock } = deps
  return (app, _options, done) => {
    app.post(
      '/v1/accounts/:account/close',
      {
        config: { auth: TRADE, weight: 10 },
        schema: {
          tags: ['accounts'],
          params: schemas.AccountParams,
          querystring: Nothing,
          body: schemas.CloseAccountBody,
          response: { 201: schemas.OneAccount, ...REFUSED },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request)
        const closing = access.resolve(principal, Number(request.params.account))
        const row = closing.ok ? views.account(closing.value) : undefined
        if (row === undefined) return refused(reply, { code: 'not_found' })
        const { requestId, sentAt } = request.body
        const { code } = await sequencer.submit(
          {
            ...{ kind: 'closeAccount', account: asId<AccountId>(principal.account) },
            ...{ closing: row.account, requestId, sentAtGiven: sentAt !== undefined },
            sentAt: asMicros(sentAt ?? clock()),
          },
          deadlineOf(request),
        )
        if (code !== null) return refused(reply, { code })
        return reply.code(201).send({ account: accountJson({ ...row, closed: true }) })
      },
    )
    done()
  }
}
