// The end of a measured run: figures and proofs as one report.
//
// The bots must have stopped, because every proof compares two sides that may not move meanwhile.
// A proof that fails says on the log what differs; the report says only that it did.

import type { Sequencer } from '#sequencer/port.ts'
import type { Audit } from './audit.ts'
import type { MemoryFigures } from './memory-watch.ts'
import type { Monitor } from './monitor.ts'
import { type Bearings, custodyEqual, ledgerSumsZero, replayDigests } from './proofs.ts'
import type { Report } from './report.ts'

export type FinishedRun = Bearings & {
  readonly sequencer: Sequencer
  readonly dataFolder: string
  readonly monitor: Monitor
  readonly memory: MemoryFigures
  /** Begun before the bots. */
  readonly audit: Audit
  readonly seconds: number
  readonly startMs: number
  readonly log: (line: string) => void
}

export async function reportOf(run: FinishedRun): Promise<Report> {
  const { measure } = run.monitor
  const { fills, swaps, sameOwnerFills } = run.monitor.counters()
  const distance = measure.meanDistanceBps()
  return {
    ...{ seconds: run.seconds, fills, swaps, arbitrageSwaps: measure.arbitrages() },
    ...{ unexplainedLosses: measure.losses().unexplained, sameOwnerFills },
    poolInBand: round(measure.inBand()),
    meanDistanceBps: { without: round(distance.without), with: round(distance.with) },
    pnlSumZero: await nothingLeaked(run),
    ledgerSumsZero: ledgerSumsZero(run.views),
    digestEqual: await replayAgrees(run),
    custodyEqual: await custodyEqual(run),
    startMs: run.startMs,
    ...run.memory,
  }
}

async function nothingLeaked(run: FinishedRun): Promise<boolean> {
  const leaks = await run.audit.end()
  const ok = Object.values(leaks).every((leak) => leak === 0n)
  if (!ok) {
    const texts = Object.entries(leaks).map(([asset, leak]) => `${asset} ${leak}`)
    run.log(`leaked in smallest units: ${texts.join(', ')}`)
  }
  return ok
}

async function replayAgrees({ sequencer, dataFolder, log }: FinishedRun): Promise<boolean> {
  const live = await sequencer.digest()
  const replayed = await replayDigests(dataFolder)
  const equal = live.full === replayed.full && live.business === replayed.business
  if (!equal) log(`digests differ: live ${JSON.stringify(live)} ${JSON.stringify(replayed)}`)
  return equal
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
