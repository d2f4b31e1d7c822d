// Quick plan: a closed schema laid out for quick-json.ts, which goes over the bytes once.
//
// Made of the schema itself, so that what a message may say is written down once. All plans are
// objects of one form, because the reader meets another kind at every turn. A schema with a rule
// that is not known here is a mistake of ours, found at the start: it would go unheeded. Each field
// has a line of code of its own, made at the start of its name in the schema: Node must allow that.

import type { TSchema } from 'typebox'
import { assert } from '#kernel/assert.ts'

export type Plan = {
  readonly kind: 'text' | 'word' | 'whole' | 'flag' | 'list' | 'record'
  /** Characters of a text, items of a list, fields of a record, or a number itself. */
  readonly min: number
  readonly max: number
  /** Of a text: 1 for each byte that may be in it. */
  readonly allowed: Uint8Array
  readonly words: readonly Word[]
  readonly item: Plan | null
  readonly fields: ReadonlyMap<string, Field>
  /** Bits of the fields that a record must have. */
  readonly required: number
  /** The n-th field of the last record: the records of a message nearly always go alike. */
  readonly usual: Field[]
}

/** A text, and its bytes with the quote that ends it. */
export type Word = { readonly text: string; readonly bytes: Uint8Array }
export type Field = Word & {
  readonly bit: number
  readonly plan: Plan
  /** Sets this field of a record. */
  readonly put: (record: Record<string, unknown>, value: unknown) => void
}

type Bounds = 'Length' | 'Items' | 'Properties'
type Rules = {
  readonly [rule in `min${Bounds}` | `max${Bounds}` | 'minimum' | 'maximum']?: number
} & {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly const?: string
  readonly pattern?: string
  readonly items?: Rules
  readonly properties?: Readonly<Record<string, Rules>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
  readonly examples?: unknown
}

const KNOWN: ReadonlySet<string> = new Set<keyof Rules>([
  ...(['type', 'enum', 'const', 'pattern', 'minLength', 'maxLength', 'minimum'] as const),
  ...(['maximum', 'items', 'minItems', 'maxItems', 'properties', 'required'] as const),
  ...(['additionalProperties', 'minProperties', 'maxProperties', 'examples'] as const),
])
/** As many as have a bit. */
const FIELDS_MAX = 30
const BLANK: Omit<Plan, 'kind'> = {
  ...{ min: 0, max: Number.MAX_SAFE_INTEGER, allowed: new Uint8Array(0), words: [], item: null },
  ...{ fields: new Map(), required: 0, usual: [] },
}

/** The plan of a schema of strings, words, whole numbers, booleans, lists and closed objects. */
export function planOf(schema: TSchema): Plan {
  return planOfRules(schema)
}

function planOfRules(rules: Rules): Plan {
  for (const rule in rules) assert(KNOWN.has(rule), `${rule} is a rule that no quick plan knows`)
  if (rules.enum !== undefined) return wordPlan(rules.enum)
  if (rules.const !== undefined) return wordPlan([rules.const])
  if (rules.type === 'string') return textPlan(rules)
  if (rules.type === 'integer') return wholePlan(rules)
  if (rules.type === 'boolean') return { ...BLANK, kind: 'flag' }
  return rules.items === undefined ? recordPlan(rules) : listPlan(rules, rules.items)
}

function wordPlan(words: readonly string[]): Plan {
  return { ...BLANK, kind: 'word', words: words.map(wordOf) }
}

function wordOf(text: string): Word {
  assert(ALL_PLAIN.test(text), `${text} is no plain word`)
  return { text, bytes: new Uint8Array(Buffer.from(`${text}"`)) }
}

/** What stands for itself between the quotes of a JSON text. */
const PLAIN = '[ !#-\\[\\]-~]'
const ALL_PLAIN = new RegExp(`^${PLAIN}+$`)
/** The one kind of pattern that is known: so many of these characters. */
const PATTERN = /^\^(\[[^\]]*\])\{(\d+),(\d+)\}\$$/

function textPlan({ pattern, minLength = 0, maxLength }: Rules): Plan {
  assert(maxLength !== undefined, 'a text has a maxLength')
  if (pattern === undefined) {
    return { ...BLANK, kind: 'text', min: minLength, max: maxLength, allowed: bytesOf(PLAIN) }
  }
  const [, chars, least, most] = PATTERN.exec(pattern) ?? []
  assert(chars !== undefined, `${pattern} is a pattern that no quick plan knows`)
  const [min, max] = [Math.max(minLength, Number(least)), Math.min(maxLength, Number(most))]
  return { ...BLANK, kind: 'text', min, max, allowed: bytesOf(chars) }
}

/** Both of a set of characters and of those that are plain. */
function bytesOf(chars: string): Uint8Array {
  const [plain, those] = [new RegExp(PLAIN), new RegExp(chars)]
  return Uint8Array.from({ length: 256 }, (_, byte) => {
    const char = String.fromCharCode(byte)
    return plain.test(char) && those.test(char) ? 1 : 0
  })
}

function wholePlan({ minimum: min, maximum: max }: Rules): Plan {
  assert(min !== undefined && max !== undefined, 'a number is bounded')
  assert(Number.isSafeInteger(max), 'a number is a safe integer')
  return { ...BLANK, kind: 'whole', min, max }
}

function listPlan({ minItems: min = 0, maxItems: max }: Rules, items: Rules): Plan {
  assert(max !== undefined, 'a list has maxItems')
  return { ...BLANK, kind: 'list', min, max, item: planOfRules(items) }
}

function recordPlan(rules: Rules): Plan {
  const { properties = {}, required = [], minProperties: min = 0 } = rules
  const names = Object.keys(properties)
  const { additionalProperties, maxProperties: max = names.length } = rules
  assert(additionalProperties === false && names.length <= FIELDS_MAX, 'an object is closed')
  const all = Object.entries(properties).map(([name, field], at) => {
    return { ...wordOf(name), bit: 1 << at, plan: planOfRules(field), put: putter(name) }
  })
  const bits = all.filter(({ text }) => required.includes(text)).reduce((sum, f) => sum | f.bit, 0)
  const fields = new Map(all.map((field) => [field.text, field]))
  return { ...BLANK, kind: 'record', min, max, fields, required: bits, usual: [...all] }
}

/**
 * Code of its own for each field: where many set theirs in one place, each is looked for, which is
 * a third of what reading a message takes.
 */
function putter(name: string): Field['put'] {
  assert(/^[A-Za-z]+$/.test(name), `${name} is no plain name`)
  return new Function('record', 'value', `record.${name} = value`) as Field['put'] // As it says.
}
