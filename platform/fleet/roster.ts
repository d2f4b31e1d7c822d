// Roster: every bot in memory, its record beside what its runner told last.
//
// The state that is shown is the runner's while it runs the bot, and what is wanted where nothing
// runs: a stopped bot is stopped, one whose start failed is failed until somebody resumes it.

import { crashWords } from './crash-words.ts'
import type { DeployedBot, LogLine, RunnerFigures, Version } from './port.ts'
import type { BotRow } from './store.ts'

export type Entry = {
  row: BotRow
  version: Version
  /** Undefined while no runner has it. */
  told: RunnerFigures | undefined
  /** Why it does not run although it should; null while nothing is wrong. */
  failure: string | null
  peak: number | undefined
  /** What its strategy said when this version crashed last. */
  crash: string | undefined
}

export function entryOf(row: BotRow, version: Version): Entry {
  return { row, version, told: undefined, failure: null, peak: undefined, crash: undefined }
}

/** Takes over what a runner says. */
export function hearFigures(entry: Entry, told: RunnerFigures): void {
  entry.told = told
  entry.peak = Math.max(entry.peak ?? Number(told.pnl), Number(told.pnl))
}

/** Remembers why a strategy ended. */
export function hearLog(entry: Entry, text: string): void {
  if (STACK.test(text)) entry.crash = crashWords(text)[0]
}

/** As of a run before: what was said at one time was one text, and a later version is another. */
export function hearOldLog(entry: Entry, lines: readonly LogLine[]): void {
  for (const said of Map.groupBy(lines, ({ at }) => at).values()) {
    const text = said.map((line) => line.text).join('\n')
    if (text.startsWith(NEW_VERSION)) entry.crash = undefined
    hearLog(entry, text)
  }
}

/** How a log tells that another version begins. */
export const NEW_VERSION = 'version '
const STACK = /\n\s+at /

export function botOf({ row, version, told, failure, peak, crash }: Entry): DeployedBot {
  const isStopped = row.wanted === 'stopped'
  // Before it has read its balances a bot says that it has nothing.
  const isUnknown = isStopped || told?.state === 'starting'
  const { equity = null, pnl = null, fees = '0', gas = '0', crashes = 0, pid = null } = told ?? {}
  const { halted = null } = told ?? {}
  const why = row.wanted === 'running' ? (failure ?? told?.lastAction ?? row.why) : row.why
  return {
    ...{ id: row.id, strategy: version.strategy, account: row.account ?? 0, ownerId: row.owner },
    state: stateOf({ row, told, failure }),
    ...{ equity: isUnknown ? null : equity, pnl, fees, gas, since: row.createdAt },
    ...{ wanted: row.wanted, why: why.slice(0, WHY_MAX), version, budget: row.budget },
    drawdown: peak === undefined || told === undefined ? null : fallOf(peak, told),
    ...(crash === undefined ? {} : { crash: crash.slice(0, WHY_MAX) }),
    ...{ halted, crashes, pid: isStopped ? null : pid },
  }
}

const WHY_MAX = 300

function fallOf(peak: number, { pnl }: RunnerFigures): string {
  return (peak - Number(pnl)).toFixed(2)
}

function stateOf({ row, told, failure }: Pick<Entry, 'row' | 'told' | 'failure'>) {
  if (row.wanted === 'stopped') return 'stopped' as const
  if (failure !== null) return 'failed' as const
  return told?.state ?? (row.wanted === 'paused' ? 'paused' : 'starting')
}
