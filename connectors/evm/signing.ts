// Signing: from an intent to stored bytes with a nonce nobody else uses.
//
// The nonce comes from the chain and from the store's unsettled bytes, never from a counter of our
// own, so nothing that fails can leave a gap. Nothing is reserved before the store has it. The
// caller sees to it that one intent at a time is signed for an account.

import { keccak256, toUtf8Bytes } from 'ethers'
import { type Call, estimateGas, type FeePolicy, feesAt } from './gas.ts'
import { readHead } from './heads.ts'
import { type Rpc, read } from './provider.ts'
import { index } from './quantity.ts'
import { type Rejection, reject } from './send-outcome.ts'
import type { SignerPort } from './signer/port.ts'
import type { SignedTransaction, StoredTransaction, TransactionStore } from './transaction-store.ts'

export type Intent = Call & {
  /** The caller's id: asking again with it gives the same answer. */
  readonly id: string
  /** Estimated times 1.3 when missing. */
  readonly gasLimit?: bigint
  /** On top of the estimate, for what it cannot see; what is not used is not paid. */
  readonly extraGas?: bigint
}

export type SignOutcome =
  | { readonly kind: 'signed'; readonly transaction: SignedTransaction }
  | Rejection

export type SigningDeps = {
  readonly rpc: Rpc
  readonly store: TransactionStore
  readonly signer: SignerPort
  readonly fees: FeePolicy
}

/** Signs and stores an intent that has no record yet; throws ChainUnavailable. */
export async function signNext(deps: SigningDeps, intent: Intent): Promise<SignOutcome> {
  const gas = await gasFor(deps, intent)
  if (gas.kind === 'reverts') return reject('would_revert', gas.data ?? gas.reason)
  if (gas.kind === 'unknown') return reject('chain_away', gas.reason)
  const fees = feesAt(await readHead(deps.rpc, 'latest'), deps.fees)
  if (fees === undefined) return reject('gas_too_dear', 'the base fee passes the cap')
  const nonce = await nextNonce(deps)
  const { to, data, value = 0n } = intent
  const { chainId } = deps.rpc
  const { gasLimit } = gas
  const signed = await deps.signer.sign({ ...fees, chainId, nonce, to, data, value, gasLimit })
  if (signed.kind === 'refused') return reject(signed.code, signed.detail)
  const { raw, hash } = signed
  const account = deps.signer.address
  const body = bodyDigest(intent)
  const transaction = { intentId: intent.id, body, account, nonce, hash, raw }
  await deps.store.save({ ...transaction, state: 'signed' })
  return { kind: 'signed', transaction }
}

/** An intent asked for again: the same bytes, or a refusal when its body has changed. */
export function signedBefore(known: StoredTransaction, intent: Intent): SignOutcome {
  if (known.body !== bodyDigest(intent)) return reject('id_reused', 'same id, other body')
  if (known.state === 'dead') return reject('refused_by_node', 'its bytes can never be mined')
  return { kind: 'signed', transaction: known }
}

async function gasFor({ rpc, signer }: SigningDeps, intent: Intent) {
  const { gasLimit } = intent
  if (gasLimit !== undefined) return { kind: 'ok' as const, gasLimit }
  const gas = await estimateGas(rpc, signer.address, intent)
  if (gas.kind !== 'ok') return gas
  return { kind: 'ok' as const, gasLimit: gas.gasLimit + (intent.extraGas ?? 0n) }
}

/** The least that nothing of ours has: a gap is filled before anything is put behind it. */
async function nextNonce({ rpc, store, signer }: SigningDeps): Promise<number> {
  const { address } = signer
  let next = index(await read(rpc, 'eth_getTransactionCount', [address, 'pending']))
  const ours = [...(await store.unsettled(address)), ...(await store.settled(address, next))]
  const taken = new Set(ours.map(({ nonce }) => nonce))
  while (taken.has(next)) next += 1
  return next
}

function bodyDigest({ to, data, value = 0n }: Call): string {
  return keccak256(toUtf8Bytes(`${to.toLowerCase()}|${data.toLowerCase()}|${value}`))
}
