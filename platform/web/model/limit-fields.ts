// Limit fields: the envelope of a bot as fields of a form, in the words of people.
//
// They are checked outside of the strategy before an order leaves; zero is allowed and forbids.

import type { Description } from '#client/shapes.ts'
import type { Written } from './param-fields.ts'

export type Limits = Description['limits']

type LimitField = {
  readonly name: Exclude<keyof Limits, 'flatten'>
  readonly label: string
  readonly unit: string
}

export const LIMIT_FIELDS: readonly LimitField[] = [
  { name: 'orderNotional', label: 'One order', unit: 'USDC' },
  { name: 'openNotional', label: 'All open orders', unit: 'USDC' },
  { name: 'position', label: 'Position in a market', unit: 'USDC' },
  { name: 'ordersPerSecond', label: 'Orders', unit: 'a second' },
  { name: 'priceBps', label: 'Price, worse than the market', unit: 'bps' },
  { name: 'dataAgeMs', label: 'Age of the market data', unit: 'ms' },
  { name: 'dailyLoss', label: 'Loss of a day, then halt', unit: 'USDC' },
  { name: 'drawdown', label: 'Drawdown, then halt', unit: 'USDC' },
]

export function writtenLimits(limits: Limits): ReadonlyMap<string, Written> {
  return new Map(Object.entries(limits).map(([name, value]) => [name, writtenLimit(value)]))
}

/** Those that differ from what is there; a number that is none is named in `wrong`. */
export function readLimits(
  written: ReadonlyMap<string, Written>,
  before: Limits,
): { readonly changed: Partial<Limits>; readonly wrong: readonly string[] } {
  const wrong: string[] = []
  const changed = LIMIT_FIELDS.flatMap(({ name }) => {
    const text = String(written.get(name) ?? '').replaceAll(',', '')
    const value = Number(text)
    if (text.trim() === '' || !Number.isFinite(value) || value < 0) wrong.push(name)
    return value === before[name] ? [] : [[name, value] as const]
  })
  const flatten = written.get('flatten') === true
  const all = flatten === before.flatten ? changed : [...changed, ['flatten', flatten] as const]
  return { changed: Object.fromEntries(all), wrong }
}

function writtenLimit(value: number | boolean): Written {
  return typeof value === 'boolean' ? value : String(value)
}
