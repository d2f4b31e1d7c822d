// Bot form: deploys a bot, or gives one its next version.
//
// First the text, then the fields that the text itself asks for. The button says what will happen;
// what is refused stands beside its field and takes the focus there.

import { useRef } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import { BudgetField, LimitsPart, VenuesField } from './bot-form-parts.tsx'
import { FormField } from './form-field.tsx'
import { Modal } from './modal.tsx'
import { MarketsList, ParamField } from './param-field.tsx'
import { SourceField } from './source-field.tsx'

export function BotForm() {
  const { botForm, dialog } = useApp()
  const bot = botForm.updating.value
  const form = useRef<HTMLFormElement>(null)
  const submit = async (): Promise<void> => {
    if (!botForm.isDescribed.peek()) await botForm.check()
    else if (await botForm.send()) dialog.value = 'none'
    requestAnimationFrame(() => {
      form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
    })
  }
  return (
    <Modal title={bot === null ? 'Deploy a bot' : `Update ${bot.id}`} isWide>
      <form
        ref={form}
        class="bot-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <SourceField />
        {botForm.described.value !== null && <Fields isNew={bot === null} />}
        <p class="error" role="alert">
          {botForm.errors.value.get('form') ?? ''}
        </p>
        <Send />
      </form>
    </Modal>
  )
}

function Fields({ isNew }: { readonly isNew: boolean }) {
  const { botForm } = useApp()
  const of = botForm.described.value?.of
  if (of === undefined) return null
  return (
    <div class={botForm.isDescribed.value ? 'bot-fields' : 'bot-fields old'}>
      <fieldset>
        <legend>Parameters of {of.name}</legend>
        {of.params.length === 0 && <p class="hint">It has none.</p>}
        <div class="form-grid">
          {of.params.map((param) => (
            <ParamField key={param.name} param={param} />
          ))}
        </div>
        <MarketsList />
      </fieldset>
      {isNew && <NewBot />}
      <LimitsPart />
      {of.venues.length > 1 && <VenuesField all={of.venues} />}
    </div>
  )
}

function NewBot() {
  const { botForm } = useApp()
  return (
    <fieldset>
      <legend>Name and money</legend>
      <div class="form-grid">
        <FormField label="Name" error={botForm.errors.value.get('id')}>
          {(ids) => (
            <input
              class="field"
              {...ids}
              autocomplete="off"
              spellcheck={false}
              value={botForm.id.value}
              onInput={(event) => botForm.setId(event.currentTarget.value)}
            />
          )}
        </FormField>
        <BudgetField />
      </div>
    </fieldset>
  )
}

function Send() {
  const { botForm } = useApp()
  const bot = botForm.updating.value
  const busy = botForm.busy.value
  const isReady = botForm.isDescribed.value
  const budget = botForm.budget.value.filter(({ amount }) => amount !== '')
  const money = budget.map(({ asset, amount }) => ` with ${amount} ${asset}`).join(' and')
  const next = (bot?.version.number ?? 0) + 1
  const effect =
    bot === null
      ? `It gets an account of its own${money}, taken from yours, and starts.`
      : `Version ${next} starts at once from the saved state; open orders are cancelled first.`
  const words = bot === null ? `Deploy ${botForm.id.value}` : `Start version ${next} of ${bot.id}`
  return (
    <div class="bot-send">
      {isReady && <p class="hint">{effect}</p>}
      {isReady && (
        <button type="submit" class="button primary large" disabled={busy !== 'no'}>
          {busy === 'sending' ? 'Checking and starting …' : words}
        </button>
      )}
    </div>
  )
}
