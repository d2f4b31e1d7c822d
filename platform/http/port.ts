// Words of the wire: the schemas and answers that every module's routes share.
//
// Closed and bounded: a schema here names every field, refuses every other one and says a maximum
// for every text and list. Money is a decimal string, an instant an integer of microseconds, an id
// of ours an integer below 2^53. Routes answer refusals through `refused`, never by throwing.

import { type Static, type TProperties, type TSchema, Type } from 'typebox'
import { assert } from '#kernel/assert.ts'
import { REFUSALS, type RefusalCode } from '#kernel/refusals.ts'
import type { Refused } from '#kernel/result.ts'
import { asMicros } from '#kernel/time.ts'
import { type Principal, SIGNATURE_AGE_MS } from '#platform/auth/port.ts'
import type { SubmitLimits } from '#sequencer/port.ts'

const CLOSED = { additionalProperties: false }

type ObjectOptions = {
  readonly minProperties?: number
  readonly maxProperties?: number
  /** For the OpenAPI text; a test sends them. */
  readonly examples?: readonly unknown[]
}

/** An object that refuses every field it does not name. */
export function closed<T extends TProperties>(properties: T, options: ObjectOptions = {}) {
  return Type.Object(properties, { ...CLOSED, ...options })
}

/** One of a few words. */
export function oneOf<const Words extends string[]>(words: readonly [...Words]) {
  return Type.Enum(words, { type: 'string' })
}

export const PAGE_MAX = 1_000
export const PAGE_DEFAULT = 100

/** What a decimal may look like is settled by the kernel's grammar; here only its length. */
export const DecimalInput = Type.String({ minLength: 1, maxLength: 40 })
export const Decimal = Type.String({ maxLength: 40 })
export const DecimalOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 40 })
export const CallerId = Type.String({ pattern: '^[A-Za-z0-9._:-]{1,36}$', maxLength: 36 })
export const WholeNumber = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
export const Instant = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
export const AccountNumber = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** Parameters of paths and queries are texts; these patterns let only plain integers through. */
export const WholeText = Type.String({ pattern: '^(0|[1-9][0-9]{0,15})$', maxLength: 16 })
export const LimitText = Type.String({ pattern: '^([1-9][0-9]{0,2}|1000)$', maxLength: 4 })
export const SymbolParam = Type.String({ maxLength: 64 })
export const Cursor = Type.String({ pattern: '^[A-Za-z0-9._-]{1,40}$', maxLength: 40 })
export const CursorOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 40 })

export const Nothing = closed({})

export const RefusalBody = closed({
  code: Type.String({ maxLength: 64 }),
  message: Type.String({ maxLength: 300 }),
  details: Type.Optional(
    Type.Record(
      Type.String({ maxLength: 64 }),
      Type.Unsafe<string | number>({ type: ['string', 'number'], maxLength: 300 }),
      { maxProperties: 16 },
    ),
  ),
})
export type RefusalBody = Static<typeof RefusalBody>

/** The schemas of every answer that is not a success. */
export const REFUSED = { '4xx': RefusalBody, '5xx': RefusalBody }

/** One page of a list and the cursor of the next one. */
export function pageOf<T extends TSchema>(item: T) {
  return closed({ items: Type.Array(item, { maxItems: PAGE_MAX }), next: CursorOrNull })
}

/** The body of a refusal: code, text for people, details for people. */
export function refusalBody(code: RefusalCode, details?: Refused['details']): RefusalBody {
  const message = REFUSALS[code].text
  return details === undefined ? { code, message } : { code, message, details }
}

type Answer = {
  code(status: number): Answer
  header(name: string, value: string): Answer
  send(payload?: unknown): unknown
}

/** Answers with a refusal: status and text of the catalogue, and when to come back if it says. */
export function refused<Reply extends Answer>(reply: Reply, refusal: Omit<Refused, 'ok'>): Reply {
  const { status } = REFUSALS[refusal.code]
  const wait = refusal.details?.['retryAfter'] ?? (status === 503 ? 1 : undefined)
  if (wait !== undefined) reply.header('retry-after', String(wait))
  reply.code(status).send(refusalBody(refusal.code, refusal.details))
  return reply
}

/** Who is asking; for routes whose `config.auth` lets nobody in without saying who they are. */
export function principalOf(request: { readonly principal: Principal | null }): Principal {
  assert(request.principal !== null, 'a route with scopes was reached without a principal')
  return request.principal
}

/** Until when a request may be sequenced: a signed one grows old while it waits. */
export function deadlineOf(request: { readonly signedAtMs: number | null }): SubmitLimits {
  if (request.signedAtMs === null) return {}
  return { notAfter: asMicros((request.signedAtMs + SIGNATURE_AGE_MS) * 1_000) }
}

/** A safe integer of a parameter that WholeText let through; undefined when it is too large. */
export function wholeOf(text: string): number | undefined {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : undefined
}

/** The size of a page that LimitText let through. */
export function limitOf(text: string | undefined): number {
  return text === undefined ? PAGE_DEFAULT : Number(text)
}
