// Ticks: what falls due is sequenced before the next customer's command, and when nobody comes.
//
// One timer at most sleeps until the next due time; work left over goes on one tick a turn, so that
// replies and commits get between. The engine alone says what is due.

import type { Micros } from '#kernel/time.ts'
import { TICK_SLEEP_MAX_MS } from './limits.ts'

export type Ticks = {
  /** Looks whether something falls due and wakes for it. Cheap when nothing does. */
  arm(): void
  stop(): void
}

type TicksOrder = {
  readonly nextDue: () => number
  readonly now: () => Micros
  /** Sequences one tick. */
  readonly tick: () => void
}

/** What the engine says is due; see docs/rules/ticks.md. */
export type Due = {
  /** When the earliest of all falls due: 0 now, Infinity never. */
  readonly nextDue: () => number
  /** The same of what must be done before a customer's command. */
  readonly nextUrgent: () => number
}

const MS_US = 1_000

/**
 * Ticks before a customer's command at `time`: what is urgent, then at most one of the rest, and
 * what became urgent by it. False when a tick found no room.
 */
export function tickBefore({ nextDue, nextUrgent }: Due, time: number, tick: () => boolean) {
  const tickUrgent = (): boolean => {
    while (nextUrgent() <= time) if (!tick()) return false
    return true
  }
  if (!tickUrgent()) return false
  if (nextDue() > time) return true
  return tick() && tickUrgent()
}

export function createTicks({ nextDue, now, tick }: TicksOrder): Ticks {
  let timer: NodeJS.Timeout | null = null
  let soon: NodeJS.Immediate | null = null

  function wake(): void {
    timer = null
    soon = null
    if (nextDue() <= now()) tick()
    arm()
  }

  function arm(): void {
    const due = nextDue()
    if (due === Number.POSITIVE_INFINITY || soon !== null) return
    const wait = Math.ceil((due - now()) / MS_US)
    if (wait <= 0) {
      soon = setImmediate(wake)
      return
    }
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(wake, Math.min(wait, TICK_SLEEP_MAX_MS))
    timer.unref()
  }

  return {
    arm,
    stop() {
      if (timer !== null) clearTimeout(timer)
      if (soon !== null) clearImmediate(soon)
      timer = null
      soon = null
    },
  }
}
