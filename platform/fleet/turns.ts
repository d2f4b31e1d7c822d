// Turns: so much costly work at a time, so much that waits, and no for the rest (INV-17).

import { type Result, refuse } from '#kernel/result.ts'

export type Turns = <T>(work: () => Promise<Result<T>>) => Promise<Result<T>>

/** capacity.exhausted for what would have to wait behind too many. */
export function createTurns(atOnce: number, waitingMax: number): Turns {
  const state: { running: number; readonly waiting: (() => void)[] } = { running: 0, waiting: [] }
  return async (work) => {
    if (state.running >= atOnce) {
      if (state.waiting.length >= waitingMax) return refuse('capacity.exhausted')
      await new Promise<void>((resolve) => state.waiting.push(resolve))
    } else state.running += 1
    try {
      return await work()
    } finally {
      const next = state.waiting.shift()
      if (next === undefined) state.running -= 1
      else next()
    }
  }
}
