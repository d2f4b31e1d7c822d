// Broadcast: the same bytes, again and again, until the chain has told what became of them.
//
// What is not mined in time may be replaced by the same call for more gas, with the same nonce. A
// reply that is lost or refuses is never taken at its word: the chain is asked by hash and by
// nonce. Bytes are dead only when another transaction used their nonce, or when their very first
// send was refused and the node does not know them. After one lost reply a refusal proves nothing
// any more.

import { ChainUnavailable, type Rpc, read } from './provider.ts'
import { index } from './quantity.ts'
import { type Receipt, readReceiptOfAny } from './receipts.ts'
import type { Replace } from './replacement.ts'
import { reject, type SendOutcome, settledBy } from './send-outcome.ts'
import type { StoredTransaction, TransactionStore } from './transaction-store.ts'

export type Attempt = 'first' | 'repeated'

export type Broadcast = {
  /** Sends until the node has the bytes; anything else than 'accepted' is final. */
  untilAccepted(transaction: StoredTransaction, attempt: Attempt): Promise<'accepted' | SendOutcome>
  /** Waits for the receipt and sends again what the node has forgotten. */
  untilSettled(transaction: StoredTransaction): Promise<SendOutcome>
  close(): void
}

export type BroadcastDeps = {
  readonly rpc: Rpc
  readonly store: TransactionStore
  readonly pollMs: number
  /** Without it the first bytes are sent for ever. */
  readonly replacing?: { readonly afterMs: number; readonly replace: Replace }
}

type Standing = 'mined' | 'pending' | 'absent' | 'displaced' | 'unknown'

const POLL_MAX_MS = 2_000
const LOOKS_PER_REPEAT = 10

export function createBroadcast({ rpc, store, pollMs, replacing }: BroadcastDeps): Broadcast {
  let closed = false

  async function untilAccepted(transaction: StoredTransaction, attempt: Attempt) {
    let sure = attempt === 'first'
    let waitMs = pollMs
    if (!sure && (await standing(rpc, transaction)) === 'mined') return 'accepted'
    while (!closed) {
      const answer = await rpc.ask('eth_sendRawTransaction', [transaction.raw])
      if (answer.kind === 'ok') return 'accepted'
      if (answer.kind === 'unknown') sure = false
      const stands = await standing(rpc, transaction)
      if (stands === 'mined' || stands === 'pending') return 'accepted'
      if (stands === 'displaced') return bury(transaction, 'another transaction used its nonce')
      if (stands === 'absent' && sure) return bury(transaction, answer.reason)
      await sleep(waitMs)
      waitMs = Math.min(waitMs * 2, POLL_MAX_MS)
    }
    return { kind: 'unknown' as const, hash: transaction.hash }
  }

  async function untilSettled(first: StoredTransaction): Promise<SendOutcome> {
    let transaction = first
    let waitMs = pollMs
    let sentAt = performance.now()
    for (let look = 1; !closed; look++) {
      const receipt = await receiptOrNothing(rpc, transaction)
      if (receipt !== undefined) {
        await store.save({ ...transaction, state: 'settled' })
        return settledBy(receipt)
      }
      const isLate = replacing !== undefined && performance.now() - sentAt >= replacing.afterMs
      const replaced = isLate ? await replacing.replace(transaction) : undefined
      if (isLate) sentAt = performance.now()
      transaction = replaced ?? transaction
      if (replaced !== undefined || look % LOOKS_PER_REPEAT === 0) {
        const again = await untilAccepted(transaction, 'repeated')
        if (again !== 'accepted') return again
      }
      await sleep(waitMs)
      waitMs = Math.min(waitMs * 2, POLL_MAX_MS)
    }
    return { kind: 'unknown', hash: transaction.hash }
  }

  async function bury(transaction: StoredTransaction, detail: string): Promise<SendOutcome> {
    await store.save({ ...transaction, state: 'dead' })
    return reject('refused_by_node', detail)
  }

  return {
    untilAccepted,
    untilSettled,
    close() {
      closed = true
    },
  }
}

/** Where the chain says the bytes are. The nonce is read before the second look at the receipt. */
async function standing(rpc: Rpc, transaction: StoredTransaction): Promise<Standing> {
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

async function receiptOrNothing(
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

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
