// Gas: how much a transaction may use and what it may pay.
//
// Estimates are taken times 1.3: a pool writes its price oracle only when the block's time has
// moved, so an exact estimate runs out in the block after.

import type { Head } from './heads.ts'
import type { Rpc } from './provider.ts'
import { quantity, toQuantity } from './quantity.ts'

export type Call = { readonly to: string; readonly data: string; readonly value?: bigint }

export type GasEstimate =
  | { readonly kind: 'ok'; readonly gasLimit: bigint }
  /** The call would revert now; `data` is the revert's own bytes where the node gives them. */
  | { readonly kind: 'reverts'; readonly reason: string; readonly data?: string }
  | { readonly kind: 'unknown'; readonly reason: string }

/** Asks the node what a call would use, and adds the margin. */
export async function estimateGas(rpc: Rpc, from: string, call: Call): Promise<GasEstimate> {
  const { to, data, value = 0n } = call
  const answer = await rpc.ask('eth_estimateGas', [{ from, to, data, value: toQuantity(value) }])
  if (answer.kind === 'ok') {
    return { kind: 'ok', gasLimit: (quantity(answer.result) * 13n) / 10n }
  }
  if (answer.kind === 'unknown') return answer
  const { reason } = answer
  return answer.data === undefined
    ? { kind: 'reverts', reason }
    : { kind: 'reverts', reason, data: answer.data }
}

export type FeePolicy = {
  /** What the miner gets per unit of gas. */
  readonly tipWei: bigint
  /** The most that a unit of gas may ever cost, the tip included; without it there is no cap. */
  readonly capWei?: bigint
}

export const ONE_GWEI_TIP: FeePolicy = { tipWei: 1_000_000_000n }

export type Fees = { readonly maxPriorityFeePerGas: bigint; readonly maxFeePerGas: bigint }

/**
 * Room for the base fee to double before the transaction would have to wait, up to the cap;
 * undefined when even the present base fee with the tip passes it.
 */
export function feesAt(
  head: Pick<Head, 'baseFeePerGas'>,
  { tipWei, capWei }: FeePolicy,
): Fees | undefined {
  const wanted = 2n * head.baseFeePerGas + tipWei
  const isDear = capWei !== undefined && head.baseFeePerGas + tipWei > capWei
  if (isDear) return undefined
  const maxFeePerGas = capWei === undefined || wanted < capWei ? wanted : capWei
  return { maxPriorityFeePerGas: tipWei, maxFeePerGas }
}

/** Nodes take another transaction of the same nonce for a tenth more; an eighth is sure. */
const REPLACEMENT_DIVISOR = 8n

/** At least an eighth more of both, and what the head asks for; undefined beyond the cap. */
export function feesToReplace(
  before: Fees,
  head: Pick<Head, 'baseFeePerGas'>,
  policy: FeePolicy,
): Fees | undefined {
  const raised = (fee: bigint) => fee + (fee + REPLACEMENT_DIVISOR - 1n) / REPLACEMENT_DIVISOR
  const now = feesAt(head, policy)
  const least = raised(before.maxFeePerGas)
  const tip = raised(before.maxPriorityFeePerGas)
  const isBeyond = policy.capWei !== undefined && least > policy.capWei
  if (now === undefined || isBeyond) return undefined
  const maxFeePerGas = greatest(now.maxFeePerGas, least, tip)
  return { maxPriorityFeePerGas: tip, maxFeePerGas }
}

function greatest(first: bigint, ...others: readonly bigint[]): bigint {
  const above = others.filter((fee) => fee > first)
  const [next, ...rest] = above
  return next === undefined ? first : greatest(next, ...rest)
}
