// kill9: kills core and PostgreSQL under load, again and again, and holds every answer up to them.
//
// npm run campaign -- kill9 [--cycles N] [--seed N] [--whole]
// F1, F11, F13: no acknowledged order lost, no fill twice, the same answer to the same id, exactly
// one outcome for what got no answer, views that catch up. kill -9 proves nothing about a loss of
// power: the page cache survives.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { CampaignResult } from '../result.ts'
import { createRun } from './cycle.ts'
import { killWhole } from './whole.ts'

const PROGRESS_EVERY = 10

export async function campaign(args: readonly string[]): Promise<CampaignResult | null> {
  const options = parseOptions(args)
  if (options === null) {
    process.stderr.write('options of kill9: --cycles N, --seed N, --whole\n')
    return null
  }
  return options.whole ? killPlatform(options) : killCore(options)
}

export type KillOptions = { readonly cycles: number; readonly seed: number }

/** Kills core and PostgreSQL so many times. */
export async function killCore({ cycles, seed }: KillOptions): Promise<CampaignResult> {
  const folder = newFolder()
  const run = await createRun(folder, seed)
  try {
    for (let cycle = 1; cycle <= cycles; cycle += 1) {
      await run.cycle()
      if (cycle % PROGRESS_EVERY === 0) process.stderr.write(`${run.progress()}\n`)
    }
    await run.finish()
  } catch (error) {
    run.violated(error instanceof Error ? error.message : String(error))
  } finally {
    await run.end()
    rmSync(folder, { recursive: true, force: true })
  }
  return { campaign: 'kill9', cases: cycles, seed, ...run.result() }
}

/** The same with chain, wallet and bots. */
export async function killPlatform({ cycles, seed }: KillOptions): Promise<CampaignResult> {
  const folder = newFolder()
  try {
    return await killWhole({ folder, cycles, seed })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-kill9-'))
  chmodSync(folder, 0o711)
  return folder
}

function parseOptions(args: readonly string[]) {
  const number = { type: 'string' } as const
  const options = { cycles: number, seed: number, whole: { type: 'boolean' } } as const
  try {
    const { values } = parseArgs({ args: [...args], options })
    const cycles = Number(values.cycles ?? (values.whole === true ? 5 : 200))
    const seed = Number(values.seed ?? 1)
    const fits = Number.isSafeInteger(cycles) && cycles > 0 && Number.isSafeInteger(seed)
    return fits ? { cycles, seed, whole: values.whole === true } : null
  } catch {
    return null
  }
}
