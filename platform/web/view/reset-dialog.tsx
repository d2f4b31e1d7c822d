// Reset dialog: a new password by a mailed code, for somebody who forgot it or is locked out.
//
// What it says is the same for an address that is known and one that is not.

import { useSignal } from '@preact/signals'
import { useApp } from '../app-context.ts'
import { outcomeText } from '../model/outcome-text.ts'
import { CodeForm } from './code-form.tsx'
import { Modal } from './modal.tsx'

const PASSWORD_MIN = 8

type Asked = { readonly id: string; readonly email: string; readonly password: string }

export function ResetDialog() {
  const { client, dialog, notices } = useApp()
  const asked = useSignal<Asked | null>(null)
  const error = useSignal('')
  const ask = async (form: HTMLFormElement): Promise<void> => {
    const fields = new FormData(form)
    const [email, password] = [String(fields.get('email')), String(fields.get('password'))]
    const outcome = await client.askReset(email)
    if (outcome.kind === 'done') asked.value = { id: outcome.value.challenge.id, email, password }
    else error.value = outcomeText(outcome)
  }
  if (asked.value !== null) {
    const { id, email, password } = asked.value
    return (
      <Modal title="New password">
        <CodeForm
          source={{ by: 'mail', email }}
          button="Set the new password"
          submit={(code) => client.resetPassword({ id, code, password })}
          onDone={() => {
            notices.say('Your password is set; sign in with it.')
            dialog.value = 'sign-in'
          }}
        />
      </Modal>
    )
  }
  return (
    <Modal title="New password">
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void ask(event.currentTarget)
        }}
      >
        <label>
          E-mail
          <input
            class="field"
            name="email"
            type="email"
            autocomplete="username"
            required
            autofocus
          />
        </label>
        <label>
          New password
          <input
            class="field"
            name="password"
            type="password"
            autocomplete="new-password"
            minLength={PASSWORD_MIN}
            required
          />
        </label>
        <p class="hint">It also unlocks an account that too many wrong attempts have locked.</p>
        <p class="error" role="alert">
          {error.value}
        </p>
        <button type="submit" class="button primary large">
          Send me a code
        </button>
      </form>
    </Modal>
  )
}
