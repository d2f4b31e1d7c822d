// Open vault: the vault of a data folder and its database, as the platform and the command line
// open it. Keys that an earlier release kept in files are taken over.

import { join } from 'node:path'
import { createMasterKey, type MasterKeySource } from './master-key.ts'
import type { Vault } from './port.ts'
import { createVaultStore } from './store.ts'
import { createVault } from './vault.ts'

export type VaultPlace = {
  readonly database: Parameters<typeof createVaultStore>[0]
  readonly dataFolder: string
  /** The file `keys/master.key` of the data folder unless given. */
  readonly masterKey?: MasterKeySource | undefined
  /** Microseconds since 1970. */
  readonly now: () => number
}

/** Throws StartError when the master key cannot be used. */
export function openVault({ database, dataFolder, masterKey, now }: VaultPlace): Promise<Vault> {
  const master = createMasterKey(masterKey ?? { kind: 'folder', dataFolder })
  const store = createVaultStore(database)
  return createVault({ store, master, oldKeys: join(dataFolder, 'keys'), now })
}
