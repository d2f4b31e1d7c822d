// The route table of a running app, read from its own OpenAPI text: every operation, what it
// demands, and which of its inputs name something that belongs to somebody.

import type { FastifyInstance } from 'fastify'
import { call } from './exchange.ts'

export type Operation = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With {names} in braces. */
  readonly path: string
  /** null: open to everybody. */
  readonly demand: { readonly scopes: readonly string[]; readonly roles: readonly string[] } | null
  readonly params: readonly string[]
  readonly query: readonly string[]
  readonly body: readonly string[]
}

type Described = {
  readonly 'x-demand'?: Operation['demand']
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
  readonly requestBody?: {
    readonly content: Record<string, { readonly schema: { readonly properties?: object } }>
  }
}

export async function routeTable(app: FastifyInstance): Promise<Operation[]> {
  const { paths } = JSON.parse((await call(app, 'GET', '/docs/json')).text) as {
    readonly paths: Record<string, Record<string, Described>>
  }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]): Operation => {
      const named = (where: string) =>
        (described.parameters ?? []).filter((one) => one.in === where).map(({ name }) => name)
      const schema = described.requestBody?.content['application/json']?.schema
      return {
        method: method.toUpperCase() as Operation['method'],
        path,
        demand: described['x-demand'] ?? null,
        ...{ params: named('path'), query: named('query') },
        body: Object.keys(schema?.properties ?? {}),
      }
    }),
  )
}
