// Form field: a label, a control, a hint and what is wrong with it, tied together for every reader.

import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

export type FieldIds = {
  readonly id: string
  readonly 'aria-invalid': boolean
  readonly 'aria-describedby': string | undefined
}

type Props = {
  readonly label: string
  readonly hint?: string
  readonly error: string | undefined
  readonly children: (ids: FieldIds) => ComponentChildren
}

export function FormField({ label, hint, error, children }: Props) {
  const id = useId()
  const [hintId, errorId] = [`${id}-hint`, `${id}-error`]
  const described = [hint && hintId, error && errorId].filter(Boolean).join(' ')
  return (
    <div class={`form-field ${error === undefined ? '' : 'refused'}`}>
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-invalid': error !== undefined,
        'aria-describedby': described === '' ? undefined : described,
      })}
      {hint !== undefined && (
        <span class="hint" id={hintId}>
          {hint}
        </span>
      )}
      {error !== undefined && (
        <p class="error" id={errorId} role="alert">
          {error}
        </p>
      )}
    </div>
  )
}
