// App: every route, schema and check of the platform as one Fastify instance.
//
// The server only listens; tests go through inject. Strict everywhere: nothing is coerced, removed
// or defaulted, JSON is the only content type, bodies and waiting times are bounded, and a route
// without schemas or without a word on who may call it does not start.

import type {
  FastifyPluginAsyncTypebox,
  FastifyPluginCallbackTypebox,
  TypeBoxTypeProvider,
} from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import { assert } from '#kernel/assert.ts'
import type { Clock } from '#kernel/time.ts'
import type { AdminActions } from '#platform/admin/port.ts'
import { adminRoutes } from '#platform/admin/routes.ts'
import type { Auth } from '#platform/auth/port.ts'
import { type AuthRoutesDeps, authRoutes } from '#platform/auth/routes.ts'
import { type FleetRoutesDeps, fleetRoutes } from '#platform/fleet/routes.ts'
import { type MarketRoutesDeps, marketRoutes } from '#platform/markets/routes.ts'
import { type OrderRoutesDeps, orderRoutes } from '#platform/orders/routes.ts'
import { type PortfolioRoutesDeps, portfolioRoutes } from '#platform/portfolio/routes.ts'
import { answerClientError, answerErrors, answerFrameworkError, type Report } from './errors.ts'
import { type Health, healthRoute } from './health.ts'
import { readJsonBody } from './json-body.ts'
import { authenticate } from './plugins/authenticate.ts'
import { closeInTime } from './plugins/close-in-time.ts'
import { type Gauges, measure } from './plugins/metrics.ts'
import { describeApi, docsPage } from './plugins/openapi.ts'
import { page } from './plugins/page.ts'
import { limitRates, RATE_LIMITS, type RateLimits } from './plugins/rate-limit.ts'
import { streamRoute, type WebSocketDeps } from './plugins/websocket.ts'
import type {} from './principal.ts'
import { parseQuery } from './query.ts'

type Routes = FastifyPluginCallbackTypebox | FastifyPluginAsyncTypebox

export type AppDeps = OrderRoutesDeps &
  MarketRoutesDeps &
  PortfolioRoutesDeps &
  FleetRoutesDeps &
  Pick<AuthRoutesDeps, 'listAccounts'> &
  Pick<WebSocketDeps, 'markets' | 'accounts' | 'bots' | 'beatMs' | 'entry'> & {
    readonly auth: Auth
    readonly clock: Clock
    readonly health: () => Promise<Health>
    readonly gauges: Gauges
    readonly report: Report
    readonly version: string
    /** Addresses of proxies whose forwarded headers count. */
    readonly trustProxy: readonly string[]
    readonly rateLimits?: RateLimits
    /** Key and certificate in PEM; plain http unless given. */
    readonly tls?: { readonly key: string; readonly cert: string } | undefined
    /** Tells browsers to come back over TLS only. */
    readonly hsts?: boolean
    readonly adminActions: AdminActions
    /** Whose routes: the public's, the admins', or both on one port. */
    readonly serves: 'public' | 'admin' | 'both'
    /** Routes of modules that are not always there, such as the wallet's. */
    readonly more: readonly Routes[]
    /** The folder of the built page; null for none. */
    readonly pageFolder: string | null
  }

const BODY_BYTES_MAX = 65_536
const HEADERS_MS = 5_000
const REQUEST_MS = 10_000
/** How often Node looks for connections that are too slow; its default is 30 s. */
const CHECK_CONNECTIONS_MS = 2_000
const REQUESTS_PER_SOCKET_MAX = 1_000_000
const URL_PARAM_CHARS_MAX = 100
/** Two years, as browsers' own lists ask for. */
const HSTS = 'max-age=63072000; includeSubDomains'
/** Nothing older is asked for by anything that can trade. */
const minVersion = 'TLSv1.2'

/** The app, ready for inject or listen. */
export function createApp(deps: AppDeps): FastifyInstance {
  const app = createServer(deps)
  closeInTime(app)
  acceptJsonOnly(app)
  answerErrors(app, deps.report)
  closeSchemas(app)
  const metrics = measure(app, deps.gauges)
  const limits = { limits: deps.rateLimits ?? RATE_LIMITS, clock: deps.clock }
  const charge = limitRates(app, limits)
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
    if (deps.hsts === true) reply.header('strict-transport-security', HSTS)
    done()
  })
  describeApi(app, deps.version)
  void app.register(publicFiles(deps.pageFolder))
  void app.register((scope, _options, done) => {
    authenticate(scope, { auth: deps.auth, charge })
    const stream = streamRoute({ ...deps, charge, nextSession: counter() })
    for (const routes of routesOf(deps, stream)) void scope.register(routes)
    void scope.register(metrics)
    done()
  })
  return app
}

function createServer({ trustProxy, tls }: AppDeps): FastifyInstance {
  const server = {
    headersTimeout: HEADERS_MS,
    connectionsCheckingInterval: CHECK_CONNECTIONS_MS,
    // Anywhere else an Upgrade header means nothing: answered as the plain request that it is.
    shouldUpgradeCallback: ({ url }: { readonly url?: string | undefined }) =>
      url?.split('?', 1)[0] === '/v1/stream',
  }
  const over = tls === undefined ? { http: server } : { https: { ...server, ...tls, minVersion } }
  const app = Fastify({
    // The kind of server is chosen here; routes see one and the same instance.
    ...(over as { http: typeof server }),
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        allErrors: false,
        strict: false,
      },
    },
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS,
    maxRequestsPerSocket: REQUESTS_PER_SOCKET_MAX,
    trustProxy: trustProxy.length === 0 ? false : [...trustProxy],
    exposeHeadRoutes: false,
    logger: false,
    routerOptions: { querystringParser: parseQuery, maxParamLength: URL_PARAM_CHARS_MAX },
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
  })
  return app.withTypeProvider<TypeBoxTypeProvider>()
}

function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request, bytes, done) => {
      // No bytes are no body: only a route that demands one refuses.
      if (bytes.length === 0) return done(null, undefined)
      request.bodyBytes = bytes
      const read = readJsonBody(bytes)
      if (read.ok) done(null, read.value)
      else done(Object.assign(new Error(read.code), { statusCode: 400 }), undefined)
    },
  )
}

/** What a route does not name is refused: parameters, and bodies where no schema expects one. */
function closeSchemas(app: FastifyInstance): void {
  app.addHook('onRoute', (route: RouteOptions) => {
    if (route.schema?.hide === true) return
    assert(route.schema?.response !== undefined, `${route.url} has no schema of its answer`)
    assert(route.schema.querystring !== undefined, `${route.url} has no schema of its query`)
    const hasParams = route.url.includes(':')
    assert(
      !hasParams || route.schema.params !== undefined,
      `${route.url} has no schema of its path`,
    )
    if (route.schema.body === undefined) {
      route.preValidation = [refuseBody, ...[route.preValidation ?? []].flat()]
    }
  })
}

function refuseBody(
  request: { readonly bodyBytes: Uint8Array | null },
  _reply: unknown,
  done: (error?: Error) => void,
): void {
  if (request.bodyBytes === null) done()
  else done(Object.assign(new Error('no body is expected'), { statusCode: 400 }))
}

function publicFiles(pageFolder: string | null): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    app.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, hide: true }
    })
    docsPage(app)
    if (pageFolder !== null) void app.register(page(pageFolder))
    done()
  }
}

function routesOf(deps: AppDeps, stream: Routes): readonly Routes[] {
  const admin = adminRoutes({ auth: deps.auth, actions: deps.adminActions })
  if (deps.serves === 'admin') return [healthRoute(deps.health), admin]
  return [
    healthRoute(deps.health),
    ...(deps.serves === 'both' ? [admin] : []),
    authRoutes(deps),
    marketRoutes(deps),
    orderRoutes(deps),
    portfolioRoutes(deps),
    fleetRoutes(deps),
    stream,
    ...deps.more,
  ]
}

/** Numbers of connections: what an earlier process left open was cancelled when this one began. */
function counter(): () => number {
  let last = 0
  return () => {
    last += 1
    return last
  }
}
