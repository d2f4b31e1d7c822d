// Tape summary: how much a tape holds, from when to when, and how late events were.

import type { StrategyEvent } from '../runtime/channel.ts'
import type { TapeEntry } from './tape-format.ts'

export type TapeSummary = {
  readonly starts: number
  readonly events: number
  readonly answers: number
  /** Events by kind; of markets by the kind of update. */
  readonly kinds: Readonly<Record<string, number>>
  /** Microseconds; 0 when there is no event. */
  readonly firstAt: number
  readonly lastAt: number
  /** From the venue's time to ours, and from ours to the strategy: the longest, in microseconds. */
  readonly latestReceived: number
  readonly latestDelivered: number
}

export async function summariseTape(tape: AsyncIterable<TapeEntry>): Promise<TapeSummary> {
  const kinds: Record<string, number> = {}
  let [starts, events, answers, firstAt, lastAt, latestReceived, latestDelivered] = Array(7).fill(0)
  for await (const entry of tape) {
    if (entry.kind === 'start') starts += 1
    else if (entry.kind === 'handled') answers += 1
    else if (entry.kind === 'event') {
      const { at, receivedAt = at, event } = entry
      const kind = event.kind === 'update' ? event.update.kind : event.kind
      kinds[kind] = (kinds[kind] ?? 0) + 1
      events += 1
      firstAt = events === 1 ? at : firstAt
      lastAt = at
      latestReceived = Math.max(latestReceived, receivedAt - (exchangeTimeOf(event) ?? receivedAt))
      latestDelivered = Math.max(latestDelivered, at - receivedAt)
    }
  }
  return { starts, events, answers, kinds, firstAt, lastAt, latestReceived, latestDelivered }
}

/** Microseconds by the venue's clock, where it says one. */
function exchangeTimeOf(event: StrategyEvent): number | undefined {
  if (event.kind === 'fill') return event.fill.at
  if (event.kind !== 'update') return undefined
  return 'at' in event.update ? event.update.at : undefined
}
