// Assassin: kills strategy, runner and platform in turn, each with an order in flight.
//
// It is armed now and then; the next order that leaves is what it waits for. The blow falls within
// the time that the order needs to be answered.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Tally } from '../kill9/tally.ts'
import type { Random } from '../random.ts'
import type { FromLockstep } from './lockstep-runner.ts'

export type Victim = 'strategy' | 'runner' | 'platform'

export type Assassin = {
  arm(step: number): void
  hear(message: FromLockstep): void
  /** When nobody is being killed or starting again. */
  calm(): Promise<void>
  line(): string
}

export type AssassinDeps = {
  readonly random: Random
  readonly tally: Tally
  readonly steps: number
  readonly kills: number
  readonly strike: Readonly<Record<Victim, (pid: number) => Promise<void>>>
}

const VICTIMS: readonly Victim[] = ['strategy', 'runner', 'platform']
/** An order takes a few milliseconds, there and back. */
const WITHIN_MS = 7

export function createAssassin({ random, tally, steps, kills, strike }: AssassinDeps): Assassin {
  const inFlight = new Set<string>()
  let armed = 0
  let struck = 0
  let last: Promise<void> = Promise.resolve()
  let isStriking = false
  /** Orders that leave before it looks at one of them. */
  let passes = 0

  async function kill(id: string, pid: number): Promise<void> {
    await sleep(random.share() * WITHIN_MS)
    const victim = VICTIMS[struck % VICTIMS.length] ?? 'strategy'
    struck += 1
    if (inFlight.has(id)) tally.reach('inFlight')
    tally.reach(`${victim}Killed`)
    tally.reach('kills')
    inFlight.clear()
    await strike[victim](pid)
  }

  return {
    arm(step) {
      armed = Math.floor((step * kills) / steps)
      passes = random.below(8)
    },
    hear(message) {
      if (message.kind === 'answered') inFlight.delete(message.id)
      if (message.kind !== 'sent') return
      inFlight.add(message.id)
      tally.reach('sent')
      if (struck >= armed || isStriking) return
      passes -= 1
      if (passes >= 0) return
      isStriking = true
      last = kill(message.id, message.pid).finally(() => {
        isStriking = false
      })
    },
    calm: () => last,
    line: () => `${struck} kills`,
  }
}
