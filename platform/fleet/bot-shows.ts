// Bot shows: what strategies draw and note for people, the last of it, with whoever listens told.
//
// It lives as long as the platform, and a strategy tells the past of its charts at every start.
// INV-17: charts, series, points and notes of a bot are bounded; a note is in its log, too.

import { type Chart, NOTES_MAX, withChart } from '#kernel/plots.ts'
import type { BotLog } from './bot-log.ts'
import { LOG_CHARS_MAX } from './limits.ts'
import type { LogLine } from './port.ts'

export type BotShows = {
  plot(bot: string, plot: Chart): void
  note(bot: string, text: string, at: number): void
  plots(bot: string): readonly Chart[]
  notes(bot: string, after: number, limit: number): readonly LogLine[]
  /** Its strategy starts, maybe another version: charts begin anew, notes go on. */
  begin(bot: string): void
  /** A bot that is over; its log still has the notes. */
  forget(bot: string): void
}

export function createBotShows(tell: BotLog['tell']): BotShows {
  const charts = new Map<string, readonly Chart[]>()
  const notes = new Map<string, readonly LogLine[]>()
  return {
    plot(bot, plot) {
      charts.set(bot, withChart(charts.get(bot) ?? [], plot))
      tell(bot, { type: 'plot', plot })
    },
    note(bot, text, at) {
      const before = notes.get(bot) ?? []
      const number = (before.at(-1)?.number ?? 0) + 1
      const note = { number, at, text: text.slice(0, LOG_CHARS_MAX) }
      notes.set(bot, [...before, note].slice(-NOTES_MAX))
      tell(bot, { type: 'note', note })
    },
    plots: (bot) => charts.get(bot) ?? [],
    notes: (bot, after, limit) =>
      (notes.get(bot) ?? []).filter(({ number }) => number > after).slice(0, limit),
    begin(bot) {
      charts.delete(bot)
      tell(bot, { type: 'plot', plot: null })
    },
    forget(bot) {
      charts.delete(bot)
      notes.delete(bot)
    },
  }
}
