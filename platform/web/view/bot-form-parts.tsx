// Parts of the bot form: what money it may use, at which venues, and within which limits.
//
// Bounds are the platform's; what it refuses stands beside the field.

import { useApp } from '../app-context.ts'
import type { BudgetRow } from '../model/bot-form.ts'
import { LIMIT_FIELDS } from '../model/limit-fields.ts'
import { plain } from '../model/numbers.ts'
import { FormField } from './form-field.tsx'

/** As the platform bounds it. */
const BUDGET_ROWS_MAX = 8

export function BudgetField() {
  const { botForm } = useApp()
  const rows = botForm.budget.value
  const error = botForm.errors.value.get('budget')
  const change = (at: number, row: BudgetRow): void => {
    botForm.setBudget(rows.map((one, index) => (index === at ? row : one)))
  }
  return (
    <div class="budget">
      {rows.map((row, at) => (
        <BudgetLine key={at} {...{ row, error }} change={(next) => change(at, next)} />
      ))}
      {rows.length < BUDGET_ROWS_MAX && (
        <button
          type="button"
          class="link"
          onClick={() => botForm.setBudget([...rows, { asset: 'USDC', amount: '' }])}
        >
          Add another coin
        </button>
      )}
    </div>
  )
}

type LineProps = {
  readonly row: BudgetRow
  readonly error: string | undefined
  readonly change: (row: BudgetRow) => void
}

function BudgetLine({ row, error, change }: LineProps) {
  const { listing, portfolio } = useApp()
  const available = plain(portfolio.available(row.asset))
  return (
    <FormField label="Budget" hint={`You have ${available} ${row.asset}`} error={error}>
      {(ids) => (
        <span class="budget-line">
          <input
            class="field"
            {...ids}
            inputMode="decimal"
            autocomplete="off"
            value={row.amount}
            onInput={({ currentTarget: { value } }) =>
              change({ ...row, amount: value.replaceAll(',', '').trim() })
            }
          />
          <select
            class="field"
            aria-label="Coin of the budget"
            value={row.asset}
            onChange={(event) => change({ ...row, asset: event.currentTarget.value })}
          >
            {listing.assets.value.map(({ symbol }) => (
              <option key={symbol}>{symbol}</option>
            ))}
          </select>
        </span>
      )}
    </FormField>
  )
}

export function VenuesField({ all }: { readonly all: readonly string[] }) {
  const { botForm } = useApp()
  const error = botForm.errors.value.get('venues')
  return (
    <fieldset class="venues">
      <legend>Venues</legend>
      {all.map((name) => (
        <label class="check" key={name}>
          <input
            type="checkbox"
            checked={botForm.venues.value.includes(name)}
            onChange={(event) => botForm.setVenue(name, event.currentTarget.checked)}
          />
          {name}
        </label>
      ))}
      {error !== undefined && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}

/** Folded, because what is there is a start; open where something is wrong. */
export function LimitsPart() {
  const { botForm } = useApp()
  const { limits, errors } = botForm
  const isWrong = [...errors.value.keys()].some((field) => field.startsWith('limit '))
  return (
    <details class="limits" open={isWrong || undefined}>
      <summary>Limits, checked outside of the strategy before an order leaves</summary>
      <div class="form-grid">
        {LIMIT_FIELDS.map(({ name, label, unit }) => (
          <FormField
            key={name}
            label={`${label} (${unit})`}
            error={errors.value.get(`limit ${name}`)}
          >
            {(ids) => (
              <input
                class="field"
                {...ids}
                inputMode="decimal"
                autocomplete="off"
                value={String(limits.value.get(name) ?? '')}
                onInput={(event) => botForm.setLimit(name, event.currentTarget.value)}
              />
            )}
          </FormField>
        ))}
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={limits.value.get('flatten') === true}
          onChange={(event) => botForm.setLimit('flatten', event.currentTarget.checked)}
        />
        A halt closes its positions at the market
      </label>
    </details>
  )
}
