// Broadcast: the same bytes, again and again, until the chain has told what became of them.
//
// A reply that is lost or refuses is never taken at its word: the chain is asked by hash and by
// nonce. Bytes are dead only when another transaction used their nonce, or when their very first
// send was refused and the node does not know them. After one lost reply a refusal proves nothing
// any more.

import { ChainUnavailable, type Rpc, read } from './provider.ts'
import { index } from './quantity.ts'
import { type Receipt, readReceipt } from './receipts.ts'
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
}

type Standing = 'mined' | 'pending' | 'absent' | 'displaced' | 'unknown'

const POLL_MAX_MS = 2_000
const LOOKS_PER_REPEAT = 10

export function createBroadcast({ rpc, store, pollMs }: BroadcastDeps): Broadcast {
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

  async function untilSettled(transaction: StoredTransaction): Promise<SendOutcome> {
    let waitMs = pollMs
    for (let look = 1; !closed; look++) {
      const receipt = await receiptOrNothing(rpc, transaction.hash)
      if (receipt !== undefined) {
        await store.save({ ...transaction, state: 'settled' })
        return settledBy(receipt)
      }
      if (look % LOOKS_PER_REPEAT === 0) {
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
async function standing(rpc: Rpc, { hash, account, nonce }: StoredTransaction): Promise<Standing> {
  try {
    if ((await readReceipt(rpc, hash)) !== undefined) return 'mined'
    if ((await read(rpc, 'eth_getTransactionByHash', [hash])) !== null) return 'pending'
    const used = index(await read(rpc, 'eth_getTransactionCount', [account, 'latest']))
    if (used <= nonce) return 'absent'
    return (await readReceipt(rpc, hash)) === undefined ? 'displaced' : 'mined'
  } catch (error) {
    if (error instanceof ChainUnavailable) return 'unknown'
    throw error
  }
}

async function receiptOrNothing(rpc: Rpc, hash: string): Promise<Receipt | undefined> {
  try {
    return await readReceipt(rpc, hash)
  } catch (error) {
    if (error instanceof ChainUnavailable) return undefined
    throw error
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
