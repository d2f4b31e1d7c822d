// Authenticate: who is asking, settled before any handler runs.
//
// Every route says what it demands in `config.auth`; a route that says nothing does not start. A
// bearer token is checked when the headers are there, a signature when the body is, each exactly
// once and, for what was seen before, without a promise. Codes never tell whether a key exists.

import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HookHandlerDoneFunction,
} from 'fastify'
import { assert } from '#kernel/assert.ts'
import { type Result, refuse } from '#kernel/result.ts'
import type { Auth, Principal, RouteDemand } from '#platform/auth/port.ts'
import { refused } from '../port.ts'

export type Verifier = Pick<Auth, 'verifyToken' | 'verifySignature'>
type Demand = RouteDemand

/** Called once a principal is known: a rate limit may refuse. */
export type Admit = (request: FastifyRequest, principal: Principal) => Result<null>

/** Adds the checks to every route that is registered after it. */
export function authenticate(app: FastifyInstance, deps: { auth: Verifier; admit: Admit }): void {
  app.decorateRequest('principal', null)
  app.decorateRequest('bodyBytes', null)
  app.decorateRequest('signedAtMs', null)
  app.addHook('onRoute', (route) => {
    const demand = route.config?.auth
    assert(demand !== undefined, `route ${route.url} does not say whom it lets in`)
    if (demand === 'none') return
    route.onRequest = [...listOf(route.onRequest), checkToken(deps, demand)]
    route.preValidation = [checkSignature(deps, demand), ...listOf(route.preValidation)]
  })
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void
type Deps = { readonly auth: Verifier; readonly admit: Admit }

function checkToken({ auth, admit }: Deps, demand: Demand): Hook {
  return (request, reply, done) => {
    const { authorization } = request.headers
    const isSigned = request.headers['x-crossbook-key'] !== undefined
    if (authorization === undefined) {
      if (isSigned) return done()
      return void refused(unauthorised(reply), { code: 'auth.required' })
    }
    const token = isSigned ? undefined : bearerToken(authorization)
    const verified = token === undefined ? refuse('auth.invalid') : auth.verifyToken(token)
    const enter = (result: Result<Principal>) =>
      letIn({ request, reply, demand, admit, result, done })
    if (verified instanceof Promise) void verified.then(enter, done)
    else enter(verified)
  }
}

function checkSignature({ auth, admit }: Deps, demand: Demand): Hook {
  return (request, reply, done) => {
    if (request.principal !== null) return done()
    const result = verifiedSignature(auth, request)
    letIn({ request, reply, demand, admit, result, done })
  }
}

function verifiedSignature(auth: Verifier, request: FastifyRequest): Result<Principal> {
  const { headers } = request
  const keyId = headers['x-crossbook-key']
  const timestamp = headers['x-crossbook-timestamp']
  const nonce = headers['x-crossbook-nonce']
  const signature = headers['x-crossbook-signature']
  if (typeof keyId !== 'string' || typeof timestamp !== 'string') return refuse('auth.invalid')
  if (typeof nonce !== 'string' || typeof signature !== 'string') return refuse('auth.invalid')
  const { method = '', url = '' } = request.raw
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const query = mark < 0 ? '' : url.slice(mark + 1)
  const body = request.bodyBytes ?? ''
  const parts = { timestamp, nonce, method, path, query, body, address: request.ip }
  const verified = auth.verifySignature({ keyId, signature, ...parts })
  if (verified.ok) request.signedAtMs = Number(timestamp)
  return verified
}

type Entry = {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly demand: Demand
  readonly admit: Admit
  readonly result: Result<Principal>
  readonly done: HookHandlerDoneFunction
}

function letIn({ request, reply, demand, admit, result, done }: Entry): void {
  if (!result.ok) return void refused(unauthorised(reply), result)
  const principal = result.value
  if (!isPermitted(principal, demand)) return void refused(reply, { code: 'auth.forbidden' })
  const admitted = admit(request, principal)
  if (!admitted.ok) return void refused(reply, admitted)
  request.principal = principal
  done()
}

/** Scopes that change something of a customer's: only traders have a use for them. */
const CHANGING: ReadonlySet<string> = new Set(['trade', 'withdraw', 'rebalance', 'deploy'])

/** Whether somebody who is known may do what a route or message demands. */
export function isPermitted(principal: Principal, demand: Demand): boolean {
  const { scope, capability, byMarket, changes = false } = demand
  const { scopes, capabilities, marketsOnly } = principal
  const asked = wordsOf(scope).filter((one) => scopes.has(one))
  if (asked.length === 0) return false
  if (capability !== undefined && !wordsOf(capability).some((one) => capabilities.has(one))) {
    return false
  }
  if (changes && capabilities.has('auditor')) return false
  if (!asked.some((one) => CHANGING.has(one))) return true
  if (marketsOnly !== undefined && byMarket !== true) return false
  return capabilities.has('trader') && !capabilities.has('auditor')
}

function wordsOf(given: string | readonly string[]): readonly string[] {
  return typeof given === 'string' ? [given] : given
}

function bearerToken(header: string): string | undefined {
  return header.startsWith('Bearer ') ? header.slice('Bearer '.length) : undefined
}

function unauthorised(reply: FastifyReply): FastifyReply {
  return reply.header('www-authenticate', 'Bearer')
}

function listOf<T>(hooks: T | T[] | undefined): T[] {
  if (hooks === undefined) return []
  return Array.isArray(hooks) ? hooks : [hooks]
}
