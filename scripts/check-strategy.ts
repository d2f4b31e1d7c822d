// crossbook check FILE.ts [--params JSON]: shows what is wrong before anything starts.
//
// Types first, with the project's own compiler and the types of 'crossbook/strategy' wherever the
// file lies; then the file is loaded, its parameters are read and its set-up is run once against
// markets that say nothing. Answers 0 when all of it holds.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { rehearse } from '#bots/backtest/rehearse.ts'
import { StartError } from '#kernel/start-error.ts'
import '#scripts/strategy-imports.ts'

const ROOT = resolve(import.meta.dirname, '..')

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
  const wrong = wrongTypes(path)
  if (wrong !== undefined) throw new StartError(wrong)
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

/** What the compiler says of this file alone; undefined when nothing. */
function wrongTypes(path: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-check-'))
  const config = join(folder, 'tsconfig.json')
  const compilerOptions = {
    paths: {
      'crossbook/strategy': [join(ROOT, 'bots/strategy.ts')],
      'crossbook/testing': [join(ROOT, 'bots/backtest/test-strategy.ts')],
    },
    typeRoots: [join(ROOT, 'node_modules/@types')],
    types: ['node'],
  }
  const base = join(ROOT, 'bots/new/tsconfig.json')
  writeFileSync(config, JSON.stringify({ extends: base, compilerOptions, files: [path] }))
  try {
    execFileSync(
      process.execPath,
      [join(ROOT, 'node_modules/typescript-7/bin/tsc'), '-p', config],
      {
        encoding: 'utf8',
      },
    )
    return undefined
  } catch (error) {
    const { stdout } = error as { stdout?: string } // What execFileSync adds to its error.
    return stdout?.trim() ?? String(error)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
