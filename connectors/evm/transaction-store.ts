// Transaction store: what was signed, kept before it is sent.
//
// As a port, because the platform journals its withdrawals and a bot runner appends to a file. A
// store belongs to one chain instance: a transaction of a chain that is gone must not be found
// again.

import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

export type SignedTransaction = {
  /** The caller's id of what this transaction is to do. */
  readonly intentId: string
  /** Digest of what was asked for: the same id with another body is refused. */
  readonly body: string
  readonly account: string
  readonly nonce: number
  readonly hash: string
  /** The signed bytes; what is sent for this intent while they can be mined has their nonce. */
  readonly raw: string
}

export type StoredTransaction = SignedTransaction & {
  /** signed: may be mined any time. settled: has a receipt. dead: can never be mined. */
  readonly state: 'signed' | 'settled' | 'dead'
  /** Hashes of bytes of the same nonce that these replaced; one of them may be mined instead. */
  readonly earlier?: readonly string[]
}

export type TransactionStore = {
  /** The newest record of an intent. */
  find(intentId: string): Promise<StoredTransaction | undefined>
  /** Transactions of the account that may still be mined, by nonce. */
  unsettled(account: string): Promise<readonly StoredTransaction[]>
  /** Those of the account that were mined with this nonce or a later one, by nonce. */
  settled(account: string, fromNonce: number): Promise<readonly StoredTransaction[]>
  /** Durable when it answers; replaces the record of the same intent. */
  save(transaction: StoredTransaction): Promise<void>
}

/** How many final records answer a repeated id; older ones leave, unsettled ones never do. */
export const FINAL_RECORDS_MAX = 10_000

/** A store that forgets with its process: for tests and for accounts that may start anew. */
export function createMemoryStore(): TransactionStore {
  return storeOver(new Map(), () => {})
}

/**
 * A store in a file of one JSON line a record, synced before it answers. A torn last line was never
 * acknowledged and is passed over. Opening writes the file anew with the records still needed.
 */
export function createFileStore(path: string): TransactionStore & { close(): void } {
  const records = new Map<string, StoredTransaction>()
  if (existsSync(path)) for (const line of linesOf(path)) keep(records, line)
  const part = openSync(`${path}.part`, 'w', 0o600)
  const write = (file: number, transaction: StoredTransaction) => {
    writeSync(file, `${JSON.stringify(transaction)}\n`)
  }
  for (const record of records.values()) write(part, record)
  fdatasyncSync(part)
  renameSync(`${path}.part`, path)
  syncFolder(dirname(path))
  const store = storeOver(records, (transaction) => {
    write(part, transaction)
    fdatasyncSync(part)
  })
  return { ...store, close: () => closeSync(part) }
}

function storeOver(
  records: Map<string, StoredTransaction>,
  persist: (transaction: StoredTransaction) => void,
): TransactionStore {
  return {
    find: async (intentId) => records.get(intentId),
    unsettled: async (account) => {
      return byNonce(records, (one) => one.account === account && one.state === 'signed')
    },
    async settled(account, fromNonce) {
      return byNonce(records, (one) => {
        return one.account === account && one.state === 'settled' && one.nonce >= fromNonce
      })
    },
    async save(transaction) {
      persist(transaction)
      put(records, transaction)
    },
  }
}

function byNonce(
  records: ReadonlyMap<string, StoredTransaction>,
  wanted: (record: StoredTransaction) => boolean,
): readonly StoredTransaction[] {
  return [...records.values()].filter(wanted).sort((a, b) => a.nonce - b.nonce)
}

/** The newest record stands last, so the first final one is the oldest. */
function put(records: Map<string, StoredTransaction>, transaction: StoredTransaction): void {
  records.delete(transaction.intentId)
  records.set(transaction.intentId, transaction)
  if (records.size <= FINAL_RECORDS_MAX) return
  for (const [intentId, { state }] of records) {
    if (state === 'signed') continue
    records.delete(intentId)
    return
  }
}

/** Until its folder is synced, a renamed file can be the old one again after a power loss. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8').split('\n')
}

function keep(records: Map<string, StoredTransaction>, line: string): void {
  try {
    // Every whole line was written by save above; a line that is no JSON was torn.
    put(records, JSON.parse(line) as StoredTransaction)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
}
