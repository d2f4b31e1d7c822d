// Param fields: parameters of a strategy as fields of a form, and what was written as values again.
//
// A field has the bounds and the first value that the strategy describes; what does not fit is said
// beside it before anything is sent. A kind that this page does not know is a text, or a number.

import type { Description } from '#client/shapes.ts'
import { plain } from './numbers.ts'

export type Param = Description['params'][number]
export type ParamValue = Param['initial']
/** As it stands in the field. */
export type Written = string | boolean

export type ReadParam =
  | { readonly ok: true; readonly value: ParamValue }
  | { readonly ok: false; readonly why: string }

export type Control = 'number' | 'text' | 'market' | 'choice' | 'bool'

const MARKET = /^([a-z0-9-]+:)?[A-Z0-9-]{1,20}$/
const LIST_MAX = 64
const TEXT_MAX = 1_000

export function controlOf({ kind, initial }: Param): Control {
  if (kind === 'market' || kind === 'choice' || kind === 'bool') return kind
  if (typeof initial === 'boolean') return 'bool'
  return typeof initial === 'number' ? 'number' : 'text'
}

export function writtenOf(param: Param, value: unknown = param.initial): Written {
  if (typeof value === 'boolean') return value
  return Array.isArray(value) ? value.join(', ') : String(value)
}

/** Bounds and first value, for people. */
export function hintOf(param: Param): string {
  const { initial } = param
  const first = typeof initial === 'number' ? plain(String(initial)) : String(writtenOf(param))
  const bounds = boundsText(param)
  return bounds === '' ? `first ${first}` : `${bounds}, first ${first}`
}

export function readParam(param: Param, written: Written): ReadParam {
  if (typeof written === 'boolean') return { ok: true, value: written }
  const text = written.trim()
  if (Array.isArray(param.initial)) return readList(param, text)
  if (controlOf(param) === 'number') return readNumber(param, text)
  if (param.kind === 'market' && !MARKET.test(text)) return no('A market, as internal:BTC-USDC.')
  if (param.kind === 'choice' && !(param.choices ?? []).includes(text)) {
    return no(`One of ${(param.choices ?? []).join(', ')}.`)
  }
  return text.length > TEXT_MAX ? no(`At most ${TEXT_MAX} characters.`) : { ok: true, value: text }
}

function readNumber(param: Param, text: string): ReadParam {
  const value = Number(text.replaceAll(',', ''))
  const { kind, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = param
  const isWhole = kind === 'int'
  const fits = isWhole ? Number.isSafeInteger(value) : Number.isFinite(value)
  if (text !== '' && fits && value >= min && value <= max) return { ok: true, value }
  const bounds = boundsText(param)
  return no(`${isWhole ? 'A whole number' : 'A number'}${bounds === '' ? '' : ` from ${bounds}`}.`)
}

function readList(param: Param, text: string): ReadParam {
  const items = text.split(/[\s,]+/).filter((item) => item !== '')
  if (items.length > LIST_MAX) return no(`At most ${LIST_MAX} of them.`)
  if (param.kind !== 'numbers') {
    const wrong = items.find((item) => !MARKET.test(item))
    const isMarkets = param.kind === 'markets'
    return isMarkets && wrong !== undefined
      ? no(`${wrong} is no market.`)
      : { ok: true, value: items }
  }
  const values = items.map((item) => readNumber({ ...param, kind: 'number' }, item))
  const numbers = values.flatMap((one) => (one.ok ? [Number(one.value)] : []))
  if (numbers.length === items.length) return { ok: true, value: numbers }
  const bounds = boundsText(param)
  return no(`Numbers${bounds === '' ? '' : ` from ${bounds}`}, with commas between.`)
}

function boundsText({ min, max }: Param): string {
  if (min === undefined || max === undefined) return ''
  return `${plain(String(min))} to ${plain(String(max))}`
}

function no(why: string): ReadParam {
  return { ok: false, why }
}
