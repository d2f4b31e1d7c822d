// Security dialog: is the e-mail proven, is there a second factor, where is somebody signed in.
//
// What it shows is read when it opens and after each change; nothing of it outlives the dialog.

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import type { ItemOf } from '../model/item-of.ts'
import { clockText } from '../model/numbers.ts'
import { CodeForm } from './code-form.tsx'
import { FactorPart } from './factor-part.tsx'
import { Modal } from './modal.tsx'

export function SecurityDialog() {
  return (
    <Modal title="Security">
      <div class="security">
        <EmailPart />
        <FactorPart />
        <SessionsPart />
      </div>
    </Modal>
  )
}

function EmailPart() {
  const { client, session } = useApp()
  const challenge = useSignal<string | null>(null)
  const user = session.user.value
  if (user === null) return null
  const ask = async (): Promise<void> => {
    const outcome = await client.mailCode()
    if (outcome.kind === 'done') challenge.value = outcome.value.challenge.id
  }
  const id = challenge.value
  return (
    <section>
      <h3>E-mail</h3>
      <p>
        {user.email}{' '}
        <span class={user.verified ? 'up' : 'muted'}>
          {user.verified ? 'confirmed' : 'not confirmed yet'}
        </span>
      </p>
      {!user.verified && id === null && (
        <button type="button" class="button" onClick={() => void ask()}>
          Send me a code
        </button>
      )}
      {!user.verified && id !== null && (
        <CodeForm
          source={{ by: 'mail', email: user.email }}
          button="Confirm"
          submit={(code) => client.confirmEmail({ id, code })}
          onDone={() => void session.look()}
        />
      )}
    </section>
  )
}

function SessionsPart() {
  const { client } = useApp()
  const sessions = useSignal<readonly Session[]>([])
  const read = async (): Promise<void> => {
    const outcome = await client.sessions()
    if (outcome.kind === 'done') sessions.value = outcome.value.items
  }
  useEffect(() => void read(), [])
  const end = async (id: string): Promise<void> => {
    await client.revokeSession(id)
    await read()
  }
  return (
    <section>
      <h3>Signed in</h3>
      <ul class="keys">
        {sessions.value.map(({ id, userAgent, lastUsedAt, current }) => (
          <li key={id}>
            <span class="agent" title={userAgent}>
              {deviceOf(userAgent)}
            </span>
            <span class="muted">{clockText(lastUsedAt)}</span>
            {current ? (
              <span class="muted">here</span>
            ) : (
              <button type="button" class="button quiet" onClick={() => void end(id)}>
                End
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

type Session = ItemOf<ReturnType<typeof useApp>['client']['sessions']>

/** The two words of a user agent that people know. */
function deviceOf(userAgent: string): string {
  const browser = /(Firefox|Edg|Chrome|Safari|curl)\/[\d.]+/.exec(userAgent)?.[1]
  const system = /(Windows|Mac OS X|Android|iPhone|Linux)/.exec(userAgent)?.[1]
  const known = [browser === 'Edg' ? 'Edge' : browser, system].filter((word) => word !== undefined)
  return known.length > 0 ? known.join(' on ') : userAgent.slice(0, 40) || 'unknown'
}
