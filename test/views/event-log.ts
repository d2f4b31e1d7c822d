// Event log: released events as a sequencer would give them out, made by hand or by the engine.
//
// Every `command` takes the next seq and time; its events take the next numbers. Batches and the
// reader cut the log wherever a test wants, also in the middle of a command.

import { type Cells, cellCount, createCells, decodeEvent, encodeEvent } from '#engine/codec.ts'
import type { Event, EventBody } from '#engine/event.ts'
import type { EngineImage } from '#engine/image.ts'
import { asMicros } from '#kernel/time.ts'
import type { EventBatch } from '#sequencer/port.ts'

export const START_US = 1_700_000_000_000_000

export type EventLog = {
  readonly events: Event[]
  /** One command's events; returns its seq. */
  command(...bodies: EventBody[]): number
  /** Events that are numbered already, in cells [0, length). */
  append(cells: Cells, length: number): void
  /** Moves the time of the next command. */
  wait(us: number): void
  /** Events after a number as one batch. */
  batch(after?: number, upTo?: number): EventBatch
  /** Like Sequencer.readEvents, in chunks of so many events; nothing after `upTo`. */
  reader(chunk: number, upTo?: number): (after: number) => AsyncIterable<EventBatch>
  released(): { readonly eventNo: number; readonly time: number }
}

export function createEventLog(): EventLog {
  const events: Event[] = []
  let [seq, time] = [0, START_US]
  const log: EventLog = {
    events,
    command: (...bodies) => {
      seq += 1
      time += 1_000
      for (const body of bodies) {
        events.push({ ...body, eventNo: events.length + 1, seq, time: asMicros(time) })
      }
      return seq
    },
    append: (cells, length) => {
      for (let at = 0; at < length; at += cellCount(cells, at)) events.push(decodeEvent(cells, at))
    },
    wait: (us) => {
      time += us
    },
    batch: (after = 0, upTo = events.length) => batchOf(events.slice(after, upTo)),
    reader: (chunk, upTo = Infinity) =>
      async function* read(after: number) {
        const end = Math.min(events.length, upTo)
        for (let from = after; from < end; from += chunk) {
          yield batchOf(events.slice(from, Math.min(end, from + chunk)))
        }
      },
    released: () => ({ eventNo: events.length, time: events.at(-1)?.time ?? 0 }),
  }
  return log
}

/** The image of an exchange before its first command. */
export function emptyImage(): EngineImage {
  return {
    ...{ seq: 0, time: asMicros(0), eventNo: 0, chainInstance: '' },
    ...{ assets: [], markets: [], accounts: [], balances: [], orders: [], withdrawals: [] },
    ...{ brackets: [], deadMans: [], volumes: [] },
  }
}

function batchOf(events: readonly Event[]): EventBatch {
  const cells = createCells(events.length * 16 + 64)
  let to = 0
  for (const event of events) to += encodeEvent(event, cells, to)
  const [first, last] = [events[0], events.at(-1)]
  const lastEventNo = last?.eventNo ?? 0
  return {
    ...{ cells, from: 0, to, lastEventNo, lastSeq: last?.seq ?? 0 },
    firstEventNo: first?.eventNo ?? 0,
  }
}
