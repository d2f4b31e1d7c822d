// Lost records: transactions that were mined, in blocks that the chain has taken back.
//
// A node drops them or keeps them for the next block. Those that it has dropped leave a gap before
// everything of the account that comes after, and whoever signs next would take their nonce.

import { ChainUnavailable, type Rpc, read } from './provider.ts'
import { index } from './quantity.ts'
import { readReceiptOfAny } from './receipts.ts'
import type { StoredTransaction, TransactionStore } from './transaction-store.ts'

/** By nonce; none while the chain does not answer. */
export async function lostSince(
  rpc: Rpc,
  store: TransactionStore,
  account: string,
): Promise<readonly StoredTransaction[]> {
  try {
    const next = index(await read(rpc, 'eth_getTransactionCount', [account, 'pending']))
    const lost: StoredTransaction[] = []
    for (const record of await store.settled(account, next)) {
      if ((await readReceiptOfAny(rpc, record)) === undefined) lost.push(record)
    }
    return lost
  } catch (error) {
    if (error instanceof ChainUnavailable) return []
    throw error
  }
}
