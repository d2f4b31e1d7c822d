// Payout store: the wallet's journal of signed payouts, seen as a nonce queue's store.
//
// What save answers for is in the journal, so the queue never sends bytes that a restart would not
// find again (INV-13). What is settled or failed leaves by the ledger's events; that bytes are dead
// is remembered in this process alone, because a failed withdrawal is journaled right after.

import type { StoredTransaction, TransactionStore } from './transaction-store.ts'

type SignedPayout = {
  readonly withdrawalId: number
  readonly nonce: number
  readonly txHash: string
  readonly rawTransaction: string
}

/** Where the wallet keeps signed payouts: durable when save answers. */
export type PayoutJournal = {
  save(payout: SignedPayout): Promise<void>
  open(): readonly SignedPayout[]
}

/** How the nonce queue names a withdrawal's payout. */
export function intentOf(withdrawalId: number): string {
  return `withdrawal-${withdrawalId}`
}

/** The journal seen as a nonce queue's store; what is settled leaves it by the ledger's events. */
export function createPayoutStore(journal: PayoutJournal, account: string): TransactionStore {
  const bodies = new Map<string, string>()
  const dead = new Set<string>()
  const all = (): StoredTransaction[] =>
    journal.open().map(({ withdrawalId, nonce, txHash, rawTransaction }) => {
      const intentId = intentOf(withdrawalId)
      const state = dead.has(intentId) ? 'dead' : 'signed'
      const body = bodies.get(intentId) ?? ''
      return { intentId, body, account, nonce, hash: txHash, raw: rawTransaction, state }
    })
  /** INV-17: what the ledger has closed is not kept here either. */
  function forgetClosed(): void {
    const open = new Set(journal.open().map(({ withdrawalId }) => intentOf(withdrawalId)))
    for (const intentId of bodies.keys()) if (!open.has(intentId)) bodies.delete(intentId)
    for (const intentId of dead) if (!open.has(intentId)) dead.delete(intentId)
  }

  return {
    find: async (intentId) => all().find((known) => known.intentId === intentId),
    unsettled: async () =>
      all()
        .filter(({ state }) => state === 'signed')
        .sort((a, b) => a.nonce - b.nonce),
    /** The ledger has closed them: what the wallet says of a reorganisation is its own affair. */
    settled: async () => [],
    async save({ intentId, body, nonce, hash, raw, state }) {
      if (state === 'dead') dead.add(intentId)
      if (state !== 'signed') return
      forgetClosed()
      bodies.set(intentId, body)
      const withdrawalId = Number(intentId.slice('withdrawal-'.length))
      await journal.save({ withdrawalId, nonce, txHash: hash, rawTransaction: raw })
    },
  }
}
