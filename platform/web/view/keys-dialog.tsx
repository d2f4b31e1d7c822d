// Keys dialog: API keys for programs; a secret is shown once, when it is made.
//
// The secret is kept in this dialog's memory alone and is gone when it closes.

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import type { ItemOf } from '../model/item-of.ts'
import { clockText } from '../model/numbers.ts'
import { KeyForm, type MadeKey } from './key-form.tsx'
import { Modal } from './modal.tsx'

export function KeysDialog() {
  const { client } = useApp()
  const keys = useSignal<readonly Key[]>([])
  const made = useSignal<MadeKey | null>(null)
  const read = async (): Promise<void> => {
    const outcome = await client.keys()
    if (outcome.kind === 'done') keys.value = outcome.value.items
  }
  useEffect(() => void read(), [])
  const revoke = async (id: string): Promise<void> => {
    await client.revokeKey(id)
    await read()
  }
  return (
    <Modal title="API keys">
      {made.value !== null && <Made made={made.value} />}
      <KeyList keys={keys.value} revoke={(id) => void revoke(id)} />
      <KeyForm
        onMade={(key) => {
          made.value = key
          void read()
        }}
      />
    </Modal>
  )
}

function Made({ made }: { readonly made: MadeKey }) {
  return (
    <output class="secret">
      {made.secret === undefined ? (
        <p>Sign with the private half; nothing secret of it is here.</p>
      ) : (
        <p>Keep the secret now; it is not shown again.</p>
      )}
      <code>X-Crossbook-Key: {made.id}</code>
      {made.secret !== undefined && <code>{made.secret}</code>}
    </output>
  )
}

type Key = ItemOf<ReturnType<typeof useApp>['client']['keys']>
type KeyListProps = { readonly keys: readonly Key[]; readonly revoke: (id: string) => void }

function KeyList({ keys, revoke }: KeyListProps) {
  if (keys.length === 0) return <p class="hint">No keys yet. A bot or curl signs with one.</p>
  return (
    <ul class="keys">
      {keys.map((key) => (
        <li key={key.id}>
          <span title={key.id}>{key.name}</span>
          <span class="muted">{limitsText(key)}</span>
          <span class="muted">{clockText(key.createdAt)}</span>
          <button type="button" class="button quiet" onClick={() => revoke(key.id)}>
            Revoke
          </button>
        </li>
      ))}
    </ul>
  )
}

/** What a key may do, and where it ends, in one line. */
function limitsText({ scopes, markets, addresses, expiresAt, kind }: Key): string {
  const parts = [scopes.join(', '), ...(kind === 'ed25519' ? ['Ed25519'] : [])]
  if (markets.length > 0) parts.push(`only ${markets.join(', ')}`)
  if (addresses.length > 0) parts.push(`from ${addresses.join(', ')}`)
  if (expiresAt !== null) {
    parts.push(`until ${new Date(expiresAt / 1_000).toISOString().slice(0, 10)}`)
  }
  return parts.join(' · ')
}
