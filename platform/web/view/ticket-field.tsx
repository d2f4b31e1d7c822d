// A field of the ticket: name, number, unit, and the refusal that is about it.
//
// Arrow up and down move it by a tick or a lot; nothing is rounded that a person wrote.

import { useId } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import { decimalsOf } from '../model/numbers.ts'
import type { KindField } from '../model/ticket-kinds.ts'

type Props = {
  readonly field: KindField | 'size' | 'total'
  readonly name: string
  readonly unit: string
  readonly onWrite: (text: string) => void
  readonly id?: string
  /** What arrow up and down add and take. */
  readonly step?: string | undefined
  /** Instead of 0, for what may stay empty. */
  readonly placeholder?: string
}

export function TicketField({ field, name, unit, onWrite, id, step, placeholder = '0' }: Props) {
  const { ticket } = useApp()
  const made = useId()
  const inputId = id ?? made
  const error = ticket.error.value?.field === field ? ticket.error.value : null
  const errorId = `${inputId}-error`
  return (
    <div class={`ticket-field ${error === null ? '' : 'refused'}`}>
      <label for={inputId}>{name}</label>
      <input
        id={inputId}
        inputMode="decimal"
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder}
        value={ticket[field].value}
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : errorId}
        onInput={(event) => {
          if (error !== null) ticket.error.value = null
          onWrite(event.currentTarget.value.replaceAll(',', '').trim())
        }}
        onKeyDown={(event) => {
          const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key]
          if (step === undefined || direction === undefined) return
          event.preventDefault()
          onWrite(stepped(ticket[field].peek(), Number(step) * direction, decimalsOf(step)))
        }}
      />
      <span class="unit">{unit}</span>
      {error !== null && (
        <p class="error" id={errorId} role="alert">
          {error.text} <code>{error.code}</code>
        </p>
      )}
    </div>
  )
}

function stepped(text: string, by: number, digits: number): string {
  const next = Number(text) + by
  return Number.isFinite(next) && next > 0 ? next.toFixed(digits) : text
}
