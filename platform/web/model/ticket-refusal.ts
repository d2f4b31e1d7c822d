// Ticket refusal: at which field of a kind a refusal is shown, and with which words.
//
// A refusal is always seen: one about a field that the kind does not have stands at the field that
// it has instead (a stop has no price but a trigger), and else above the button, as the form's.

import type { Refusal } from '#client/outcome.ts'
import { KIND_FIELDS, type Kind } from './ticket-kinds.ts'
import type { Field, FieldError } from './ticket-state.ts'

/** Of each the first that a kind has. */
const FIELDS_OF: Partial<Record<string, readonly Field[]>> = {
  'order.price_off_tick': ['price', 'trigger', 'trail'],
  'order.price_out_of_band': ['price', 'trigger', 'trail'],
  'order.would_trigger': ['trigger', 'trail'],
  'order.no_reference': ['trail'],
  'order.post_only_would_take': ['price'],
  'order.size_off_lot': ['size'],
  'order.notional_too_small': ['size'],
  'order.too_large': ['size'],
  'funds.insufficient': ['size'],
}

/** What every kind has. */
const OF_ALL: readonly Field[] = ['size', 'total']

type Refused = Pick<Refusal, 'code' | 'message' | 'details'>

/** A malformed order says itself what is wrong with it, and where. */
export function fieldErrorOf(kind: Kind, { code, message, details }: Refused): FieldError {
  const why = code === 'request.malformed' ? details?.['why'] : undefined
  const fields = FIELDS_OF[code] ?? fieldsAt(details?.['where'])
  const field = fields.find((one) => OF_ALL.includes(one) || isOf(kind, one)) ?? 'form'
  return { field, code, text: why === undefined ? message : String(why) }
}

function isOf({ fields }: Kind, field: Field): boolean {
  return fields.some((one) => one === field)
}

/** The fields of the page that are a field of the body. */
function fieldsAt(where: string | number | undefined): readonly Field[] {
  const name = String(where ?? '')
    .split('/')
    .at(-1)
  if (name === 'size') return ['size']
  return name === 'quoteAmount' ? ['total'] : kindFieldsAt(name)
}

function kindFieldsAt(name: string | undefined): readonly Field[] {
  const known = Object.keys(KIND_FIELDS) as (keyof typeof KIND_FIELDS)[] // It forgets the keys.
  return known.filter((field) => KIND_FIELDS[field].api === name)
}
