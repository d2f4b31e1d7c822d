// Param field: one parameter of a strategy as the control that its kind asks for.
//
// What is written is kept as it was written; it is read when the form is sent.

import { useApp } from '../app-context.ts'
import { controlOf, hintOf, type Param } from '../model/param-fields.ts'
import { FormField } from './form-field.tsx'

export const MARKETS_LIST = 'bot-markets'

export function ParamField({ param }: { readonly param: Param }) {
  const { botForm } = useApp()
  const { name } = param
  const written = botForm.params.value.get(name) ?? ''
  const error = botForm.errors.value.get(`param ${name}`)
  const write = (text: string): void => botForm.setParam(name, text)
  const control = controlOf(param)
  if (control === 'bool') {
    return (
      <label class="check form-field">
        <input
          type="checkbox"
          checked={written === true}
          onChange={(event) => botForm.setParam(name, event.currentTarget.checked)}
        />
        {name}
      </label>
    )
  }
  return (
    <FormField label={name} hint={hintOf(param)} error={error}>
      {(ids) =>
        control === 'choice' ? (
          <select
            class="field"
            {...ids}
            value={String(written)}
            onChange={(event) => write(event.currentTarget.value)}
          >
            {(param.choices ?? []).map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        ) : (
          <input
            type="text"
            class="field"
            {...ids}
            autocomplete="off"
            spellcheck={false}
            {...(control === 'number' ? { inputMode: 'decimal' as const } : {})}
            {...(control === 'market' ? { list: MARKETS_LIST } : {})}
            value={String(written)}
            onInput={(event) => write(event.currentTarget.value)}
          />
        )
      }
    </FormField>
  )
}

/** What a field of a market proposes. */
export function MarketsList() {
  const { listing, botForm } = useApp()
  const venues = botForm.described.value?.of.venues ?? []
  const proposed = listing.markets.value.flatMap(({ symbol }) =>
    venues.map((venue) => `${venue}:${symbol}`),
  )
  return (
    <datalist id={MARKETS_LIST}>
      {proposed.map((reference) => (
        <option key={reference} value={reference} />
      ))}
    </datalist>
  )
}
