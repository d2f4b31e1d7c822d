// Bot errors: the refusal of a deployment, line by line beside the field that each is about.
//
// The platform says what is wrong with a strategy in words of a compiler, of the strategy itself
// and of its set-up; here is read which field they mean. What nobody can place stands at the end.

import type { Refusal } from '#client/outcome.ts'
import type { Param, Written } from './param-fields.ts'

/** 'id', 'source', 'budget', 'venues', 'form', 'param NAME' or 'limit NAME'. */
export type FormErrors = ReadonlyMap<string, string>

/** A line of a compiler: where in the text, and what. */
export type SourceError = { readonly line: number; readonly column: number; readonly text: string }

const COMPILER = /^strategy\.ts\((\d+),(\d+)\): (?:error )?(.*)$/
const PARAM = /parameter (\w+) does not fit/
const NO_MARKET = /no market (?:[a-z0-9-]+:)?([A-Z0-9-]+)/
const BODY = /^body\/(\w+)(?:\/(\w+))?/

const FIELD_OF: Readonly<Record<string, string>> = {
  'funds.insufficient': 'budget',
  'asset.unknown': 'budget',
  'bot.venue_unknown': 'venues',
}
const TAKEN = 'This name is taken: every bot has its own, stopped ones, too.'

export type Form = {
  readonly params: readonly Param[]
  readonly written: ReadonlyMap<string, Written>
}

export function errorsOf(refusal: Refusal, form: Form): FormErrors {
  const { code, message, details = {} } = refusal
  if (code === 'bot.strategy_invalid') {
    const lines = Object.values(details).map(String)
    if (lines.length === 0) return new Map([['source', message]])
    return gathered(lines.map((line) => placedLine(line, form)))
  }
  if (code === 'idempotency.mismatch') return new Map([['id', TAKEN]])
  if (code === 'request.malformed') {
    const [, part = '', rest = ''] = BODY.exec(String(details['where'])) ?? []
    const why = `Not as it must be: ${details['why'] ?? message}.`
    return new Map([[fieldOfBody(part, rest), why]])
  }
  return new Map([[FIELD_OF[code] ?? 'form', `${message} (${code})`]])
}

/** Where a compiler's line points; undefined for every other line. */
export function sourceErrorOf(text: string): SourceError | undefined {
  const [, line, column, what = ''] = COMPILER.exec(text) ?? []
  if (line === undefined) return undefined
  return { line: Number(line), column: Number(column), text: what }
}

/** Beside a field nobody needs the place in the text. */
function placedLine(line: string, form: Form): readonly [string, string] {
  const field = fieldOfLine(line, form)
  return [field, field === 'source' ? line : (sourceErrorOf(line)?.text ?? line)]
}

function fieldOfLine(line: string, { params, written }: Form): string {
  const [, name] = PARAM.exec(line) ?? []
  if (name !== undefined && params.some((param) => param.name === name)) return `param ${name}`
  const [, symbol] = NO_MARKET.exec(line) ?? []
  const named = params.find(({ name: one }) => {
    return symbol !== undefined && String(written.get(one) ?? '').includes(symbol)
  })
  return named === undefined ? 'source' : `param ${named.name}`
}

function fieldOfBody(part: string, rest: string): string {
  if (part === 'params') return rest === '' ? 'form' : `param ${rest}`
  if (part === 'limits') return rest === '' ? 'form' : `limit ${rest}`
  return ['id', 'source', 'budget', 'venues'].includes(part) ? part : 'form'
}

function gathered(lines: readonly (readonly [string, string])[]): FormErrors {
  const errors = new Map<string, string>()
  for (const [field, line] of lines) {
    const before = errors.get(field)
    errors.set(field, before === undefined ? line : `${before}\n${line}`)
  }
  return errors
}
