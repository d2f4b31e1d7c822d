// Worker of the campaign of cascades: a batch of crashes, each with stops of its own number.

import { parentPort } from 'node:worker_threads'
import { type Cascade, cascade } from '#test/support/cascade/cascade.ts'
import { createRandom } from '../random.ts'

export type Crashes = { readonly from: number; readonly seeds: number; readonly stops: number }

export type Crashed = {
  readonly seed: number
  readonly stops: number
  /** What must not happen; null: nothing did. */
  readonly told: string | null
  readonly cascade: Cascade | null
}

const STOPS_MIN = 800

parentPort?.on('message', ({ from, seeds, stops }: Crashes) => {
  const crashes: Crashed[] = []
  for (let seed = from; seed < from + seeds; seed += 1) crashes.push(crashed(seed, stops))
  parentPort?.postMessage(crashes)
})

/** From 800 to the most, few more often than many. */
function crashed(seed: number, most: number): Crashed {
  const share = createRandom(seed + 1_000_003).share() ** 3
  const stops = Math.round(STOPS_MIN + share * Math.max(0, most - STOPS_MIN))
  try {
    return { seed, stops, told: null, cascade: cascade(seed, stops) }
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { seed, stops, told, cascade: null }
  }
}
