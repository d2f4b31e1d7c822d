// Strategy types: what the project's own compiler says of one strategy file, wherever it lies.
//
// It is a process of its own that is ended when it takes too long, so that a file with types that
// never end harms nobody.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')
const TSC = join(ROOT, 'node_modules/typescript-7/bin/tsc')
const LIMITS = { timeout: 60_000, killSignal: 'SIGKILL', maxBuffer: 1_048_576 } as const

/** One line an error; none when its types hold. */
export async function typeErrors(path: string): Promise<readonly string[]> {
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
    return await compile(config)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function compile(config: string): Promise<readonly string[]> {
  return new Promise((done) => {
    execFile(process.execPath, [TSC, '-p', config], LIMITS, (error, stdout) => {
      if (error === null) done([])
      else if (error.killed === true) done(['the compiler did not come to an end'])
      else done(stdout.trim() === '' ? [error.message] : stdout.trim().split('\n'))
    })
  })
}
