// Bot log: the last lines of each bot, numbered, with whoever listens to them.
//
// Numbers go on for as long as the platform runs; a reader who asks after a number gets what is
// still kept. INV-17: lines of a bot and characters of a line are bounded.

import { LOG_CHARS_MAX, LOG_LINES_MAX } from './limits.ts'
import type { BotMessage, LogLine } from './port.ts'

export type BotLog = {
  add(bot: string, text: string, at: number): void
  after(bot: string, number: number, limit: number): readonly LogLine[]
  tell(bot: string, message: BotMessage): void
  /** Whether somebody would hear it. */
  isHeard(bot: string): boolean
  listen(bot: string, listener: (message: BotMessage) => void): () => void
}

type Kept = { readonly lines: LogLine[]; last: number }

export function createBotLog(linesMax = LOG_LINES_MAX): BotLog {
  const bots = new Map<string, Kept>()
  const listeners = new Map<string, Set<(message: BotMessage) => void>>()

  function tell(bot: string, message: BotMessage): void {
    for (const listener of listeners.get(bot) ?? []) listener(message)
  }

  return {
    add(bot, text, at) {
      const kept = bots.get(bot) ?? { lines: [], last: 0 }
      bots.set(bot, kept)
      for (const line of text.split('\n')) {
        kept.last += 1
        const added = { number: kept.last, at, text: line.slice(0, LOG_CHARS_MAX) }
        kept.lines.push(added)
        if (kept.lines.length > linesMax) kept.lines.shift()
        tell(bot, { type: 'log', line: added })
      }
    },
    after: (bot, number, limit) =>
      (bots.get(bot)?.lines ?? []).filter((line) => line.number > number).slice(0, limit),
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
  }
}
