// Factor part: turns the authenticator on and off.
//
// Its secret and the recovery codes are shown once, kept in this part's memory alone and gone when
// it closes. Every change takes the password again.

import { type Signal, useSignal } from '@preact/signals'
import { useApp } from '../app-context.ts'
import { outcomeText } from '../model/outcome-text.ts'
import { CodeForm } from './code-form.tsx'

type Begun = { readonly secret: string; readonly uri: string }

export function FactorPart() {
  const { client, session } = useApp()
  const begun = useSignal<Begun | null>(null)
  const recoveryCodes = useSignal<readonly string[]>([])
  const isOn = session.user.value?.secondFactor === true
  const confirm = async (code: string) => {
    const outcome = await client.confirmFactor(code)
    if (outcome.kind === 'done') recoveryCodes.value = outcome.value.recoveryCodes
    return outcome
  }
  return (
    <section>
      <h3>Second factor</h3>
      {recoveryCodes.value.length > 0 && <RecoveryCodes codes={recoveryCodes.value} />}
      {isOn && <TurnOff />}
      {!isOn && begun.value === null && <TurnOn begun={begun} />}
      {!isOn && begun.value !== null && (
        <>
          <output class="secret">
            <p>Add this secret to your authenticator app; it is not shown again.</p>
            <code>{begun.value.secret}</code>
            <a href={begun.value.uri}>Open in an app on this device</a>
          </output>
          <CodeForm
            source={{ by: 'authenticator' }}
            button="Turn on"
            submit={confirm}
            onDone={() => void session.look()}
          />
        </>
      )}
    </section>
  )
}

function RecoveryCodes({ codes }: { readonly codes: readonly string[] }) {
  return (
    <output class="secret">
      <p>Keep these recovery codes now; each lets you in once without the app.</p>
      <code class="recovery">{codes.join('\n')}</code>
    </output>
  )
}

function TurnOn({ begun }: { readonly begun: Signal<Begun | null> }) {
  const { client } = useApp()
  const error = useSignal('')
  const begin = async (form: HTMLFormElement): Promise<void> => {
    const outcome = await client.beginFactor(String(new FormData(form).get('password')))
    if (outcome.kind === 'done') begun.value = outcome.value
    else error.value = outcomeText(outcome)
  }
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void begin(event.currentTarget)
      }}
    >
      <p class="hint">Off. A code of an app on your phone will be asked for at every sign-in.</p>
      <PasswordField />
      <p class="error" role="alert">
        {error.value}
      </p>
      <button type="submit" class="button">
        Set up
      </button>
    </form>
  )
}

function TurnOff() {
  const { client, session } = useApp()
  const error = useSignal('')
  const remove = async (form: HTMLFormElement): Promise<void> => {
    const fields = new FormData(form)
    const proof = { password: String(fields.get('password')), code: String(fields.get('code')) }
    const outcome = await client.removeFactor(proof)
    if (outcome.kind === 'done') await session.look()
    else error.value = outcomeText(outcome)
  }
  return (
    <details>
      <summary>
        <span class="up">On.</span> Turn it off
      </summary>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void remove(event.currentTarget)
        }}
      >
        <PasswordField />
        <label>
          Code
          <input class="field" name="code" autocomplete="one-time-code" required />
        </label>
        <p class="error" role="alert">
          {error.value}
        </p>
        <button type="submit" class="button">
          Turn off
        </button>
      </form>
    </details>
  )
}

function PasswordField() {
  return (
    <label>
      Your password
      <input
        class="field"
        name="password"
        type="password"
        autocomplete="current-password"
        required
      />
    </label>
  )
}
