// Metrics: what Prometheus may scrape at /metrics.
//
// Counting a request is two additions; names and labels are put together only when somebody asks.
// Labels are routes and statuses, never ids of people.

import type { FastifyInstance, FastifyPluginCallback } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** Numbers of the platform's parts, read at each scrape: name (with unit) to value. */
export type Gauges = () => Readonly<Record<string, number>>

type RouteCount = { readonly byStatus: Map<number, number>; seconds: number }
type Counts = Map<string, RouteCount>

/** Counts every request of the app; returns the plugin with the route. */
export function measure(app: FastifyInstance, gauges: Gauges): FastifyPluginCallback {
  const counts: Counts = new Map()
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'crossbook_' })
  requestCounter(registry, counts)
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    const count = counts.get(route) ?? newCount(counts, route)
    count.byStatus.set(reply.statusCode, (count.byStatus.get(reply.statusCode) ?? 0) + 1)
    count.seconds += reply.elapsedTime / 1_000
    done()
  })
  return (scope, _options, done) => {
    scope.get(
      '/metrics',
      { config: { auth: 'none' }, schema: { hide: true } },
      async (_request, reply) => {
        setGauges(registry, gauges())
        return reply.type(registry.contentType).send(await registry.metrics())
      },
    )
    done()
  }
}

function newCount(counts: Counts, route: string): RouteCount {
  const count = { byStatus: new Map<number, number>(), seconds: 0 }
  counts.set(route, count)
  return count
}

function requestCounter(registry: Registry, counts: Counts): void {
  const total = new Counter({
    name: 'crossbook_http_requests_total',
    help: 'Answered requests',
    labelNames: ['route', 'status'],
    registers: [registry],
    collect: () => {
      total.reset()
      for (const [route, { byStatus }] of counts) {
        for (const [status, count] of byStatus) total.inc({ route, status }, count)
      }
    },
  })
  const seconds = new Counter({
    name: 'crossbook_http_request_seconds_total',
    help: 'Time from the first byte of a request to its answer',
    labelNames: ['route'],
    registers: [registry],
    collect: () => {
      seconds.reset()
      for (const [route, count] of counts) seconds.inc({ route }, count.seconds)
    },
  })
}

function setGauges(registry: Registry, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    const known = registry.getSingleMetric(`crossbook_${name}`)
    const gauge = known instanceof Gauge ? known : newGauge(registry, name)
    gauge.set(value)
  }
}

function newGauge(registry: Registry, name: string): Gauge {
  return new Gauge({ name: `crossbook_${name}`, help: name, registers: [registry] })
}
