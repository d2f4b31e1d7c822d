// Option values: texts of a command line as numbers and amounts; what does not fit is a StartError.

import { type ParseArgsConfig, parseArgs } from 'node:util'
import { parseUnits } from 'ethers'
import { StartError } from '#kernel/start-error.ts'

export type Values = Readonly<Record<string, string | boolean | undefined>>

/** What was given; nothing, and the reason on the error output, where it is used wrongly. */
export function optionsOf(
  args: string[],
  options: NonNullable<ParseArgsConfig['options']>,
): { readonly values: Values; readonly positionals: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options })
    return { values: { ...values } as Values, positionals } // No option is given several times.
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return { values: {}, positionals: [] }
  }
}

export function given(values: Values, option: string, otherwise?: string): string {
  const value = values[option] ?? otherwise
  if (typeof value === 'string') return value
  throw new StartError(`--${option} is missing; --help shows an example`)
}

export function whole(values: Values, option: string, otherwise?: string): number {
  const value = given(values, option, otherwise)
  if (/^[1-9][0-9]{0,8}$/.test(value)) return Number(value)
  throw new StartError(`--${option} must be a whole number from 1, not '${value}'`)
}

export function decimal(value: string): number {
  if (/^-?[0-9]{1,6}([.][0-9]{1,6})?$/.test(value)) return Number(value)
  throw new StartError(`'${value}' is no decimal number`)
}

/** Whole coins as text to the smallest unit. */
export function unitsOf(value: string, decimals: number): bigint {
  const isDecimal = /^[0-9]{1,15}([.][0-9]+)?$/.test(value)
  const places = value.split('.')[1] ?? ''
  if (isDecimal && places.length <= decimals) return parseUnits(value, decimals)
  throw new StartError(`'${value}' is no amount with at most ${decimals} decimals`)
}
