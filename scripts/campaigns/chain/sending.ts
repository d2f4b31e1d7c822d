// Sending: reorganisations, nonces, drops and replacements, so many runs of each against anvil.
//
// The four differ in what happens most; a little of everything else happens in each. A seed repeats
// what is chosen; how it meets the sender is up to the machine.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom } from '../random.ts'
import type { PartTally } from './part-tally.ts'
import { startSendingChain } from './sending-chain.ts'
import { runSending, type SendingMix, type Wrong } from './sending-run.ts'

const MIXES = {
  reorgs: { faults: { sends: 5, reads: 2 }, mine: 35, reorg: 15, forget: 3, spike: 0, restart: 4 },
  nonces: {
    faults: { sends: 35, reads: 10 },
    mine: 40,
    reorg: 0,
    forget: 5,
    spike: 0,
    restart: 12,
  },
  drops: { faults: { sends: 15, reads: 5 }, mine: 20, reorg: 2, forget: 40, spike: 0, restart: 4 },
  replacements: {
    ...{ faults: { sends: 15, reads: 3 }, mine: 12, reorg: 0, forget: 3, spike: 20, restart: 4 },
  },
} as const satisfies Readonly<Record<string, SendingMix>>

export type SendingPart = keyof typeof MIXES
export const SENDING_PARTS = Object.keys(MIXES) as SendingPart[] // Its own keys.

export type SendingOptions = {
  readonly part: SendingPart
  readonly runs: number
  readonly seed: number
  readonly onWrong?: (line: string) => void
  readonly onRun?: (done: number) => void
}

export async function campaignSending(options: SendingOptions): Promise<PartTally> {
  const { part, runs, seed, onWrong = () => {}, onRun = () => {} } = options
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-sending-'))
  const chain = await startSendingChain(runs)
  const reached: Record<string, number> = {}
  const met = (what: string) => {
    reached[what] = (reached[what] ?? 0) + 1
  }
  const wrong: Record<Wrong['what'], number> = {
    'mined twice': 0,
    'nonce gaps': 0,
    'answers unlike the chain': 0,
  }
  try {
    for (let run = 0; run < runs; run++) {
      const random = createRandom(seed * 1_000_003 + run)
      const given = { chain, run, mix: MIXES[part], random, folder, met }
      for (const { what, line } of await runSending(given)) {
        wrong[what] += 1
        onWrong(`${part}, ${line}`)
      }
      onRun(run + 1)
    }
    const violations = Object.values(wrong).reduce((sum, count) => sum + count)
    return { cases: runs, violations, reached, wrong }
  } finally {
    await chain.stop()
    rmSync(folder, { recursive: true })
  }
}
