// Event queue: what waits for a strategy that is still handling the event before.
//
// Orders, fills and the like are never dropped. Of a market's books, pools and prices only the
// newest matters, so a later one takes the place of one that waits: a slow strategy falls behind in
// nothing but detail, and the queue stays short. History goes before everything: what became of the
// orders of the run before meets indicators that know it.

import type { StrategyEvent } from './channel.ts'

/** With the microsecond in which it came. */
export type Queued = { readonly event: StrategyEvent; readonly receivedAt: number }

export type EventQueue = {
  push(event: StrategyEvent): void
  /** The next one; nothing but history while the rest is held. */
  next(isHeld?: boolean): Queued | undefined
  clear(): void
  isEmpty(): boolean
}

export function createEventQueue(now: () => number): EventQueue {
  const history: Queued[] = []
  const waiting = new Map<string, Queued>()
  let count = 0
  return {
    push(event) {
      const queued = { event, receivedAt: now() }
      if (event.kind === 'history') {
        history.push(queued)
        return
      }
      count += 1
      const key = keyOf(event) ?? `#${count}`
      // Setting a key that waits keeps its place in the line.
      waiting.set(key, queued)
    },
    next(isHeld = false) {
      const told = history.shift()
      if (told !== undefined || isHeld) return told
      for (const [key, queued] of waiting) {
        waiting.delete(key)
        return queued
      }
      return undefined
    },
    clear: () => {
      history.length = 0
      waiting.clear()
    },
    isEmpty: () => history.length === 0 && waiting.size === 0,
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
