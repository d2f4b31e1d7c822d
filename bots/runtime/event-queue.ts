// Event queue: what waits for a strategy that is still handling the event before.
//
// Orders, fills and the like are never dropped. Of a market's books, pools and prices only the
// newest matters, so a later one takes the place of one that waits: a slow strategy falls behind in
// nothing but detail, and the queue stays short.

import type { StrategyEvent } from './channel.ts'

/** With the microsecond in which it came. */
export type Queued = { readonly event: StrategyEvent; readonly receivedAt: number }

export type EventQueue = {
  push(event: StrategyEvent): void
  next(): Queued | undefined
  clear(): void
  isEmpty(): boolean
}

export function createEventQueue(now: () => number): EventQueue {
  const waiting = new Map<string, Queued>()
  let count = 0
  return {
    push(event) {
      count += 1
      const key = keyOf(event) ?? `#${count}`
      // Setting a key that waits keeps its place in the line.
      waiting.set(key, { event, receivedAt: now() })
    },
    next() {
      for (const [key, queued] of waiting) {
        waiting.delete(key)
        return queued
      }
      return undefined
    },
    clear: () => waiting.clear(),
    isEmpty: () => waiting.size === 0,
  }
}

/** Undefined for events of which each one counts. */
function keyOf(event: StrategyEvent): string | undefined {
  if (event.kind === 'timer') return `timer ${event.timer}`
  if (event.kind !== 'update') return undefined
  const { venue, update } = event
  const isPicture = update.kind === 'book' || update.kind === 'pool' || update.kind === 'price'
  // A stale market waits as its own event, and so does what comes after it.
  return isPicture ? `${venue} ${update.kind} ${update.symbol}` : undefined
}
