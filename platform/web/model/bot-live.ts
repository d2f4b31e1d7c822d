// Bot live: the log, plots and notes of one bot: read once, and from then on as the stream tells.
//
// What is told while something is read follows what was read, and nothing stands there twice. A
// burst of messages is taken in once a frame.

import type { Signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Outcome } from '#client/outcome.ts'
import type { BotLogLine, BotPlot } from '#client/shapes.ts'
import type { Stream } from '#client/stream.ts'
import type { BotMessage } from '#client/stream-messages.ts'
import { NOTES_MAX, withChart } from '#kernel/plots.ts'
import type { Frames } from './frames.ts'
import { insist } from './insist.ts'

export type LiveDeps = {
  readonly client: Client
  readonly stream: Stream
  readonly frames: Frames
}

/** null until it was read. */
export type LiveState = {
  readonly lines: Signal<readonly BotLogLine[] | null>
  readonly plots: Signal<readonly BotPlot[] | null>
  readonly notes: Signal<readonly BotLogLine[] | null>
}

type Part<T> = {
  readonly shown: Signal<readonly T[] | null>
  readonly ask: () => Promise<Outcome<{ readonly items: readonly T[] }>>
  readonly add: (items: readonly T[], told: readonly BotMessage[]) => readonly T[]
}

const LINES_MAX = 1_000

/** Follows the bot until the returned function is called. */
export function followBot({ client, stream, frames }: LiveDeps, id: string, state: LiveState) {
  const alive = { is: true }
  const isWanted = () => alive.is
  const parts = [
    opened(isWanted, {
      ...{ shown: state.lines, ask: () => client.botLog(id, { limit: LINES_MAX }) },
      add: (lines, told) => numbered(lines, told.flatMap(lineOf), LINES_MAX),
    }),
    opened(isWanted, {
      ...{ shown: state.notes, ask: () => client.botNotes(id, { limit: NOTES_MAX }) },
      add: (notes, told) => numbered(notes, told.flatMap(noteOf), NOTES_MAX),
    }),
    opened(isWanted, { shown: state.plots, ask: () => client.botPlots(id), add: plotted }),
  ]
  // Numbers begin anew with the platform, so all of it is read again.
  const read = (): void => {
    for (const part of parts) void part.read()
  }
  const stop = stream.subscribe(
    { name: 'bot', id },
    {
      onMessage: (message) => {
        if (message.type === 'state') return
        for (const part of parts) part.hear(message)
        frames.soon('bot-live', () => {
          for (const part of parts) part.draw()
        })
      },
      onReady: read,
      onRefused: read,
    },
  )
  return () => {
    alive.is = false
    stop()
  }
}

function opened<T>(isWanted: () => boolean, { shown, ask, add }: Part<T>) {
  const heard: BotMessage[] = []
  const reads = { count: 0 }
  const show = (items: readonly T[]): void => {
    if (!isWanted()) return
    shown.value = add(items, heard)
    // An answer that is on its way may be older than what was told meanwhile.
    if (reads.count === 0) heard.length = 0
  }
  return {
    hear: (message: BotMessage): void => void heard.push(message),
    draw: (): void => {
      const items = shown.peek()
      if (items !== null) show(items)
    },
    read: async (): Promise<void> => {
      reads.count += 1
      const page = await insist(ask, isWanted)
      reads.count -= 1
      if (page !== undefined) show(page.items)
    },
  }
}

function lineOf(message: BotMessage): readonly BotLogLine[] {
  return message.type === 'log' ? [message.line] : []
}

function noteOf(message: BotMessage): readonly BotLogLine[] {
  return message.type === 'note' ? [message.note] : []
}

/** The same list when nothing is new, so that nothing is drawn for it. */
export function numbered(
  known: readonly BotLogLine[],
  told: readonly BotLogLine[],
  max: number,
): readonly BotLogLine[] {
  const last = known.at(-1)?.number ?? 0
  const later = told.filter(({ number }) => number > last)
  return later.length === 0 ? known : [...known, ...later].slice(-max)
}

export function plotted(
  charts: readonly BotPlot[],
  told: readonly BotMessage[],
): readonly BotPlot[] {
  return told.reduce<readonly BotPlot[]>((all, message) => {
    if (message.type !== 'plot') return all
    // The shapes are one: the schema's says nothing of what is read only.
    return message.plot === null ? [] : (withChart(all, message.plot) as readonly BotPlot[])
  }, charts)
}
