// The production profile: the exchange without customers, chain, bots and faucet of ours.
//
// Assets and markets are whatever the journal holds. A data folder that has been a demo is refused:
// its secrets were made for playing, and its money out of nothing.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { refuse } from '#kernel/result.ts'
import { StartError } from '#kernel/start-error.ts'
import type { Demo } from './demo.ts'

/** Throws StartError when the folder holds demo secrets. */
export function withoutDemo(dataFolder: string): Demo {
  const secrets = join(dataFolder, 'demo.json')
  if (existsSync(secrets)) {
    throw new StartError(
      `${secrets} is a demo's: set CROSSBOOK_DATA to a folder of its own for production`,
    )
  }
  const gone = async () => refuse('not_found')
  return {
    serve: {
      fleet: { list: () => [], pause: gone, resume: gone },
      chainFacts: { token: () => undefined, pools: () => [] },
      chainHealth: () => 'none',
      chainBlock: () => 0,
      faucet: null,
      more: [],
    },
    prices: () => [],
    begin: async () => {},
    second: () => 'production',
    finish: () => Promise.reject(new StartError('--headless measures the demo profile only')),
    close: async () => {},
  }
}
