// Worker of the campaign of rounding: climbs from a batch of seeds and tells what was found.

import { parentPort } from 'node:worker_threads'
import { type Climbed, climb } from '#test/support/rounding/climb.ts'

export type Climbs = { readonly from: number; readonly seeds: number; readonly steps: number }

parentPort?.on('message', ({ from, seeds, steps }: Climbs) => {
  const climbed: Climbed[] = []
  for (let seed = from; seed < from + seeds; seed += 1) climbed.push(climb(seed, steps))
  parentPort?.postMessage(climbed)
})
