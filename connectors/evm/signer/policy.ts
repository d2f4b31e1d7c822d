// Policy: what an account may sign, whoever asks.
//
// It knows contracts, calls, amounts and how often, and nothing of why. Amounts count once for a
// nonce and its call, so that the same transaction for more gas is not taken for another one. What
// was counted stays counted, whether it was mined or not: after a restart it begins anew.

import { type Deed, readDeed } from './deed.ts'
import type { Refused, SignerRefusal, UnsignedTransaction } from './port.ts'

export type PolicyRules = {
  readonly chainId: number
  /** What it may do at all. */
  readonly deeds: readonly Deed['kind'][]
  readonly tokens: readonly string[]
  readonly pools: readonly string[]
  readonly executor?: string
  /** Whom transfers and ether may go to; anybody when not given. */
  readonly receivers?: readonly string[]
  /** By token, in its smallest unit; a token without a row is not bounded. */
  readonly perTransaction?: Readonly<Record<string, bigint>>
  readonly perHour?: Readonly<Record<string, bigint>>
  /** Of ether in one payment; none when not given. */
  readonly valueMax?: bigint
  /** Of a unit of gas, in wei. */
  readonly feeCapWei?: bigint
  readonly signaturesPerMinute: number
  /** Milliseconds that never go back. */
  readonly now?: () => number
}

export type Policy = {
  /** Undefined when it may be signed; then it is counted. */
  refusal(transaction: UnsignedTransaction): Refused | undefined
}

/** No call of ours needs more; since EIP-7825 no transaction may have more. */
export const GAS_LIMIT_MAX = 1n << 24n
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

type Counted = { readonly at: number; readonly token: string; readonly amount: bigint }

export function createPolicy(rules: PolicyRules): Policy {
  const { now = () => performance.now() } = rules
  const known = lowered(rules)
  const signatures: number[] = []
  /** Oldest first. */
  const moved = new Map<string, Counted>()
  const sums = new Map<string, bigint>()

  function tooOften(): Refused | undefined {
    const since = now() - MINUTE_MS
    while ((signatures[0] ?? Number.POSITIVE_INFINITY) <= since) signatures.shift()
    if (signatures.length < rules.signaturesPerMinute) return undefined
    return refuse('signer.rate', `${rules.signaturesPerMinute} signatures in a minute`)
  }

  function forgetBefore(since: number): void {
    for (const [key, { at, token, amount }] of moved) {
      if (at > since) return
      moved.delete(key)
      sums.set(token, (sums.get(token) ?? 0n) - amount)
    }
  }

  function tooMuch(deed: Deed, id: string): Refused | undefined {
    forgetBefore(now() - HOUR_MS)
    const token = movedToken(deed)
    const bound = token === undefined ? undefined : known.perHour.get(token)
    if (token === undefined || bound === undefined || moved.has(id)) return undefined
    const sum = (sums.get(token) ?? 0n) + deed.amount
    return sum > bound ? refuse('signer.volume', `${sum} of ${token} in an hour`) : undefined
  }

  function count(deed: Deed, id: string): void {
    signatures.push(now())
    const token = movedToken(deed)
    if (token === undefined || moved.has(id)) return
    moved.set(id, { at: now(), token, amount: deed.amount })
    sums.set(token, (sums.get(token) ?? 0n) + deed.amount)
  }

  return {
    refusal(transaction) {
      const deed = read(known, transaction)
      if ('code' in deed) return deed
      const { nonce, to, data, value } = transaction
      const id = `${nonce}|${to.toLowerCase()}|${data.toLowerCase()}|${value}`
      const refused =
        overBounds(known, deed) ?? tooDear(rules, transaction) ?? tooOften() ?? tooMuch(deed, id)
      if (refused === undefined) count(deed, id)
      return refused
    },
  }
}

/** Approvals move nothing. */
function movedToken(deed: Deed): string | undefined {
  if (deed.kind === 'approve' || deed.kind === 'pay') return undefined
  return deed.token
}

function refuse(code: SignerRefusal, detail: string): Refused {
  return { kind: 'refused', code, detail }
}

function lowered(rules: PolicyRules) {
  const set = (addresses: readonly string[]) => new Set(addresses.map((one) => one.toLowerCase()))
  const table = (bounds: Readonly<Record<string, bigint>> = {}) =>
    new Map(Object.entries(bounds).map(([token, bound]) => [token.toLowerCase(), bound]))
  return {
    chainId: rules.chainId,
    valueMax: rules.valueMax ?? 0n,
    executor: rules.executor?.toLowerCase(),
    deeds: new Set(rules.deeds),
    tokens: set(rules.tokens),
    pools: set(rules.pools),
    receivers: rules.receivers && set(rules.receivers),
    perTransaction: table(rules.perTransaction),
    perHour: table(rules.perHour),
  }
}

type Known = ReturnType<typeof lowered>

/** What it would do, or why nobody may ask for it. */
function read(known: Known, { chainId, to, data, value }: UnsignedTransaction): Deed | Refused {
  if (chainId !== known.chainId) return refuse('signer.chain', `chain ${chainId}`)
  const target = to.toLowerCase()
  const isOurs = known.tokens.has(target) || target === known.executor
  if (data === '0x' && !isOurs && known.deeds.has('pay')) {
    return { kind: 'pay', to: target, amount: value }
  }
  if (!isOurs) return refuse('signer.contract', `a call of ${to}`)
  if (value !== 0n) return refuse('signer.value', `${value} wei for a call of ${to}`)
  const deed = readDeed(data, known.tokens.has(target) ? target : undefined)
  if (deed !== undefined && known.deeds.has(deed.kind)) return deed
  return refuse('signer.selector', `${data.slice(0, 10)} at ${to}`)
}

function overBounds(known: Known, deed: Deed): Refused | undefined {
  const { kind, amount } = deed
  if (kind === 'pay') {
    if (amount > known.valueMax) return refuse('signer.value', `${amount} wei`)
    return strangerIn(known, deed.to)
  }
  if (kind === 'approve' && deed.to !== known.executor) return refuse('signer.spender', deed.to)
  const stranger = kind === 'transfer' ? strangerIn(known, deed.to) : undefined
  if (stranger !== undefined) return stranger
  if (kind === 'swap' || kind === 'arbitrage') {
    const unlisted = [deed.token, ...deed.through].find((one) => {
      return !known.pools.has(one) && !known.tokens.has(one)
    })
    if (unlisted !== undefined) return refuse('signer.contract', `by way of ${unlisted}`)
    if (deed.least === 0n) return refuse('signer.amount', 'an order without a least output')
  }
  const bound = known.perTransaction.get(deed.token)
  if (bound === undefined || amount <= bound) return undefined
  return refuse('signer.amount', `${amount} of ${deed.token}, at most ${bound}`)
}

function strangerIn({ receivers }: Known, to: string): Refused | undefined {
  return receivers === undefined || receivers.has(to) ? undefined : refuse('signer.receiver', to)
}

function tooDear(
  { feeCapWei }: PolicyRules,
  { maxFeePerGas, maxPriorityFeePerGas, gasLimit }: UnsignedTransaction,
): Refused | undefined {
  if (gasLimit > GAS_LIMIT_MAX) return refuse('signer.fees', `${gasLimit} units of gas`)
  if (maxPriorityFeePerGas > maxFeePerGas) return refuse('signer.fees', 'a tip above the whole fee')
  if (feeCapWei === undefined || maxFeePerGas <= feeCapWei) return undefined
  return refuse('signer.fees', `${maxFeePerGas} wei for a unit of gas`)
}
