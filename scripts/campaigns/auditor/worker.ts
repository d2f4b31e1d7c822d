// Worker of the auditor: audits a batch of seeds and tells what it met.
//
// A seed has its world: every fiftieth is crowded, every fifth huge, the others are small. Half of
// them let fast-check prefer small and greatest numbers. A list that fails alone is shrunken.

import { parentPort } from 'node:worker_threads'
import { runCampaign } from '#test/support/differential.ts'
import { createDriver } from '#test/support/engine-driver.ts'
import { CROWDED, HUGE, type Scale, SMALL } from '#test/support/scale.ts'

export type Audit = { readonly from: number; readonly seeds: number; readonly commands: number }

export type Audited = {
  readonly seeds: number
  readonly commands: number
  readonly seen: ReadonlyMap<string, number>
  readonly differences: readonly { readonly seed: number; readonly text: string }[]
}

const STATE_EVERY = 50
const SHRINK_MS = 600_000

parentPort?.on('message', (audit: Audit) => parentPort?.postMessage(audited(audit)))

function audited({ from, seeds, commands }: Audit): Audited {
  const seen = new Map<string, number>()
  const differences: { seed: number; text: string }[] = []
  let carriedOut = 0
  for (let seed = from; seed < from + seeds; seed += 1) {
    try {
      const reached = runCampaign({
        ...{ seed, runs: 1, commands, exactly: true, scale: worldOf(seed), engine: createDriver },
        ...{ stateEvery: STATE_EVERY, unbiased: seed % 2 === 0 },
        ...{ withoutShrinking: seeds > 1, timeLimitMs: SHRINK_MS },
      })
      carriedOut += reached.commands
      for (const [name, count] of reached.seen) seen.set(name, (seen.get(name) ?? 0) + count)
    } catch (error) {
      differences.push({ seed, text: error instanceof Error ? error.message : String(error) })
    }
  }
  return { seeds, commands: carriedOut, seen, differences }
}

function worldOf(seed: number): Scale {
  if (seed % 50 === 0) return CROWDED
  return seed % 5 === 0 ? HUGE : SMALL
}
