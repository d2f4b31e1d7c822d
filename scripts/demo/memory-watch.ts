// Memory over a run: the core at 60 s and at the end, every part at the end, the chain's growth.
//
// The core is read once a second until it has settled; everything else at the end only, because
// reading a whole tree of processes costs milliseconds.

import { pssMb, treePssMb } from './memory.ts'
import type { Report } from './report.ts'

export type MemoryWatchDeps = {
  readonly chainPid: number
  readonly databasePid: () => number | undefined
  readonly chainBlock: () => number
}

export type MemoryFigures = Pick<
  Report,
  'pssMb' | 'coreMbAtEnd' | 'coreMbAt60s' | 'chainMbPer1000Blocks'
>

export type MemoryWatch = {
  watchBots(pid: number): void
  second(): void
  read(): MemoryFigures
}

const SETTLED_SECONDS = 60

export function createMemoryWatch(deps: MemoryWatchDeps): MemoryWatch {
  const { chainPid, databasePid, chainBlock } = deps
  let bots = 0
  let seconds = 0
  let coreAt60s = 0
  let chainAtStart = { mb: pssMb(chainPid), block: chainBlock() }
  return {
    watchBots(pid) {
      bots = pid
      chainAtStart = { mb: pssMb(chainPid), block: chainBlock() }
    },
    second() {
      seconds += 1
      if (seconds <= SETTLED_SECONDS) coreAt60s = pssMb(process.pid)
    },
    read() {
      const core = pssMb(process.pid)
      const chain = pssMb(chainPid)
      const blocks = Math.max(1, chainBlock() - chainAtStart.block)
      const parts = {
        ...{ core, chain },
        database: treePssMb(databasePid() ?? 0),
        bots: bots === 0 ? 0 : treePssMb(bots),
        all: treePssMb(process.pid),
      }
      return {
        pssMb: rounded(parts),
        coreMbAtEnd: Math.round(core),
        coreMbAt60s: Math.round(coreAt60s),
        chainMbPer1000Blocks: Math.round(((chain - chainAtStart.mb) / blocks) * 1_000),
      }
    },
  }
}

function rounded(parts: Report['pssMb']): Report['pssMb'] {
  const { core, chain, database, bots, all } = parts
  return {
    core: Math.round(core),
    chain: Math.round(chain),
    database: Math.round(database),
    bots: Math.round(bots),
    all: Math.round(all),
  }
}
