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
import type { Charge } from './rate-limit.ts'

export type Verifier = Pick<Auth, 'verifyToken' | 'verifySignature'>
type Demand = RouteDemand

/** `charge` is called once a principal is known, and may refuse. */
type Deps = { readonly auth: Verifier; readonly charge: Charge }

/** What stands before a route. */
type Gate = Deps & { readonly demand: Demand; readonly weight: number }

/** Adds the checks to every route that is registered after it. */
export function authenticate(app: FastifyInstance, deps: Deps): void {
  app.decorateRequest('principal', null)
  app.decorateRequest('bodyBytes', null)
  app.decorateRequest('signedAtMs', null)
  app.addHook('onRoute', (route) => {
    const { auth: demand, weight = 1 } = route.config ?? {}
    assert(demand !== undefined, `route ${route.url} does not say whom it lets in`)
    if (demand === 'none') return
    const gate = { ...deps, demand, weight }
    route.onRequest = [...listOf(route.onRequest), checkToken(gate)]
    route.preValidation = [checkSignature(gate), ...listOf(route.preValidation)]
  })
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void

function checkToken(gate: Gate): Hook {
  return (request, reply, done) => {
    const { authorization, 'x-crossbook-key': keyId } = request.headers
    if (authorization === undefined) {
      if (keyId !== undefined) return done()
      return void refused(unauthorised(reply), { code: 'auth.required' })
    }
    const token = keyId === undefined ? bearerToken(authorization) : undefined
    const verified = token === undefined ? refuse('auth.invalid') : gate.auth.verifyToken(token)
    const enter = (result: Result<Principal>) => {
      if (letIn(gate, request, reply, result)) done()
    }
    if (verified instanceof Promise) void verified.then(enter, done)
    else enter(verified)
  }
}

function checkSignature(gate: Gate): Hook {
  return (request, reply, done) => {
    if (request.principal !== null) return done()
    if (letIn(gate, request, reply, verifiedSignature(gate, request))) done()
  }
}

function verifiedSignature({ auth }: Gate, request: FastifyRequest): Result<Principal> {
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
  const address = request.ip
  // Named one by one: what is spread is copied twice, and this runs for every order.
  const signed = { keyId, timestamp, nonce, signature, method, path, query, body, address }
  const verified = auth.verifySignature(signed)
  if (verified.ok) request.signedAtMs = Number(timestamp)
  return verified
}

/** Sets the principal of who may come in, and answers everybody else. */
function letIn(
  { demand, charge, weight }: Gate,
  request: FastifyRequest,
  reply: FastifyReply,
  result: Result<Principal>,
): boolean {
  if (!result.ok) {
    refused(unauthorised(reply), result)
    return false
  }
  if (!isPermitted(result.value, demand)) {
    refused(reply, { code: 'auth.forbidden' })
    return false
  }
  const charged = charge(result.value, weight)
  if (!charged.ok) {
    refused(reply, charged)
    return false
  }
  request.principal = result.value
  return true
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
