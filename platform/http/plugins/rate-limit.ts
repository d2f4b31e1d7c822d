// Rate limit: how much one address, one account and one key may ask for.
//
// Token buckets with weights: a route says in `config.weight` what it costs (the well-known
// plugin counts requests only). Memory is bounded: when a table is full the bucket that was made
// first leaves (INV-17). Reading the clock and two look-ups are all it costs a request.

import type { FastifyInstance } from 'fastify'
import { accept, type Refused, type Result, refuse } from '#kernel/result.ts'
import type { Clock } from '#kernel/time.ts'
import { SECOND_US } from '#kernel/time.ts'
import type { Principal } from '#platform/auth/port.ts'
import { refused } from '../port.ts'

/** Weight a second, and how much may be saved up. */
export type Allowance = { readonly perSecond: number; readonly burst: number }
export type RateLimits = {
  readonly address: Allowance
  readonly account: Allowance
  readonly key: Allowance
}

/** Ten market makers behind one address stay far below; a flood does not get through. */
export const RATE_LIMITS: RateLimits = {
  address: { perSecond: 2_000, burst: 8_000 },
  account: { perSecond: 1_000, burst: 4_000 },
  key: { perSecond: 500, burst: 2_000 },
}

const BUCKETS_MAX = 65_536
const CHARGED = accept(null)

type Bucket = { tokens: number; at: number }
type Table = { readonly buckets: Map<string | number, Bucket>; readonly allowance: Allowance }

/** Counts a request, or a message of a stream, against its account and its key. */
export type Charge = (principal: Principal, weight: number) => Result<null>

/** Counts every request against its address, and hands out the check for callers who are known. */
export function limitRates(
  app: FastifyInstance,
  { limits, clock }: { limits: RateLimits; clock: Clock },
): Charge {
  const addresses = tableOf(limits.address)
  const accounts = tableOf(limits.account)
  const keys = tableOf(limits.key)
  app.addHook('onRequest', (request, reply, done) => {
    const { weight = 1 } = request.routeOptions.config
    const limited = take(addresses, request.ip, { weight, now: clock() })
    if (limited === undefined) done()
    else refused(reply, limited)
  })
  return ({ account, keyId }, weight) => {
    const asked = { weight, now: clock() }
    const byKey = keyId === undefined ? undefined : take(keys, keyId, asked)
    return byKey ?? take(accounts, account, asked) ?? CHARGED
  }
}

function tableOf(allowance: Allowance): Table {
  return { buckets: new Map(), allowance }
}

/** Takes the weight out of the caller's bucket, or says when to come back. */
function take(
  { buckets, allowance }: Table,
  who: string | number,
  { weight, now }: { weight: number; now: number },
): Refused | undefined {
  const { perSecond, burst } = allowance
  const bucket = buckets.get(who) ?? newBucket(buckets, who, { tokens: burst, at: now })
  const earned = ((now - bucket.at) * perSecond) / SECOND_US
  bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, earned))
  bucket.at = now
  if (bucket.tokens < weight) {
    const retryAfter = Math.ceil((weight - bucket.tokens) / perSecond)
    return refuse('rate.limited', { retryAfter })
  }
  bucket.tokens -= weight
  return undefined
}

function newBucket(buckets: Table['buckets'], who: string | number, bucket: Bucket): Bucket {
  if (buckets.size >= BUCKETS_MAX) {
    for (const first of buckets.keys()) {
      buckets.delete(first)
      break
    }
  }
  buckets.set(who, bucket)
  return bucket
}
