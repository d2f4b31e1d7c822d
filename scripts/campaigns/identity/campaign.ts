// campaign -- identity: races of refresh tokens, attacks on API keys, guesses of codes.
//
//   --schedules N   schedules of concurrent refreshes (10,000)
//   --attacks N     replays, skews and mutations of signed requests (50,000)
//   --guesses N     guesses of a second factor, many at once (100,000)
//   --seed N        repeats what was chosen

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createDatabase } from '#database/connection.ts'
import type { Campaign } from '../result.ts'
import { guessCodes } from './code-guesses.ts'
import { attackKeys } from './key-attacks.ts'
import { raceRefreshes } from './refresh-races.ts'

const COUNT = /^[1-9][0-9]{0,8}$/
const USAGE = 'usage: campaign -- identity [--schedules N] [--attacks N] [--guesses N] [--seed N]'

export const campaign: Campaign = async (args) => {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    ...{ args: [...args], strict: false },
    options: { schedules: text, attacks: text, guesses: text, seed: text },
  })
  const { schedules = '10000', attacks = '50000', guesses = '100000', seed = '1' } = values
  const counts = [schedules, attacks, guesses, seed].map(String)
  if (!counts.every((count) => COUNT.test(count))) {
    process.stderr.write(`${USAGE}\n`)
    return null
  }
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-identity-'))
  chmodSync(folder, 0o711)
  const database = await createDatabase({ dataFolder: folder })
  try {
    const seeded = { seed: Number(seed) }
    const parts = {
      races: await raceRefreshes({ database, schedules: Number(schedules), ...seeded }),
      keys: await attackKeys({ cases: Number(attacks), ...seeded }),
      codes: await guessCodes({ database, guesses: Number(guesses) }),
    }
    const all = Object.entries(parts)
    const reached = all.flatMap(([part, one]) =>
      Object.entries(one.reached).map(([what, count]) => [`${part}: ${what}`, count] as const),
    )
    return {
      campaign: 'identity',
      cases: all.reduce((sum, [, one]) => sum + one.cases, 0),
      violations: all.reduce((sum, [, one]) => sum + one.violations, 0),
      reached: Object.fromEntries(reached),
      extra: Object.fromEntries(all.map(([part, one]) => [part, one.cases])),
      ...seeded,
    }
  } finally {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
