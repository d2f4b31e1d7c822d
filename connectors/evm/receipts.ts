// Receipts: what became of a transaction, and what its gas cost.

import { decodeLog, type Log } from './logs.ts'
import { type Rpc, read } from './provider.ts'
import { fields, index, list, quantity, text } from './quantity.ts'

export type Receipt = {
  readonly hash: string
  readonly success: boolean
  readonly blockNumber: number
  readonly blockHash: string
  readonly gasUsed: bigint
  readonly effectiveGasPrice: bigint
  /** gasUsed * effectiveGasPrice: what the sender paid in wei, reverted or not. */
  readonly gasWei: bigint
  readonly logs: readonly Log[]
}

/** The receipt of a mined transaction, undefined while there is none. */
export async function readReceipt(rpc: Rpc, hash: string): Promise<Receipt | undefined> {
  const reply = await read(rpc, 'eth_getTransactionReceipt', [hash])
  if (reply === null) return undefined
  const receipt = fields(reply)
  const gasUsed = quantity(receipt.gasUsed)
  const effectiveGasPrice = quantity(receipt.effectiveGasPrice)
  return {
    hash: text(receipt.transactionHash),
    success: quantity(receipt.status) === 1n,
    blockNumber: index(receipt.blockNumber),
    blockHash: text(receipt.blockHash),
    gasUsed,
    effectiveGasPrice,
    gasWei: gasUsed * effectiveGasPrice,
    logs: list(receipt.logs).map(decodeLog),
  }
}

/** The receipt of a transaction or of one that it replaced: they share a nonce. */
export async function readReceiptOfAny(
  rpc: Rpc,
  { hash, earlier = [] }: { readonly hash: string; readonly earlier?: readonly string[] },
): Promise<Receipt | undefined> {
  for (const one of [hash, ...earlier]) {
    const receipt = await readReceipt(rpc, one)
    if (receipt !== undefined) return receipt
  }
  return undefined
}
