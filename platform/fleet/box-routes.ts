// Routes of the box: strategies that come with the platform, to deploy as they stand or to copy.
//
// They are the same for everybody and may be read by whoever is signed in; deploying one takes what
// a deployment takes. A text is told with its hash, which is that of a version that runs it.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { RouteAuth } from '#platform/auth/port.ts'
import { closed, Nothing, REFUSED, refused } from '#platform/http/port.ts'
import { DescribedParam, shownParam } from './describe-route.ts'
import { BOX_MAX, IDEA_CHARS_MAX, PARAMS_MAX } from './limits.ts'
import type { BoxStrategy, Deployments } from './port.ts'
import { DeployBody, Hash } from './schemas.ts'

const READ: RouteAuth = { scope: 'read' }
const TAGS = ['bots']

const BoxParam = closed({
  ...DescribedParam.properties,
  /** What it means, for people. */
  about: Type.String({ maxLength: IDEA_CHARS_MAX }),
})

const OfBox = closed({
  name: Type.String({ maxLength: 64 }),
  /** In a sentence. */
  idea: Type.String({ maxLength: IDEA_CHARS_MAX }),
  hash: Hash,
  params: Type.Array(BoxParam, { maxItems: PARAMS_MAX }),
})
const BoxAnswer = closed({ items: Type.Array(OfBox, { maxItems: BOX_MAX }), next: Type.Null() })

export const OneOfBox = closed({
  strategy: closed({ ...OfBox.properties, source: DeployBody.properties.source }),
})

const NameParams = closed({
  name: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$', maxLength: 64 }),
})

export function boxRoutes({ box }: Pick<Deployments, 'box'>): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.get(
      '/v1/strategies',
      {
        config: { auth: READ },
        schema: {
          ...{ tags: TAGS, querystring: Nothing },
          description: 'The box: strategies that come with the platform, by name.',
          response: { 200: BoxAnswer, ...REFUSED },
        },
      },
      async () => {
        const items = (await box()).map(shown).map(({ source: _source, ...rest }) => rest)
        return { items, next: null }
      },
    )
    app.get(
      '/v1/strategies/:name',
      {
        config: { auth: READ },
        schema: {
          ...{ tags: TAGS, params: NameParams, querystring: Nothing },
          description: 'One strategy of the box with its text, which may be deployed as it stands.',
          response: { 200: OneOfBox, ...REFUSED },
        },
      },
      async (request, reply) => {
        const found = (await box()).find(({ name }) => name === request.params.name)
        return found === undefined
          ? refused(reply, { code: 'not_found' })
          : { strategy: shown(found) }
      },
    )
    done()
  }
}

function shown({ params, ...strategy }: BoxStrategy) {
  return { ...strategy, params: params.map((one) => ({ ...shownParam(one), about: one.about })) }
}
