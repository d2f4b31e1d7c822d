// Code form: six digits from a letter or an authenticator, and where to find them.
//
// In a demo without a mail server the letters are in the platform's own mailbox; the form says so
// and links there.

import { useSignal } from '@preact/signals'
import type { Outcome } from '#client/outcome.ts'
import { useApp } from '../app-context.ts'
import { outcomeText } from '../model/outcome-text.ts'

export type CodeSource =
  | { readonly by: 'mail'; readonly email: string }
  | { readonly by: 'authenticator' }

type Props = {
  readonly source: CodeSource
  readonly button: string
  readonly submit: (code: string) => Promise<Outcome<unknown>>
  readonly onDone: () => void
}

const CODE = '[0-9]{6}'
const CODE_OR_RECOVERY = '[0-9]{6}|[a-z2-7]{5}-[a-z2-7]{5}'

export function CodeForm({ source, button, submit, onDone }: Props) {
  const error = useSignal('')
  const isBusy = useSignal(false)
  const send = async (form: HTMLFormElement): Promise<void> => {
    isBusy.value = true
    error.value = ''
    const outcome = await submit(String(new FormData(form).get('code')).trim())
    isBusy.value = false
    if (outcome.kind === 'done') onDone()
    else error.value = outcomeText(outcome)
  }
  const isMail = source.by === 'mail'
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void send(event.currentTarget)
      }}
    >
      <label>
        {isMail ? 'Code from the letter' : 'Code of your authenticator'}
        <input
          class="field code"
          name="code"
          inputMode={isMail ? 'numeric' : 'text'}
          autocomplete="one-time-code"
          pattern={isMail ? CODE : CODE_OR_RECOVERY}
          required
          autofocus
        />
      </label>
      {isMail ? <WhereToLook email={source.email} /> : <p class="hint">Or a recovery code.</p>}
      <p class="error" role="alert">
        {error.value}
      </p>
      <button type="submit" class="button primary large" disabled={isBusy.value}>
        {button}
      </button>
    </form>
  )
}

function WhereToLook({ email }: { readonly email: string }) {
  const isDemo = useApp().connection.isDemo.value
  return (
    <p class="hint">
      Six digits, sent to {email}, good for ten minutes.
      {isDemo && (
        <>
          {' This is a demo: no mail leaves it, '}
          <a href={`/v1/mailbox?to=${encodeURIComponent(email)}`} target="_blank" rel="noreferrer">
            its mailbox
          </a>
          {' has the letter.'}
        </>
      )}
    </p>
  )
}
