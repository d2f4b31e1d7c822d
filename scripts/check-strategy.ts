// crossbook check FILE.ts [--params JSON]: shows what is wrong before anything starts.
//
// Types first, with the project's own compiler and the types of 'crossbook/strategy' wherever the
// file lies; then the file is loaded, its parameters are read and its set-up is run once against
// markets that say nothing. Answers 0 when all of it holds.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { rehearse } from '#bots/backtest/rehearse.ts'
import { StartError } from '#kernel/start-error.ts'
import { typeErrors } from '#scripts/strategy-types.ts'
import '#scripts/strategy-imports.ts'

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    ...{ args, allowPositionals: true },
    options: { params: { type: 'string', default: '{}' }, json: { type: 'boolean' } },
  })
  const [given] = positionals
  if (given === undefined) {
    console.error('usage: crossbook check FILE.ts [--params JSON]')
    return 2
  }
  const path = resolve(given)
  if (!existsSync(path)) throw new StartError(`${path} is not there`)
  const wrong = await typeErrors(path)
  if (wrong.length > 0) throw new StartError(wrong.join('\n'))
  const { name, markets } = await rehearsed(path, paramsOf(values.params))
  if (values.json) console.log(JSON.stringify({ name, markets }))
  else console.log(`${name}: types, parameters and set-up hold; markets: ${markets.join(', ')}`)
  return 0
}

function paramsOf(text: string): Record<string, unknown> {
  try {
    const params: unknown = JSON.parse(text)
    if (typeof params === 'object' && params !== null) return { ...params }
  } catch {
    // Said below.
  }
  throw new StartError(`--params ${text} is no JSON object`)
}

async function rehearsed(path: string, params: Record<string, unknown>) {
  try {
    const loaded: { default?: unknown } = await import(pathToFileURL(path).href)
    return rehearse(loaded.default, params)
  } catch (error) {
    throw new StartError(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
