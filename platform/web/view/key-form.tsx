// Key form: what a new API key may do, and to what it is held.
//
// Limits are folded away until somebody asks for them; what is left empty does not limit.

import { useSignal } from '@preact/signals'
import { useApp } from '../app-context.ts'
import { outcomeText } from '../model/outcome-text.ts'

export type MadeKey = { readonly id: string; readonly secret?: string }

const SCOPES = ['read', 'trade', 'withdraw', 'rebalance', 'deploy'] as const
const DAY_US = 86_400_000_000

export function KeyForm({ onMade }: { readonly onMade: (key: MadeKey) => void }) {
  const { client } = useApp()
  const error = useSignal('')
  const create = async (form: HTMLFormElement): Promise<void> => {
    const outcome = await client.createKey(keyOf(new FormData(form)))
    error.value = outcome.kind === 'done' ? '' : outcomeText(outcome)
    if (outcome.kind !== 'done') return
    const { id, secret } = outcome.value
    form.reset()
    onMade(secret === undefined ? { id } : { id, secret })
  }
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
      <Limits />
      <p class="error" role="alert">
        {error.value}
      </p>
      <button type="submit" class="button primary">
        Make key
      </button>
    </form>
  )
}

function Limits() {
  const { listing } = useApp()
  return (
    <details class="limits">
      <summary>Limits and kind</summary>
      <fieldset class="scopes">
        <legend>Markets it may trade; none ticked: all</legend>
        {listing.markets.value.map(({ symbol }) => (
          <label key={symbol}>
            <input type="checkbox" name="market" value={symbol} />
            {symbol}
          </label>
        ))}
      </fieldset>
      <label>
        Addresses it may come from
        <input class="field" name="addresses" placeholder="192.0.2.7, 10.0.0.0/8" />
      </label>
      <label>
        Days until it ends
        <input class="field" name="days" type="number" min="1" max="3650" />
      </label>
      <label>
        Public Ed25519 key (DER in base64), instead of a secret
        <input class="field" name="publicKey" placeholder="MCowBQYDK2VwAyEA…" />
      </label>
    </details>
  )
}

function keyOf(fields: FormData) {
  const text = (name: string): string => String(fields.get(name) ?? '').trim()
  const markets = fields.getAll('market').map(String)
  const addresses = text('addresses')
    .split(/[\s,]+/)
    .filter((one) => one !== '')
  const days = Number(text('days'))
  return {
    name: text('name'),
    scopes: SCOPES.filter((scope) => fields.has(scope)),
    ...(markets.length === 0 ? {} : { markets }),
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(days > 0 ? { expiresAt: Date.now() * 1_000 + days * DAY_US } : {}),
    ...(text('publicKey') === '' ? {} : { publicKey: text('publicKey') }),
  }
}
