// Broadcast: the same bytes, again and again, until the chain has told what became of them.
//
// What is not mined in time may be replaced by the same call for more gas, with the same nonce. A
// reply that is lost or refuses is never taken at its word: the chain is asked by hash and by
// nonce. Bytes are dead only when another transaction used their nonce, or when their very first
// send was refused and the node does not know them; after one lost reply a refusal proves nothing.
// One at a time follows an intent, because two that replace would not know each other's bytes.

import { lostSince } from './lost-records.ts'
import { once } from './once.ts'
import type { Rpc } from './provider.ts'
import { createLateReplacement, type Replacing } from './replacement.ts'
import { reject, type SendOutcome, settledBy } from './send-outcome.ts'
import { receiptOrNothing, standing } from './standing.ts'
import type { StoredTransaction, TransactionStore } from './transaction-store.ts'

export type Attempt = 'first' | 'repeated'

export type Broadcast = {
  /** Sends until the node has the bytes; anything else than 'accepted' is final. */
  untilAccepted(transaction: StoredTransaction, attempt: Attempt): Promise<'accepted' | SendOutcome>
  /** Waits for the receipt and sends again what the node has forgotten. */
  untilSettled(transaction: StoredTransaction): Promise<SendOutcome>
  /** Sends again what was mined and is not any more, before anybody takes its nonce; then true. */
  reopenLost(account: string): Promise<true>
  close(): void
}

export type BroadcastDeps = {
  readonly rpc: Rpc
  readonly store: TransactionStore
  readonly pollMs: number
  /** Looks become rarer up to this. */
  readonly pollMaxMs: number
  /** Without it the first bytes are sent for ever. */
  readonly replacing?: Replacing
}

export const POLL_MAX_MS = 2_000
const LOOKS_PER_REPEAT = 10

export function createBroadcast(deps: BroadcastDeps): Broadcast {
  const { rpc, store, pollMs, pollMaxMs, replacing } = deps
  const settling = new Map<string, Promise<SendOutcome>>()
  const late = createLateReplacement(store, replacing)
  let closed = false

  /** Whoever follows it may have replaced it meanwhile. */
  const newest = async (known: StoredTransaction) => (await store.find(known.intentId)) ?? known

  async function untilAccepted(known: StoredTransaction, attempt: Attempt) {
    let sure = attempt === 'first'
    if (!sure && (await standing(rpc, await newest(known))) === 'mined') return 'accepted'
    const replaceWhenLate = late(known)
    for (let waitMs = pollMs; !closed; waitMs = Math.min(waitMs * 2, pollMaxMs)) {
      const transaction = await newest(known)
      const answer = await rpc.ask('eth_sendRawTransaction', [transaction.raw])
      if (answer.kind === 'ok') return 'accepted'
      if (answer.kind === 'unknown') sure = false
      const stands = await standing(rpc, transaction)
      if (stands === 'mined' || stands === 'pending') return 'accepted'
      const isNewest = (await newest(known)).hash === transaction.hash
      const why = stands === 'displaced' ? 'another transaction used its nonce' : answer.reason
      const isDead = stands === 'displaced' || (stands === 'absent' && sure)
      if (isNewest && isDead) return bury(store, transaction, why)
      // Some nodes refuse what cannot pay the base fee now.
      if (!sure) await replaceWhenLate()
      await sleep(waitMs)
    }
    return { kind: 'unknown' as const, hash: known.hash }
  }

  async function follow(known: StoredTransaction): Promise<SendOutcome> {
    let waitMs = pollMs
    const replaceWhenLate = late(known)
    for (let look = 1; !closed; look++) {
      const transaction = await newest(known)
      const receipt = await receiptOrNothing(rpc, transaction)
      if (receipt !== undefined) {
        await store.save({ ...(await newest(known)), state: 'settled' })
        return settledBy(receipt)
      }
      const isReplaced = await replaceWhenLate()
      if (look % LOOKS_PER_REPEAT === 0) await reopenLost(transaction.account)
      if (isReplaced || look % LOOKS_PER_REPEAT === 0) {
        const again = await untilAccepted(transaction, 'repeated')
        if (again !== 'accepted') return again
      }
      await sleep(waitMs)
      waitMs = Math.min(waitMs * 2, pollMaxMs)
    }
    return { kind: 'unknown', hash: known.hash }
  }

  const untilSettled = (transaction: StoredTransaction) =>
    once(settling, transaction.intentId, () => follow(transaction))

  async function reopenLost(account: string): Promise<true> {
    for (const lost of await lostSince(rpc, store, account)) {
      await store.save({ ...lost, state: 'signed' })
      if ((await untilAccepted(lost, 'repeated')) === 'accepted') void untilSettled(lost)
    }
    return true
  }

  const close = () => {
    closed = true
  }
  return { untilAccepted, untilSettled, reopenLost, close }
}

async function bury(store: TransactionStore, known: StoredTransaction, detail: string) {
  await store.save({ ...known, state: 'dead' })
  return reject('refused_by_node', detail)
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
