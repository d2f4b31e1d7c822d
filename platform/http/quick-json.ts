// Quick JSON: the value of a plain message of a known schema, read and checked in one pass.
//
// It takes ASCII without escapes, whole numbers without a sign, and each field once, or declines:
// then readJsonBody and the check of the schema decide, which alone say what is right. What it
// answers is what they would have let through, byte for byte; a property holds it to that. Orders
// are nearly all that we are sent, and those two are most of what an order costs before it is one.

import type { Static, TSchema } from 'typebox'
import { type Field, type Plan, planOf } from './quick-plan.ts'

type Input = {
  readonly bytes: Uint8Array
  /** The same: texts are cut out of it. */
  readonly text: string
  at: number
}

const DECLINED = Symbol('declined')
/** Of a safe integer; what passes 2^53 passes its bound, however it is rounded. */
const DIGITS_MAX = 16

const [TAB, NEWLINE, RETURN, SPACE, QUOTE, COMMA] = [9, 10, 13, 32, 34, 44] as const
const [ZERO, NINE, COLON, LETTER_F, LETTER_T] = [48, 57, 58, 102, 116] as const
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [91, 93, 123, 125] as const

/** Reads what the first of some closed schemas lets through; undefined for what it declines. */
export function quickReader<S extends TSchema>(
  schemas: readonly S[],
): (bytes: Buffer) => Static<S> | undefined {
  const plans = schemas.map(planOf)
  return (bytes) => {
    const input: Input = { bytes, text: bytes.toString('latin1'), at: 0 }
    for (const plan of plans) {
      input.at = 0
      skipSpace(input)
      const value = readValue(input, plan)
      if (value === DECLINED) continue
      skipSpace(input)
      if (input.at === bytes.length) return value as Static<S> // Of its plan.
    }
    return undefined
  }
}

function readValue(input: Input, plan: Plan): unknown {
  switch (plan.kind) {
    case 'text':
      return readText(input, plan)
    case 'word':
      return readWord(input, plan)
    case 'whole':
      return readWhole(input, plan)
    case 'flag':
      return readFlag(input)
    case 'list':
      return readList(input, plan)
    case 'record':
      return readRecord(input, plan)
  }
}

function readText(input: Input, { allowed, min, max }: Plan): unknown {
  const { bytes } = input
  if (bytes[input.at] !== QUOTE) return DECLINED
  const from = input.at + 1
  let at = from
  while (allowed[bytes[at] ?? 0] === 1) at += 1
  if (bytes[at] !== QUOTE || at - from < min || at - from > max) return DECLINED
  input.at = at + 1
  return input.text.slice(from, at)
}

function readWord(input: Input, { words }: Plan): unknown {
  const { bytes } = input
  if (bytes[input.at] !== QUOTE) return DECLINED
  const from = input.at + 1
  for (const word of words) {
    if (!isAt(bytes, from, word.bytes)) continue
    input.at = from + word.bytes.length
    return word.text
  }
  return DECLINED
}

function readWhole(input: Input, { min, max }: Plan): unknown {
  const { bytes } = input
  const from = input.at
  let at = from
  let value = 0
  for (let digit = bytes[at] ?? 0; digit >= ZERO && digit <= NINE; digit = bytes[at] ?? 0) {
    value = value * 10 + (digit - ZERO)
    at += 1
  }
  const digits = at - from
  if (digits === 0 || digits > DIGITS_MAX || (digits > 1 && bytes[from] === ZERO)) return DECLINED
  if (value < min || value > max) return DECLINED
  input.at = at
  return value
}

const TRUE = new Uint8Array(Buffer.from('true'))
const FALSE = new Uint8Array(Buffer.from('false'))

function readFlag(input: Input): unknown {
  const { bytes, at } = input
  if (bytes[at] === LETTER_T && isAt(bytes, at, TRUE)) {
    input.at = at + TRUE.length
    return true
  }
  if (bytes[at] === LETTER_F && isAt(bytes, at, FALSE)) {
    input.at = at + FALSE.length
    return false
  }
  return DECLINED
}

function readList(input: Input, { item, min, max }: Plan): unknown {
  const { bytes } = input
  if (bytes[input.at] !== OPEN_BRACKET || item === null) return DECLINED
  const values: unknown[] = []
  do {
    next(input)
    const value = readValue(input, item)
    if (value === DECLINED || values.length === max) return DECLINED
    values.push(value)
    skipSpace(input)
  } while (bytes[input.at] === COMMA)
  if (bytes[input.at] !== CLOSE_BRACKET || values.length < min) return DECLINED
  input.at += 1
  return values
}

function readRecord(input: Input, plan: Plan): unknown {
  const { bytes } = input
  if (bytes[input.at] !== OPEN_BRACE) return DECLINED
  const record: Record<string, unknown> = {}
  let given = 0
  let count = 0
  do {
    next(input)
    const field = readKey(input, plan, count)
    if (field === undefined || (given & field.bit) !== 0) return DECLINED
    const value = readValue(input, field.plan)
    if (value === DECLINED) return DECLINED
    field.put(record, value)
    given |= field.bit
    count += 1
    skipSpace(input)
  } while (bytes[input.at] === COMMA)
  const { required, min, max } = plan
  if (bytes[input.at] !== CLOSE_BRACE || (given & required) !== required) return DECLINED
  if (count < min || count > max) return DECLINED
  input.at += 1
  return record
}

/** The field that is named here; the input stands at its value then. */
function readKey(input: Input, { usual, fields }: Plan, nth: number): Field | undefined {
  const { bytes } = input
  if (bytes[input.at] !== QUOTE) return undefined
  const from = input.at + 1
  let field = usual[nth]
  if (field === undefined || !isAt(bytes, from, field.bytes)) {
    field = fields.get(input.text.slice(from, bytes.indexOf(QUOTE, from)))
    if (field === undefined) return undefined
    usual[nth] = field
  }
  input.at = from + field.bytes.length
  skipSpace(input)
  if (bytes[input.at] !== COLON) return undefined
  next(input)
  return field
}

function isAt(bytes: Uint8Array, from: number, word: Uint8Array): boolean {
  for (let at = 0; at < word.length; at += 1) if (bytes[from + at] !== word[at]) return false
  return true
}

/** Over a byte and the space behind it. */
function next(input: Input): void {
  input.at += 1
  skipSpace(input)
}

function skipSpace(input: Input): void {
  const { bytes } = input
  let { at } = input
  for (let byte = bytes[at] ?? 0; byte <= SPACE && isSpace(byte); byte = bytes[at] ?? 0) at += 1
  input.at = at
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === NEWLINE || byte === RETURN || byte === TAB
}
