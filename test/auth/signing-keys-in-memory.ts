// Signing keys whose rows are in memory, and the tokens under them.

import type { SigningKeysDeps } from '#platform/auth/signing-keys.ts'
import { createSigningKeys } from '#platform/auth/signing-keys.ts'
import type { SigningKeyRow } from '#platform/auth/store.ts'
import { createAccessTokens } from '#platform/auth/tokens.ts'
import { memoryVault } from '../support/memory-vault.ts'

export type SigningStore = SigningKeysDeps['store'] & { readonly rows: SigningKeyRow[] }

export function signingStore(): SigningStore {
  const rows: SigningKeyRow[] = []
  return {
    rows,
    signingKeys: async () => [...rows].sort((a, b) => a.activeAt - b.activeAt),
    insertSigningKey: async (row) => void rows.push(row),
    retireSigningKeys: async (but, now) => {
      for (const [at, row] of rows.entries()) {
        if (row.kid !== but) rows[at] = { ...row, retiredAt: row.retiredAt ?? now }
      }
    },
  }
}

type Deps = { readonly store: SigningStore; readonly vault: SigningKeysDeps['vault'] }

/** Keys and tokens as they are after a start at this instant. */
export async function signingKeys(now: number, deps?: Deps) {
  const { store, vault } = deps ?? { store: signingStore(), vault: await memoryVault() }
  const keys = await createSigningKeys({ store, vault }, now)
  return { store, vault, keys, tokens: createAccessTokens(keys) }
}
