// Vault: seals secrets under data keys that the master key wraps.
//
// A sealed secret is: 8 bytes that name the data key, then what the cipher made. Data keys are kept
// in memory once unwrapped; one that another process made is found when it is met. Nothing is ever
// sealed under an old key after a rotation was seen, and no data key is deleted.

import { createHash, randomBytes } from 'node:crypto'
import { StartError } from '#kernel/start-error.ts'
import { decrypt, encrypt, KEY_BYTES } from './cipher.ts'
import { readOldKey, removeOldKey } from './key-files.ts'
import type { MasterKey, Sealed, Vault } from './port.ts'
import type { VaultStore } from './store.ts'

export type VaultDeps = {
  readonly store: VaultStore
  readonly master: MasterKey
  /** Where an earlier release kept its keys in files; they are taken over. */
  readonly oldKeys?: string
  /** Microseconds since 1970. */
  readonly now: () => number
}

const KEY_ID_BYTES = 8
/** The sealing key of releases before the vault, and files that mean nothing any more. */
const OLD_SEALING_KEY = 'secrets.key'
const OLD_FILES = ['access-tokens.pem', 'refresh.key']

type Ring = { keys: Map<string, Uint8Array>; newest: string }
type Run = VaultDeps & { readonly ring: Ring }

/** Opens the vault; makes its first data key. StartError when the master key does not fit. */
export async function createVault(deps: VaultDeps): Promise<Vault> {
  const run: Run = { ...deps, ring: { keys: new Map(), newest: '' } }
  if (deps.oldKeys !== undefined) await takeOver(run, deps.oldKeys)
  await load(run)
  if (run.ring.newest === '') await addDataKey(run, randomBytes(KEY_BYTES))
  const seal: Vault['seal'] = async (id, secret) => sealNow(run.ring, id, secret)
  const open: Vault['open'] = (id, sealed) => openSealed(run, id, sealed)
  return {
    seal,
    open,
    secret: async (name, make) => {
      const about = `secret:${name}`
      const known = await deps.store.secret(name)
      if (known !== undefined) return open(about, known)
      await deps.store.insertSecret(name, await seal(about, make()), deps.now())
      // Another process may have been first: what is stored counts.
      return open(about, (await deps.store.secret(name)) ?? new Uint8Array())
    },
    rotate: async () => {
      const dataKey = await addDataKey(run, randomBytes(KEY_BYTES))
      return { dataKey, resealed: await resealAll(run, dataKey) }
    },
    ageOfNewest: async () => {
      const rows = await deps.store.dataKeys()
      return deps.now() - Math.max(0, ...rows.map(({ createdAt }) => createdAt))
    },
    rewrap: () => rewrapAll(run),
  }
}

async function load({ store, master, ring }: Run): Promise<void> {
  for (const { id, ...wrapped } of await store.dataKeys()) {
    if (!ring.keys.has(id)) ring.keys.set(id, await unwrap(master, id, wrapped))
    ring.newest = id
  }
}

async function unwrap(
  master: MasterKey,
  id: string,
  wrapped: { readonly master: string; readonly wrapped: Uint8Array },
): Promise<Uint8Array> {
  try {
    return await master.unwrap(id, wrapped)
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`data key ${id} does not open under the master key ${wrapped.master}`)
  }
}

async function addDataKey({ store, master, now, ring }: Run, key: Uint8Array): Promise<string> {
  const id = dataKeyId(key)
  const row = { id, master: master.currentId(), wrapped: await master.wrap(id, key) }
  await store.insertDataKey({ ...row, createdAt: now() })
  ring.keys.set(id, key)
  ring.newest = id
  return id
}

/** The name that releases before the vault gave a sealing key, so that what they sealed opens. */
function dataKeyId(key: Uint8Array): string {
  return createHash('sha256')
    .update('seal')
    .update(key)
    .digest('hex')
    .slice(0, 2 * KEY_ID_BYTES)
}

function sealNow({ keys, newest }: Ring, id: string, secret: string): Sealed {
  const key = keys.get(newest)
  if (key === undefined) throw new Error('the vault has no data key')
  const body = encrypt(key, id, Buffer.from(secret, 'utf8'))
  return Uint8Array.from(Buffer.concat([Buffer.from(newest, 'hex'), body]))
}

async function openSealed(run: Run, id: string, sealed: Uint8Array): Promise<string> {
  const bytes = Buffer.from(sealed)
  const keyId = bytes.subarray(0, KEY_ID_BYTES).toString('hex')
  if (!run.ring.keys.has(keyId)) await load(run)
  const key = run.ring.keys.get(keyId)
  if (key === undefined) throw new Error('a secret is sealed under a key that is not ours')
  return decrypt(key, id, bytes.subarray(KEY_ID_BYTES)).toString('utf8')
}

async function resealAll(run: Run, dataKey: string): Promise<number> {
  let count = 0
  for (const row of await run.store.sealedElsewhere(dataKey)) {
    const sealed = sealNow(run.ring, row.about, await openSealed(run, row.about, row.sealed))
    if (await run.store.replaceSealed(row, sealed)) count += 1
  }
  return count
}

async function rewrapAll({ store, master }: Run): Promise<number> {
  const current = master.currentId()
  const rows = (await store.dataKeys()).filter((row) => row.master !== current)
  for (const { id, ...wrapped } of rows) {
    const key = await unwrap(master, id, wrapped)
    await store.replaceWrapped(id, { master: current, wrapped: await master.wrap(id, key) })
  }
  return rows.length
}

/** The file goes only when its key is safely in the database. */
async function takeOver(run: Run, folder: string): Promise<void> {
  const old = readOldKey(folder, OLD_SEALING_KEY)
  if (old !== undefined) await addDataKey(run, Buffer.from(old, 'base64url'))
  for (const name of [OLD_SEALING_KEY, ...OLD_FILES]) removeOldKey(folder, name)
}
