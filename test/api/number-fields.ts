// Number fields: every place of every route where a number goes, read from its OpenAPI text.
//
// A number is an integer, or a text that looks like one: a decimal, or a pattern that takes digits.
// Each comes with a whole request to put it into: the example of the route, else the least that its
// schema asks for. So a new route or field is found without being named anywhere. Messages of the
// stream come the same way, each with those of its examples that are about one order.

import type { FastifyInstance } from 'fastify'
import { call } from './exchange.ts'

export type NumberField = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With {names} in braces. */
  readonly path: string
  readonly where: 'path' | 'query' | 'body'
  readonly name: readonly string[]
  /** In JSON it stands without quotes. */
  readonly isInteger: boolean
  /** Edges of its schema, if any. */
  readonly edges: readonly number[]
  readonly body: unknown
}

type Schema = {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  /** Of a record: whatever its fields are called. */
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

type Content = {
  readonly schema: Schema
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}

type Described = {
  readonly parameters?: readonly {
    readonly in: 'path' | 'query'
    readonly name: string
    readonly schema: Schema
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> }
}

const DECIMAL_LENGTH = 40

/** All of them: in the first example of a route, and in every other that has the field. */
export async function numberFields(app: FastifyInstance): Promise<NumberField[]> {
  const { paths } = JSON.parse((await call(app, 'GET', '/docs/json')).text) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, described]) => {
      const route = { method: method.toUpperCase() as NumberField['method'], path }
      return fieldsOf(described).map((field) => ({ ...route, ...field }))
    }),
  )
}

export type MessageField = Field & { readonly op: string }

/** The same of every message of orders that a client may send over the stream. */
export async function messageFields(app: FastifyInstance): Promise<MessageField[]> {
  const { paths, components } = JSON.parse((await call(app, 'GET', '/docs/json')).text)
  const { client } = paths['/v1/stream'].get['x-messages']
  return Object.entries<{ $ref: string }>(client).flatMap(([op, { $ref }]) => {
    const { examples, ...schema } = components.schemas[$ref.split('/').at(-1) ?? '']
    const samples = examples.filter(
      ({ orders }: { orders: readonly object[] }) => orders.length === 1,
    )
    return insideOf([{ schema, samples }]).map((field) => ({ ...field, op }))
  })
}

type Field = Omit<NumberField, 'method' | 'path'>

function fieldsOf({ parameters = [], requestBody }: Described): Field[] {
  const content = requestBody?.content['application/json']
  const shapes = content === undefined ? [] : shapesOf(content)
  const outside = parameters
    .filter(({ schema }) => isNumber(schema))
    .map(({ in: where, name, schema }) => ({
      ...{ where, name: [name], isInteger: false, edges: edgesOf(schema) },
      body: shapes[0]?.samples[0],
    }))
  return [...outside, ...insideOf(shapes)]
}

function insideOf(shapes: readonly Shape[]): Field[] {
  return shapes.flatMap(({ schema, samples }) =>
    numbersOf(schema).flatMap(({ name, schema: number }) =>
      samples
        .filter((body, at) => at === 0 || hasPlace(body, name))
        .map((body) => ({
          ...{ where: 'body' as const, name, isInteger: number.type === 'integer' },
          ...{ edges: edgesOf(number), body },
        })),
    ),
  )
}

type Shape = { readonly schema: Schema; readonly samples: readonly unknown[] }

/** Without examples each alternative of a body is a shape with a sample of its own. */
function shapesOf({ schema, example, examples = {} }: Content): Shape[] {
  const given = [...Object.values(examples).map(({ value }) => value), example]
  const samples = given.filter((one) => one !== undefined)
  if (samples.length > 0) return [{ schema, samples }]
  return (schema.anyOf ?? [schema]).map((one) => ({ schema: one, samples: [leastOf(one)] }))
}

type Named = { readonly name: readonly string[]; readonly schema: Schema }

function numbersOf(schema: Schema, name: readonly string[] = []): Named[] {
  if (isNumber(schema)) return [{ name, schema }]
  const { properties = {}, additionalProperties: any, items, anyOf = [] } = schema
  const fields = Object.entries(properties).flatMap(([key, one]) => numbersOf(one, [...name, key]))
  const others = typeof any === 'object' ? numbersOf(any, [...name, 'any']) : []
  const elements = items === undefined ? [] : numbersOf(items, [...name, '0'])
  return [...fields, ...others, ...elements, ...anyOf.flatMap((one) => numbersOf(one, name))]
}

function isNumber({ type, pattern, minLength, maxLength, enum: choices }: Schema): boolean {
  if (type === 'integer' || type === 'number') return true
  if (type !== 'string' || choices !== undefined) return false
  if (pattern === undefined) return minLength === 1 && maxLength === DECIMAL_LENGTH
  const matches = new RegExp(pattern, 'u')
  return matches.test('1') && !matches.test('x')
}

function edgesOf({ minimum, maximum }: Schema): number[] {
  return [minimum, maximum].flatMap((edge) =>
    edge === undefined ? [] : [edge - 1, edge, edge + 1],
  )
}

/** The least that a schema takes, more or less: what is refused for its text is refused too. */
function leastOf(schema: Schema): unknown {
  const { type, enum: choices, anyOf, properties = {}, required = [], items } = schema
  if (schema.const !== undefined) return schema.const
  if (choices !== undefined) return choices[0]
  if (anyOf !== undefined) return leastOf(anyOf[0] ?? {})
  if (type === 'object') {
    return Object.fromEntries(required.map((name) => [name, leastOf(properties[name] ?? {})]))
  }
  if (type === 'array') return [leastOf(items ?? {})]
  if (type === 'boolean') return false
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1
  return isNumber(schema) ? '1' : 'BTC'
}

function hasPlace(body: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true
  if (typeof body !== 'object' || body === null || !(name in body)) return false
  return hasPlace((body as Record<string, unknown>)[name], rest)
}

/** The body with another value at a place; places that are missing are made. */
export function withValue(body: unknown, [name, ...rest]: readonly string[], to: unknown): unknown {
  if (name === undefined) return to
  if (name === '0') {
    const [first, ...others] = Array.isArray(body) ? body : []
    return [withValue(first, rest, to), ...others]
  }
  const fields = typeof body === 'object' && body !== null ? body : {}
  return { ...fields, [name]: withValue((fields as Record<string, unknown>)[name], rest, to) }
}
