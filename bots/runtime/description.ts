// Description: what a strategy can be told, as it says itself, for a form or a search.
//
// Made in the strategy's process and read outside of it, where it is trusted with nothing: every
// field is looked at, and what does not fit is no description at all.

import type { ParamTable } from '../params.ts'

export type DescribedParam = {
  readonly name: string
  readonly kind: string
  readonly initial: Plain | readonly Plain[]
  readonly min?: number
  readonly max?: number
  readonly choices?: readonly string[]
}

export type Description = { readonly name: string; readonly params: readonly DescribedParam[] }

type Plain = string | number | boolean
type Loaded = { readonly default?: unknown }

const PARAMS_MAX = 64
const ITEMS_MAX = 64
const TEXT_MAX = 1_000
const NAME = /^[\w .-]{1,64}$/
const PARAM_NAME = /^\w{1,64}$/
const KIND = /^[a-z]{1,16}$/

/** In the strategy's process; throws when the file exports no strategy. */
export function describe({ default: strategy }: Loaded): Record<string, unknown> {
  if (!isRecord(strategy) || !isRecord(strategy.params)) {
    throw new Error('export default defineStrategy({ ... }) is missing')
  }
  // defineStrategy made it; what it is really is looked at where it is read.
  const params = Object.entries(strategy.params as ParamTable).map(
    ([name, { kind, initial, min, max, choices }]) => ({ name, kind, initial, min, max, choices }),
  )
  return { name: strategy.name, params }
}

/** Outside; undefined when it is not one. */
export function readDescription(figures: unknown): Description | undefined {
  if (!isRecord(figures) || !Array.isArray(figures.params)) return undefined
  const { name, params } = figures
  if (!isText(name) || !NAME.test(name) || params.length > PARAMS_MAX) return undefined
  return params.every(isParam) ? { name, params } : undefined
}

function isParam(value: unknown): value is DescribedParam {
  if (!isRecord(value)) return false
  const { name, kind, initial, min, max, choices = [] } = value
  return (
    [name, kind].every(isText) &&
    PARAM_NAME.test(String(name)) &&
    KIND.test(String(kind)) &&
    isInitial(initial) &&
    [min, max].every((bound) => bound === undefined || Number.isFinite(bound)) &&
    isList(choices) &&
    choices.every(isText)
  )
}

function isInitial(value: unknown): boolean {
  return isPlain(value) || (isList(value) && value.every(isPlain))
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= ITEMS_MAX
}

function isPlain(value: unknown): boolean {
  return isText(value) || Number.isFinite(value) || typeof value === 'boolean'
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= TEXT_MAX
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
