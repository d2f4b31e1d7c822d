// Transaction store: what was signed, kept before it is sent.
//
// As a port, because the platform journals its withdrawals and a bot runner appends to a file. A
// store belongs to one chain instance: a transaction of a chain that is gone must not be found
// again.

import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs'

export type SignedTransaction = {
  /** The caller's id of what this transaction is to do. */
  readonly intentId: string
  /** Digest of what was asked for: the same id with another body is refused. */
  readonly body: string
  readonly account: string
  readonly nonce: number
  readonly hash: string
  /** The signed bytes; nothing else is ever sent for this intent while they can be mined. */
  readonly raw: string
}

export type StoredTransaction = SignedTransaction & {
  /** signed: may be mined any time. settled: has a receipt. dead: can never be mined. */
  readonly state: 'signed' | 'settled' | 'dead'
}

export type TransactionStore = {
  /** The newest record of an intent. */
  find(intentId: string): Promise<StoredTransaction | undefined>
  /** Transactions of the account that may still be mined, by nonce. */
  unsettled(account: string): Promise<readonly StoredTransaction[]>
  /** Durable when it answers; replaces the record of the same intent. */
  save(transaction: StoredTransaction): Promise<void>
}

/** A store that forgets with its process: for tests and for accounts that may start anew. */
export function createMemoryStore(): TransactionStore {
  return storeOver(new Map(), () => {})
}

/**
 * A store in a file of one JSON line a record, synced before it answers. A torn last line was never
 * acknowledged and is passed over.
 */
export function createFileStore(path: string): TransactionStore & { close(): void } {
  const records = new Map<string, StoredTransaction>()
  const file = openSync(path, 'a+', 0o600)
  const whole = readFileSync(path, 'utf8')
  for (const line of whole.split('\n').slice(0, -1)) keep(records, line)
  if (whole !== '' && !whole.endsWith('\n')) writeSync(file, '\n')
  const store = storeOver(records, (transaction) => {
    writeSync(file, `${JSON.stringify(transaction)}\n`)
    fdatasyncSync(file)
  })
  return { ...store, close: () => closeSync(file) }
}

function storeOver(
  records: Map<string, StoredTransaction>,
  persist: (transaction: StoredTransaction) => void,
): TransactionStore {
  return {
    find: async (intentId) => records.get(intentId),
    async unsettled(account) {
      const open = [...records.values()].filter(
        (record) => record.account === account && record.state === 'signed',
      )
      return open.sort((a, b) => a.nonce - b.nonce)
    },
    async save(transaction) {
      persist(transaction)
      records.set(transaction.intentId, transaction)
    },
  }
}

function keep(records: Map<string, StoredTransaction>, line: string): void {
  try {
    // Every line was written by save above; a line that is no JSON was torn.
    const record = JSON.parse(line) as StoredTransaction
    records.set(record.intentId, record)
  } catch {}
}
