// Replacement: the same transaction for more gas, when the one sent is not mined in time.
//
// Nonce, target, data and value stay, so at most one of both can be mined. The new bytes are stored
// before anybody sends them, with the hash of those they replace: whichever is mined, it is found.
// Beyond the cap of the fees, or of what the signer allows, nothing is replaced, and what was sent
// goes on waiting.

import { Transaction } from 'ethers'
import { feesToReplace } from './gas.ts'
import { readHead } from './heads.ts'
import { once } from './once.ts'
import { ChainUnavailable } from './provider.ts'
import type { SigningDeps } from './signing.ts'
import type { StoredTransaction, TransactionStore } from './transaction-store.ts'

/** What is to be sent from now on; undefined when it is to stay as it is. */
export type Replace = (transaction: StoredTransaction) => Promise<StoredTransaction | undefined>

export type Replacing = { readonly afterMs: number; readonly replace: Replace }

/**
 * For one who waits for a transaction: replaces it whenever it has waited so long, and tells
 * whether it did. Of two who wait for the same one, one replaces at a time, each time the newest.
 */
export function createLateReplacement(store: TransactionStore, replacing: Replacing | undefined) {
  const running = new Map<string, Promise<boolean>>()

  async function replaceNewest(known: StoredTransaction): Promise<boolean> {
    const newest = (await store.find(known.intentId)) ?? known
    return (await replacing?.replace(newest)) !== undefined
  }

  return (known: StoredTransaction) => {
    let since = performance.now()
    return async (): Promise<boolean> => {
      if (replacing === undefined || performance.now() - since < replacing.afterMs) return false
      since = performance.now()
      return await once(running, known.intentId, () => replaceNewest(known))
    }
  }
}

export function createReplace({ rpc, store, signer, fees }: SigningDeps): Replace {
  return async (transaction) => {
    const before = Transaction.from(transaction.raw)
    const { maxFeePerGas, maxPriorityFeePerGas, nonce, to } = before
    if (maxFeePerGas === null || maxPriorityFeePerGas === null || to === null) return undefined
    const head = await headOrNothing(rpc)
    const more = head && feesToReplace({ maxFeePerGas, maxPriorityFeePerGas }, head, fees)
    if (more === undefined) return undefined
    const { data, value, gasLimit } = before
    const { chainId } = rpc
    const signed = await signer.sign({ ...more, chainId, nonce, to, data, value, gasLimit })
    if (signed.kind === 'refused') return undefined
    const { hash: replacedHash, earlier = [] } = transaction
    const { raw, hash } = signed
    const replaced = { ...transaction, raw, hash, earlier: [...earlier, replacedHash] }
    await store.save(replaced)
    return replaced
  }
}

async function headOrNothing(rpc: SigningDeps['rpc']) {
  try {
    return await readHead(rpc, 'latest')
  } catch (error) {
    if (error instanceof ChainUnavailable) return undefined
    throw error
  }
}
