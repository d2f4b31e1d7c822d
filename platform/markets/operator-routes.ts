// Routes for operators: rules, fees, phase, mark price and end of a market; freezing accounts.
//
// Each is one command and answers its seq; asked again it changes nothing. Everybody else is 403.
// Who may is said by the capability `operator`, which `crossbook user grant` gives.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { type AccountId, asId } from '#kernel/ids.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import { asMicros } from '#kernel/time.ts'
import type { RouteAuth } from '#platform/auth/port.ts'
import { Nothing, REFUSED, refused } from '#platform/http/port.ts'
import type { Sequencer, Submission } from '#sequencer/port.ts'
import type { Market } from '#views/listing.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { feesCommand, markCommand, rulesCommand } from './operator-commands.ts'
import * as bodies from './operator-schemas.ts'
import { MarketParams } from './schemas.ts'

export type OperatorRoutesDeps = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly views: LiveViews
}

const OPERATOR: RouteAuth = { scope: 'trade', capability: 'operator' }
const answers = { 200: bodies.Done, ...REFUSED }
const common = { tags: ['operators'], querystring: Nothing, response: answers }
const ofMarket = { ...common, params: MarketParams }
const ofAccount = { ...common, params: bodies.AccountParams }
const config = { auth: OPERATOR }
const MARKET = '/v1/operator/markets/:market'
const ACCOUNT = '/v1/operator/accounts/:account'

/** The plugin with these routes. */
export function operatorRoutes(deps: OperatorRoutesDeps): FastifyPluginCallbackTypebox {
  const send = sender(deps)
  const market = (symbol: string): Result<Market> => {
    const known = deps.views.listing.marketBySymbol(symbol)
    return known === undefined ? refuse('not_found') : accept(known)
  }
  return (app, _options, done) => {
    app.put(
      `${MARKET}/rules`,
      { config, schema: { ...ofMarket, body: bodies.RulesBody } },
      (r, reply) =>
        send(
          reply,
          andThen(market(r.params.market), (one) => rulesCommand(one, r.body)),
        ),
    )
    app.put(
      `${MARKET}/fees`,
      { config, schema: { ...ofMarket, body: bodies.FeesBody } },
      (r, reply) =>
        send(
          reply,
          andThen(market(r.params.market), (one) => feesCommand(one, r.body)),
        ),
    )
    app.put(
      `${MARKET}/mark`,
      { config, schema: { ...ofMarket, body: bodies.MarkBody } },
      (r, reply) =>
        send(
          reply,
          andThen(market(r.params.market), (one) => markCommand(one, r.body.price)),
        ),
    )
    app.put(
      `${MARKET}/phase`,
      { config, schema: { ...ofMarket, body: bodies.PhaseBody } },
      (r, reply) =>
        send(
          reply,
          andThen(market(r.params.market), ({ id }) => {
            const endsAt = asMicros(r.body.endsAt ?? 0)
            return accept({ kind: 'setPhase', market: id, phase: r.body.phase, endsAt })
          }),
        ),
    )
    app.delete(MARKET, { config, schema: ofMarket }, (r, reply) =>
      send(
        reply,
        andThen(market(r.params.market), ({ id }) => accept({ kind: 'delistMarket', market: id })),
      ),
    )
    void app.register(accountRoutes(deps))
    done()
  }
}

function accountRoutes(deps: OperatorRoutesDeps): FastifyPluginCallbackTypebox {
  const send = sender(deps)
  return (app, _options, done) => {
    app.put(
      `${ACCOUNT}/frozen`,
      { config, schema: { ...ofAccount, body: bodies.FrozenBody } },
      (r, reply) => {
        const account = asId<AccountId>(Number(r.params.account))
        return send(reply, accept({ kind: 'freezeAccount', account, frozen: r.body.frozen }))
      },
    )
    app.delete(`${ACCOUNT}/orders`, { config, schema: ofAccount }, (r, reply) => {
      const account = asId<AccountId>(Number(r.params.account))
      return send(reply, accept({ kind: 'cancelAll', account, market: null, side: null }))
    })
    done()
  }
}

function andThen<T, U>(first: Result<T>, next: (value: T) => Result<U>): Result<U> {
  return first.ok ? next(first.value) : first
}

function sender({ sequencer, views }: OperatorRoutesDeps) {
  return async (reply: FastifyReply, command: Result<Submission>) => {
    if (!command.ok) return refused(reply, command)
    const body = command.value
    // The engine knows its accounts by a dense number: what nobody opened is not there.
    if ('account' in body && views.account(body.account) === undefined) {
      return refused(reply, { code: 'not_found' })
    }
    const { code, seq } = await sequencer.submit(body)
    return code === null ? reply.code(200).send({ seq }) : refused(reply, { code })
  }
}
