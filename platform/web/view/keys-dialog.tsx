// Keys dialog: API keys for programs; a secret is shown once, when it is made.
//
// The secret is kept in this dialog's memory alone and is gone when it closes.

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import type { ItemOf } from '../model/item-of.ts'
import { clockText } from '../model/numbers.ts'
import { outcomeText } from '../model/outcome-text.ts'
import { Modal } from './modal.tsx'

const SCOPES = ['read', 'trade', 'withdraw', 'rebalance'] as const

export function KeysDialog() {
  const { client } = useApp()
  const keys = useSignal<readonly Key[]>([])
  const made = useSignal<{ readonly id: string; readonly secret: string } | null>(null)
  const error = useSignal('')
  const read = async (): Promise<void> => {
    const outcome = await client.keys()
    if (outcome.kind === 'done') keys.value = outcome.value.items
  }
  useEffect(() => void read(), [])
  const create = async (form: HTMLFormElement): Promise<void> => {
    const fields = new FormData(form)
    const scopes = SCOPES.filter((scope) => fields.has(scope))
    const outcome = await client.createKey({ name: String(fields.get('name')), scopes })
    error.value = outcome.kind === 'done' ? '' : outcomeText(outcome)
    if (outcome.kind !== 'done') return
    const { id, secret = '' } = outcome.value
    made.value = { id, secret }
    form.reset()
    await read()
  }
  const revoke = async (id: string): Promise<void> => {
    await client.revokeKey(id)
    await read()
  }
  return (
    <Modal title="API keys">
      {made.value !== null && (
        <output class="secret">
          <p>Keep the secret now; it is not shown again.</p>
          <code>X-Crossbook-Key: {made.value.id}</code>
          <code>{made.value.secret}</code>
        </output>
      )}
      <KeyList keys={keys.value} revoke={(id) => void revoke(id)} />
      <NewKey create={create} error={error.value} />
    </Modal>
  )
}

type Key = ItemOf<ReturnType<typeof useApp>['client']['keys']>
type KeyListProps = { readonly keys: readonly Key[]; readonly revoke: (id: string) => void }

function KeyList({ keys, revoke }: KeyListProps) {
  if (keys.length === 0) return <p class="hint">No keys yet. A bot or curl signs with one.</p>
  return (
    <ul class="keys">
      {keys.map(({ id, name, scopes, createdAt }) => (
        <li key={id}>
          <span>{name}</span>
          <span class="muted">{scopes.join(', ')}</span>
          <span class="muted">{clockText(createdAt)}</span>
          <button type="button" class="button quiet" onClick={() => revoke(id)}>
            Revoke
          </button>
        </li>
      ))}
    </ul>
  )
}

type NewKeyProps = {
  readonly create: (form: HTMLFormElement) => Promise<void>
  readonly error: string
}

function NewKey({ create, error }: NewKeyProps) {
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void create(event.currentTarget)
      }}
    >
      <label>
        Name of a new key
        <input class="field" name="name" maxLength={64} required />
      </label>
      <fieldset class="scopes">
        <legend>What it may do</legend>
        {SCOPES.map((scope) => (
          <label key={scope}>
            <input type="checkbox" name={scope} checked={scope === 'read' || scope === 'trade'} />
            {scope}
          </label>
        ))}
      </fieldset>
      <p class="error" role="alert">
        {error}
      </p>
      <button type="submit" class="button primary">
        Make key
      </button>
    </form>
  )
}
