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
}

export const ONE_GWEI_TIP: FeePolicy = { tipWei: 1_000_000_000n }

/** Room for the base fee to double before the transaction would have to wait. */
export function feesAt(head: Head, { tipWei }: FeePolicy) {
  return { maxPriorityFeePerGas: tipWei, maxFeePerGas: 2n * head.baseFeePerGas + tipWei }
}
