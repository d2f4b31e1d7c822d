// OpenAPI: the text of the API at /docs/json, made from the routes' own schemas, and a page to
// read it at /docs.
//
// A route that is not in it fails a test; nothing is described twice.

import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import type { RouteDemand } from '#platform/auth/port.ts'
import { STREAM_SCHEMAS } from '../stream-schemas.ts'

const DESCRIPTION = `Amounts are decimal strings, instants are microseconds since 1970 (UTC).
People send "Authorization: Bearer TOKEN". Programs send X-Crossbook-Key, -Timestamp (milliseconds),
-Nonce and -Signature: HMAC-SHA256 in hex over method, path, query, SHA-256 of the body in hex,
timestamp and nonce, joined by line feeds. Errors are { code, message, details? }.

Orders: POST /v1/orders with one of the types of its examples; an iceberg is a limit order with
displaySize, a bracket a limit or market order with takeProfitPrice. PATCH changes an open order in
place. POST /v1/orders/batch takes 1 to 20 commands, journaled as one group, each with its own
result. POST /v1/orders/cancel-after is the dead-man timer of the API key that asks.

/v1/stream takes { id, op: "order.place" | "order.amend" | "order.cancel", orders: [...] } with 1
to 20 bodies as in a batch and answers { id, ok: true, results: [...] } as a batch does: the schemas
StreamOrderPlace and those after it, with examples. A cancel or amend names an order that was
answered: one by clientOrderId that overtakes its own place is 404. With answers: "ack", in a batch
or a message of orders, a command that was done is answered by its status and the order's id alone;
what is refused, and when anything is answered, stays the same.
With cancelOnDisconnect: true in its auth message, what was placed over a connection is cancelled
when it ends. The channel { name: "market", market } tells phase, phaseEndsAt, markPrice and
indicative; { name: "bot", id } tells log, notes, plots and standing of a bot of one's own: a plot
has points that follow those of GET /v1/bots/:id/plots, or take the place of the last of them; null
says that charts begin anew. Bots: POST /v1/bots deploys one, with an account and a budget of its
own. A message of orders weighs a quarter of a request an order, a batch five requests.`

const signed = (name: string) => ({ type: 'apiKey', in: 'header', name }) as const

/** Must be registered before the routes that it shall describe. */
export function describeApi(app: FastifyInstance, version: string): void {
  void app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Crossbook', version, description: DESCRIPTION },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          key: signed('X-Crossbook-Key'),
          timestamp: signed('X-Crossbook-Timestamp'),
          nonce: signed('X-Crossbook-Nonce'),
          signature: signed('X-Crossbook-Signature'),
        },
      },
    },
    transform: ({ schema, url, route }) => {
      const demand = route.config?.auth
      if (demand === undefined || demand === 'none') return { schema, url }
      const program = { key: [], timestamp: [], nonce: [], signature: [] }
      const security = demand.scope === 'session' ? [{ token: [] }] : [{ token: [] }, program]
      return { schema: { ...schema, security, 'x-demand': demandJson(demand) }, url }
    },
    transformObject: (text) => ('openapiObject' in text ? withStream(text.openapiObject) : {}),
  })
}

type Described = {
  readonly paths?: object
  readonly components?: { readonly schemas?: object }
}

/** Messages have no route: their schemas stand beside the routes, where there is a stream. */
function withStream<T extends Described>(api: T) {
  const { components, paths = {} } = api
  if (!('/v1/stream' in paths)) return api
  const schemas = { ...components?.schemas, ...STREAM_SCHEMAS }
  return { ...api, components: { ...components, schemas } }
}

/** What a route demands, for whoever reads the text: scopes and roles of which one is enough. */
function demandJson({ scope, capability = [] }: RouteDemand) {
  return { scopes: [scope].flat(), roles: [capability].flat() }
}

/** The page at /docs. */
export function docsPage(app: FastifyInstance): void {
  void app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
}
