// Worker of the campaign of numbers: near boundaries in lockstep, and texts of decimals read twice.
//
// A seed is both: commands for the engine and the naive model, and texts for the parser and its
// naive twin. What differs is told and ends the seed.

import assert from 'node:assert/strict'
import { parentPort } from 'node:worker_threads'
import { parseDecimal } from '#kernel/amount.ts'
import { decimalText, naiveDecimal } from '#test/support/numbers/decimals.ts'
import { nearBoundary } from '#test/support/numbers/near-boundary.ts'
import { createRandom } from '../random.ts'

export type Numbers = {
  readonly from: number
  readonly seeds: number
  readonly commands: number
  readonly texts: number
}

export type Tried = {
  readonly seeds: number
  readonly commands: number
  readonly texts: number
  readonly reached: ReadonlyMap<string, number>
  readonly differences: readonly string[]
}

const SCALES = [0, 1, 2, 6, 8, 18]

parentPort?.on('message', (numbers: Numbers) => parentPort?.postMessage(tried(numbers)))

function tried({ from, seeds, commands, texts }: Numbers): Tried {
  const reached = new Map<string, number>()
  const note = (name: string, count = 1) => reached.set(name, (reached.get(name) ?? 0) + count)
  const differences: string[] = []
  let [carriedOut, textsRead] = [0, 0]
  for (let seed = from; seed < from + seeds; seed += 1) {
    try {
      const run = nearBoundary(seed, commands)
      carriedOut += run.commands
      for (const [name, count] of run.reached) note(name, count)
      for (const what of readTexts(seed, texts)) {
        textsRead += 1
        note(`text ${what}`)
      }
    } catch (error) {
      differences.push(error instanceof Error ? error.message : String(error))
    }
  }
  return { seeds, commands: carriedOut, texts: textsRead, reached, differences }
}

function* readTexts(seed: number, texts: number): Generator<string> {
  const random = createRandom(seed)
  for (let nth = 0; nth < texts; nth += 1) {
    const text = decimalText(random)
    const scale = random.pick(SCALES)
    const read = parseDecimal(text, scale)
    const about = `seed ${seed}: ${JSON.stringify(text)} at scale ${scale}`
    assert.deepEqual(read, naiveDecimal(text, scale), about)
    yield read.ok ? 'read' : read.why
  }
}
