// Route that describes a strategy: its parameters with kinds, bounds and first values, before
// anything of it is deployed.
//
// Code comes in here, so it takes what a deployment takes. What is wrong with a text is answered as
// a deployment would answer it.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { RouteAuth } from '#platform/auth/port.ts'
import { closed, Nothing, REFUSED, refused } from '#platform/http/port.ts'
import { Envelope } from './envelope.ts'
import { DEPLOY_EXAMPLES } from './examples.ts'
import { DEPLOY_BYTES_MAX, PARAMS_MAX, VENUES_MAX } from './limits.ts'
import type { Deployments, DescribedParam as Described } from './port.ts'
import { DeployBody } from './schemas.ts'

const DEPLOY: RouteAuth = { scope: 'deploy', capability: 'deploy' }
/** As of a deployment: a compiler and a process. */
const WEIGHT = 50

const Word = Type.String({ maxLength: 64 })
const Text = Type.String({ maxLength: 1_000 })
const Plain = [Type.Number(), Type.Boolean(), Text] as const
const Bound = Type.Optional(Type.Number())

export const DescribedParam = closed({
  name: Word,
  /** market, markets, int, number, numbers, text, choice, bool; a form shows others as text. */
  kind: Word,
  initial: Type.Union([...Plain, Type.Array(Type.Union([...Plain]), { maxItems: 64 })]),
  ...{ min: Bound, max: Bound },
  choices: Type.Optional(Type.Array(Text, { maxItems: 64 })),
})

const DescribeBody = closed(
  { source: DeployBody.properties.source },
  { examples: DEPLOY_EXAMPLES.map(({ source }) => ({ source })) },
)

export const DescribeAnswer = closed({
  strategy: closed({
    name: Word,
    params: Type.Array(DescribedParam, { maxItems: PARAMS_MAX }),
    /** What a deployment has that names none. */
    limits: Envelope,
    venues: Type.Array(Word, { maxItems: VENUES_MAX }),
  }),
})

export function describeRoute(deployments: Deployments): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.post(
      '/v1/strategies/describe',
      {
        config: { auth: DEPLOY, weight: WEIGHT },
        bodyLimit: DEPLOY_BYTES_MAX,
        schema: {
          tags: ['bots'],
          description: 'What a strategy can be told: checked as a deployment, and not deployed.',
          querystring: Nothing,
          body: DescribeBody,
          response: { 200: DescribeAnswer, ...REFUSED },
        },
      },
      async (request, reply) => {
        const told = await deployments.describe(request.body.source)
        if (!told.ok) return refused(reply, told)
        const { params, venues } = told.value
        return {
          strategy: { ...told.value, params: params.map(shownParam), venues: [...venues] },
        }
      },
    )
    done()
  }
}

export function shownParam({ initial, choices, ...param }: Described) {
  return {
    ...param,
    initial: typeof initial === 'object' ? [...initial] : initial,
    ...(choices === undefined ? {} : { choices: [...choices] }),
  }
}
