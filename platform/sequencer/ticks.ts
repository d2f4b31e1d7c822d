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

const MS_US = 1_000

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
