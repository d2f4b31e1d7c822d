// A vault whose rows are in memory, for tests that need no database.

import { asMicros } from '#kernel/time.ts'
import { createMasterKey, newMasterKey } from '#platform/vault/master-key.ts'
import type { Vault } from '#platform/vault/port.ts'
import type { DataKeyRow, SealedRow, VaultStore } from '#platform/vault/store.ts'
import { createVault } from '#platform/vault/vault.ts'

export type MemoryVaultStore = VaultStore & {
  readonly keys: Map<string, DataKeyRow>
  /** What else is sealed: a rotation reaches it. */
  readonly sealed: SealedRow[]
}

export function memoryVaultStore(): MemoryVaultStore {
  const keys = new Map<string, DataKeyRow>()
  const secrets = new Map<string, Uint8Array>()
  const sealed: SealedRow[] = []
  return {
    keys,
    sealed,
    dataKeys: async () => [...keys.values()],
    insertDataKey: async (row) => void (keys.has(row.id) || keys.set(row.id, row)),
    replaceWrapped: async (id, changed) => {
      const row = keys.get(id)
      if (row !== undefined) keys.set(id, { ...row, ...changed })
    },
    secret: async (name) => secrets.get(name),
    insertSecret: async (name, value) => void (secrets.has(name) || secrets.set(name, value)),
    sealedElsewhere: async (dataKey) =>
      sealed.filter((row) => !Buffer.from(row.sealed).toString('hex').startsWith(dataKey)),
    replaceSealed: async (row, value) => {
      const at = sealed.indexOf(row)
      if (at >= 0) sealed[at] = { ...row, sealed: value }
      return at >= 0
    },
  }
}

export function memoryVault(store: VaultStore = memoryVaultStore()): Promise<Vault> {
  const master = createMasterKey({ kind: 'given', text: newMasterKey() })
  return createVault({ store, master, now: () => asMicros(1) })
}
