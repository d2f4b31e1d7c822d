// Errands: work that an answer does not wait for, so that its time tells nothing.
//
// Whether an address is known decides what happens behind an answer, never when or how it answers.
// What waits is bounded (INV-17); what fails is told to the log, and the caller asks again.

import { ERRANDS_MAX } from './limits.ts'

export type Errands = {
  readonly isFull: () => boolean
  run(work: () => Promise<void>): void
  /** Resolves when everything that was begun is done. */
  idle(): Promise<void>
}

export function createErrands(log: (line: string) => void, max = ERRANDS_MAX): Errands {
  const running = new Set<Promise<void>>()
  return {
    isFull: () => running.size >= max,
    run: (work) => {
      const errand: Promise<void> = Promise.resolve()
        .then(work)
        .catch((error: unknown) => log(`an errand of auth failed: ${String(error)}`))
        .finally(() => running.delete(errand))
      running.add(errand)
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
