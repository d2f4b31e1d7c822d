// Errors: everything that goes wrong on the way to a handler, as { code, message, details? }.
//
// Nothing of our insides leaks: a validation error names the place and the rule, never the value;
// a bug is 500 `internal` for the caller and the error itself for `report`. A path that exists
// under another method is 405 with Allow.

import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RefusalCode } from '#kernel/refusals.ts'
import { refusalBody, refused } from './port.ts'

/** Told of every bug that a handler let through; main.ts ends the process on a failed assertion. */
export type Report = (error: unknown) => void

const CODES: Readonly<Record<string, RefusalCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.unsupported_type',
  FST_ERR_CTP_INVALID_TYPE: 'request.unsupported_type',
}

/** Makes the app answer errors and unknown paths in the API's manner. */
export function answerErrors(app: FastifyInstance, report: Report): void {
  const methods = knownMethods(app)
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (isDatabaseAway(error)) return databaseAway(request, reply)
    const code = codeOf(error)
    if (code === 'internal') report(error)
    return refused(reply, { code, ...detailsOf(error) })
  })
  app.setNotFoundHandler((request, reply) => notFound(methods, request, reply))
}

/** For what Fastify refuses before there is a route, such as a path that cannot be decoded. */
export function answerFrameworkError(
  _error: FastifyError,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  refused(reply, { code: 'request.malformed' })
}

/** For bytes that are no HTTP request, headers that are too long and connections that stall. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = STATUS_LINES[error.code ?? ''] ?? '400 Bad Request'
  const body = JSON.stringify(refusalBody('request.malformed'))
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\n`
  socket.end(`${head}content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`)
}

const STATUS_LINES: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}

/** What pg and the system say when the server is gone, going or not up yet. */
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|57P0[123]|08...|P1001|P1017)$|Connection terminated/

function isDatabaseAway(error: Error & { readonly code?: string }): boolean {
  const { cause } = error
  if (AWAY.test(error.code ?? '') || AWAY.test(error.message)) return true
  return cause instanceof Error && isDatabaseAway(cause)
}

/** Reading did nothing. A change may have happened before its answer was to be read. */
function databaseAway({ method }: FastifyRequest, reply: FastifyReply): FastifyReply {
  return refused(reply, { code: method === 'GET' ? 'capacity.exhausted' : 'unknown' })
}

function codeOf(error: FastifyError): RefusalCode {
  if (error.validation !== undefined) return 'request.malformed'
  const known = CODES[error.code]
  if (known !== undefined) return known
  const status = error.statusCode ?? 500
  return status >= 400 && status < 500 ? 'request.malformed' : 'internal'
}

function detailsOf(error: FastifyError): { details?: Record<string, string> } {
  const first = error.validation?.[0]
  if (first === undefined) return {}
  const where = `${error.validationContext ?? 'request'}${first.instancePath}`
  return { details: { where, why: whyOf(first.keyword, first.params) } }
}

/** The rule that was broken; a field's name only when it is one of ours. */
function whyOf(keyword: string, params: Record<string, unknown>): string {
  const missing = params['missingProperty']
  return keyword === 'required' && typeof missing === 'string' ? `${missing} is missing` : keyword
}

type KnownPath = { readonly parts: readonly string[]; readonly methods: Set<string> }

/** Collects which methods each path knows while routes are added. */
function knownMethods(app: FastifyInstance): Map<string, KnownPath> {
  const paths = new Map<string, KnownPath>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = paths.get(url) ?? { parts: url.split('/'), methods: new Set() }
    paths.set(url, known)
    for (const one of Array.isArray(method) ? method : [method]) known.methods.add(one)
  })
  return paths
}

function notFound(paths: Map<string, KnownPath>, request: FastifyRequest, reply: FastifyReply) {
  const [path = ''] = request.url.split('?')
  const parts = path.split('/')
  const allowed = new Set<string>()
  for (const known of paths.values()) {
    if (!known.parts.includes('*') && fits(known.parts, parts)) {
      for (const method of known.methods) allowed.add(method)
    }
  }
  if (allowed.size === 0) return refused(reply, { code: 'not_found' })
  const allow = [...allowed].sort().join(', ')
  void reply.header('allow', allow).code(405)
  return reply.send(refusalBody('request.malformed', { allow }))
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  if (pattern.length !== parts.length) return false
  return pattern.every((one, index) => one.startsWith(':') || one === parts[index])
}
