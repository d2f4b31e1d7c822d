// Memory over a run: the core at 60 s and at the end, every part at the end, the chain's growth.
//
// The core is read once a second until it has settled; everything else at the end only, because
// reading a whole tree of processes costs milliseconds.

import { pssMb, treePssMb } from './memory.ts'
import type { Report } from './report.ts'

export type MemoryWatchDeps = {
  /** The newest chain. */
  readonly chain: () => { readonly pid: number; readonly block: number }
  readonly databasePid: () => number | undefined
}

export type MemoryFigures = Pick<
  Report,
  'pssMb' | 'coreMbAtEnd' | 'coreMbAt60s' | 'chainMbPer1000Blocks'
>

export type MemoryWatch = {
  watchBots(pid: number): void
  /** Growth is measured on one chain at a time; what the one before did counts until then. */
  chainEnds(): void
  chainBegins(): void
  second(): void
  read(): MemoryFigures
}

const SETTLED_SECONDS = 60

export function createMemoryWatch(deps: MemoryWatchDeps): MemoryWatch {
  const { chain: newest, databasePid } = deps
  let bots = 0
  let seconds = 0
  let coreAt60s = 0
  let grown = { mb: 0, blocks: 0 }
  let chainAtStart = chainNow()

  function chainNow() {
    const { pid, block } = newest()
    return { mb: pssMb(pid), block }
  }

  function grownUntilNow() {
    const { mb, block } = chainNow()
    return {
      mb: grown.mb + mb - chainAtStart.mb,
      blocks: grown.blocks + block - chainAtStart.block,
    }
  }

  return {
    watchBots(pid) {
      bots = pid
      chainAtStart = chainNow()
    },
    chainEnds() {
      grown = grownUntilNow()
    },
    chainBegins() {
      chainAtStart = chainNow()
    },
    second() {
      seconds += 1
      if (seconds <= SETTLED_SECONDS) coreAt60s = pssMb(process.pid)
    },
    read() {
      const core = pssMb(process.pid)
      const { mb, blocks } = grownUntilNow()
      const parts = {
        ...{ core, chain: chainNow().mb },
        database: treePssMb(databasePid() ?? 0),
        bots: bots === 0 ? 0 : treePssMb(bots),
        all: treePssMb(process.pid),
      }
      return {
        pssMb: rounded(parts),
        coreMbAtEnd: Math.round(core),
        coreMbAt60s: Math.round(coreAt60s),
        chainMbPer1000Blocks: Math.round((mb / Math.max(1, blocks)) * 1_000),
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
