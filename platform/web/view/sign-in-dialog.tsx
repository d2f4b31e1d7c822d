// Sign-in dialog: e-mail and password, for somebody known or somebody new.
//
// Passwords are read from the form when it is sent and kept nowhere. A refusal is told by its
// code's text, in the dialog.

import { useSignal } from '@preact/signals'
import { useApp } from '../app-context.ts'
import { outcomeText } from '../model/outcome-text.ts'
import { Modal } from './modal.tsx'

const PASSWORD_MIN = 8

export function SignInDialog() {
  const { session, dialog, connection } = useApp()
  const isNew = dialog.value === 'register'
  const error = useSignal('')
  const isBusy = useSignal(false)
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const fields = new FormData(form)
    const credentials = {
      email: String(fields.get('email')),
      password: String(fields.get('password')),
    }
    isBusy.value = true
    error.value = ''
    const outcome = await (isNew ? session.register(credentials) : session.signIn(credentials))
    isBusy.value = false
    if (outcome.kind === 'done') dialog.value = 'none'
    else error.value = outcomeText(outcome)
  }
  return (
    <Modal title={isNew ? 'Create an account' : 'Sign in'}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void submit(event.currentTarget)
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
          Password
          <input
            class="field"
            name="password"
            type="password"
            autocomplete={isNew ? 'new-password' : 'current-password'}
            minLength={isNew ? PASSWORD_MIN : 1}
            required
          />
        </label>
        {isNew && (
          <p class="hint">
            At least {PASSWORD_MIN} characters.
            {connection.isDemo.value && ' This is a demo: any address will do, no mail is sent.'}
          </p>
        )}
        <p class="error" role="alert">
          {error.value}
        </p>
        <button type="submit" class="button primary large" disabled={isBusy.value}>
          {isNew ? 'Create account' : 'Sign in'}
        </button>
        <button
          type="button"
          class="button quiet"
          onClick={() => {
            dialog.value = isNew ? 'sign-in' : 'register'
          }}
        >
          {isNew ? 'I have an account' : 'I am new here'}
        </button>
      </form>
    </Modal>
  )
}
