// Bot log: the last lines of each bot, numbered, with whoever listens to them; kept over restarts.
//
// Lines are in memory for as long as the bot is, and on disk a moment later: a platform that is
// killed loses no more than that moment. Numbers go up and are never used twice, so whoever asks
// after a number misses nothing and hears nothing again. INV-17: lines of a bot and characters of a
// line are bounded, in memory and on disk.

import { LOG_CHARS_MAX, LOG_FLUSH_MS, LOG_LINES_MAX } from './limits.ts'
import type { BotMessage, LogFiles, LogLine } from './port.ts'

export type BotLog = {
  /** The lines of before come back; what they were is answered. */
  open(bot: string): Promise<readonly LogLine[]>
  add(bot: string, text: string, at: number): void
  /** Of a bot that is gone, from disk. */
  after(bot: string, number: number, limit: number): Promise<readonly LogLine[]>
  tell(bot: string, message: BotMessage): void
  /** Whether somebody would hear it. */
  isHeard(bot: string): boolean
  listen(bot: string, listener: (message: BotMessage) => void): () => void
  /** Nothing more will come of it: what there is stays on disk alone. */
  shelve(bot: string): Promise<void>
  /** Everything is on disk when it answers. */
  close(): Promise<void>
}

export type BotLogDeps = {
  readonly files: LogFiles
  readonly log: (line: string) => void
  readonly linesMax?: number
}

type Kept = {
  readonly lines: LogLine[]
  last: number
  /** Of the lines, at the end: so many are not on disk yet. */
  unsaved: number
  /** Lines of its file. */
  saved: number
}

type State = BotLogDeps & {
  readonly max: number
  readonly bots: Map<string, Kept>
  saving: Promise<void>
  timer: NodeJS.Timeout | undefined
}

export function createBotLog(deps: BotLogDeps): BotLog {
  const { linesMax: max = LOG_LINES_MAX } = deps
  const state: State = {
    ...{ ...deps, max, bots: new Map(), saving: Promise.resolve(), timer: undefined },
  }
  const listeners = new Map<string, Set<(message: BotMessage) => void>>()
  function tell(bot: string, message: BotMessage): void {
    for (const listener of listeners.get(bot) ?? []) listener(message)
  }
  return {
    open: (bot) => open(state, bot),
    add(bot, text, at) {
      for (const line of add(state, bot, { text, at })) tell(bot, { type: 'log', line })
    },
    async after(bot, number, limit) {
      const lines = state.bots.get(bot)?.lines ?? (await deps.files.read(bot)).slice(-max)
      return lines.filter((line) => line.number > number).slice(0, limit)
    },
    tell,
    isHeard: (bot) => (listeners.get(bot)?.size ?? 0) > 0,
    listen(bot, listener) {
      const all = listeners.get(bot) ?? new Set()
      listeners.set(bot, all.add(listener))
      return () => {
        all.delete(listener)
        if (all.size === 0 && listeners.get(bot) === all) listeners.delete(bot)
      }
    },
    async shelve(bot) {
      await saveAll(state)
      if (state.bots.get(bot)?.unsaved === 0) state.bots.delete(bot)
    },
    close: () => saveAll(state),
  }
}

async function open(state: State, bot: string): Promise<readonly LogLine[]> {
  const found = await state.files.read(bot)
  const lines = found.slice(-state.max)
  // Lines that were told and lost with a crash had numbers, too.
  const last = found.length === 0 ? 0 : (found.at(-1)?.number ?? 0) + state.max
  state.bots.set(bot, { lines: [...lines], last, unsaved: 0, saved: found.length })
  return lines
}

type Said = Pick<LogLine, 'text' | 'at'>

function add(state: State, bot: string, { text, at }: Said): readonly LogLine[] {
  const kept = state.bots.get(bot) ?? { lines: [], last: 0, unsaved: 0, saved: 0 }
  state.bots.set(bot, kept)
  const added = text.split('\n').map((line) => {
    kept.last += 1
    return { number: kept.last, at, text: line.slice(0, LOG_CHARS_MAX) }
  })
  kept.lines.push(...added)
  kept.lines.splice(0, kept.lines.length - state.max)
  kept.unsaved = Math.min(kept.unsaved + added.length, kept.lines.length)
  state.timer ??= setTimeout(() => void saveAll(state), LOG_FLUSH_MS).unref()
  return added
}

/** One after the other: a file has one writer. */
function saveAll(state: State): Promise<void> {
  clearTimeout(state.timer)
  state.timer = undefined
  state.saving = state.saving.then(async () => {
    for (const [bot, kept] of state.bots) if (kept.unsaved > 0) await save(state, bot, kept)
  })
  return state.saving
}

/** A file of twice the lines is begun anew with those that are kept. */
async function save({ files, log, max }: State, bot: string, kept: Kept): Promise<void> {
  const { lines, unsaved, saved } = kept
  kept.unsaved = 0
  try {
    if (saved + unsaved > 2 * max) {
      kept.saved = lines.length
      await files.replace(bot, [...lines])
    } else {
      kept.saved += unsaved
      await files.append(bot, lines.slice(-unsaved))
    }
  } catch (error) {
    // With the next line all of them are written again.
    Object.assign(kept, { unsaved: kept.lines.length, saved: 2 * max })
    log(`the log of ${bot} could not be written: ${String(error)}`)
  }
}
