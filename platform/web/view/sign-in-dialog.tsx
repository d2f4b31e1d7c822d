// Sign-in dialog: e-mail and password, for somebody known or somebody new, then what else is asked.
//
// Passwords are read from the form when it is sent; one that a code still has to confirm stays in
// the session's step and nowhere else. A refusal is told by its code's text, in the dialog.

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import { outcomeText } from '../model/outcome-text.ts'
import type { Step } from '../model/session.ts'
import { CodeForm } from './code-form.tsx'
import { Modal } from './modal.tsx'

const PASSWORD_MIN = 8

export function SignInDialog() {
  const { session, dialog } = useApp()
  const isNew = dialog.value === 'register'
  const step = session.step.value
  // Closing forgets what was begun, password and all.
  useEffect(() => session.forgetStep, [])
  if (step !== null) return <StepDialog step={step} />
  return (
    <Modal title={isNew ? 'Create an account' : 'Sign in'}>
      <Credentials isNew={isNew} />
    </Modal>
  )
}

function StepDialog({ step }: { readonly step: Step }) {
  const { session, dialog } = useApp()
  const isConfirm = step.kind === 'confirm'
  const isMail = isConfirm || step.by === 'mail'
  const email = isConfirm ? step.credentials.email : 'your address'
  return (
    <Modal title={isConfirm ? 'Confirm your e-mail' : 'Second step'}>
      <CodeForm
        source={isMail ? { by: 'mail', email } : { by: 'authenticator' }}
        button={isConfirm ? 'Confirm' : 'Sign in'}
        submit={(code) => session.answer(step, code)}
        onDone={() => {
          if (session.step.value === null) dialog.value = 'none'
        }}
      />
    </Modal>
  )
}

function Credentials({ isNew }: { readonly isNew: boolean }) {
  const { session, dialog } = useApp()
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
    if (outcome.kind !== 'done') error.value = outcomeText(outcome)
    else if (session.step.value === null) dialog.value = 'none'
  }
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit(event.currentTarget)
      }}
    >
      <Fields isNew={isNew} />
      <p class="error" role="alert">
        {error.value}
      </p>
      <button type="submit" class="button primary large" disabled={isBusy.value}>
        {isNew ? 'Create account' : 'Sign in'}
      </button>
      <Link
        to={isNew ? 'sign-in' : 'register'}
        text={isNew ? 'I have an account' : 'I am new here'}
      />
      {!isNew && <Link to="reset" text="I cannot get in" />}
    </form>
  )
}

function Fields({ isNew }: { readonly isNew: boolean }) {
  const isDemo = useApp().connection.isDemo.value
  return (
    <>
      <label>
        E-mail
        <input class="field" name="email" type="email" autocomplete="username" required autofocus />
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
          {isDemo && ' This is a demo: any address will do, no mail leaves it.'}
        </p>
      )}
    </>
  )
}

function Link({
  to,
  text,
}: {
  readonly to: 'sign-in' | 'register' | 'reset'
  readonly text: string
}) {
  const { dialog } = useApp()
  return (
    <button
      type="button"
      class="button quiet"
      onClick={() => {
        dialog.value = to
      }}
    >
      {text}
    </button>
  )
}
