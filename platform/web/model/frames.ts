// Frames: work gathered until the next picture, so that a burst of messages is drawn once.
//
// A job has a key; of several with the same key only the last one runs. All jobs of a frame run in
// one batch of signals.

import { batch } from '@preact/signals'

export type Frames = {
  /** Runs the job with the next frame, in the place of an earlier one with this key. */
  soon(key: string, job: () => void): void
}

export function createFrames(nextFrame: (work: () => void) => void): Frames {
  const jobs = new Map<string, () => void>()
  const run = (): void => {
    const due = [...jobs.values()]
    jobs.clear()
    batch(() => {
      for (const job of due) job()
    })
  }
  return {
    soon: (key, job) => {
      if (jobs.size === 0) nextFrame(run)
      jobs.set(key, job)
    },
  }
}
