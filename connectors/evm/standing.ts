// Standing: where the chain says that bytes are. One look, which may come to nothing.

import { ChainUnavailable, type Rpc, read } from './provider.ts'
import { index } from './quantity.ts'
import { type Receipt, readReceiptOfAny } from './receipts.ts'
import type { StoredTransaction } from './transaction-store.ts'

/** displaced: another transaction has used the nonce. */
export type Standing = 'mined' | 'pending' | 'absent' | 'displaced' | 'unknown'

/** The nonce is read before the second look at the receipt. */
export async function standing(rpc: Rpc, transaction: StoredTransaction): Promise<Standing> {
  const { hash, earlier = [], account, nonce } = transaction
  try {
    if ((await readReceiptOfAny(rpc, transaction)) !== undefined) return 'mined'
    for (const one of [hash, ...earlier]) {
      if ((await read(rpc, 'eth_getTransactionByHash', [one])) !== null) return 'pending'
    }
    const used = index(await read(rpc, 'eth_getTransactionCount', [account, 'latest']))
    if (used <= nonce) return 'absent'
    return (await readReceiptOfAny(rpc, transaction)) === undefined ? 'displaced' : 'mined'
  } catch (error) {
    if (error instanceof ChainUnavailable) return 'unknown'
    throw error
  }
}

export async function receiptOrNothing(
  rpc: Rpc,
  transaction: StoredTransaction,
): Promise<Receipt | undefined> {
  try {
    return await readReceiptOfAny(rpc, transaction)
  } catch (error) {
    if (error instanceof ChainUnavailable) return undefined
    throw error
  }
}
