// Lockstep: engine and model side by side for worked examples, without random choice.
//
// Every command goes to both and both must answer alike; the state is compared when a test asks,
// because an image of thousands of orders after every one of thousands of commands is too slow.

import type { Command, CommandBody } from '#engine/command.ts'
import type { EngineImage } from '#engine/image.ts'
import { assertSameAnswer, assertSameImage } from './alike.ts'
import { START_US, stamp } from './commands.ts'
import type { Answer, Driver } from './engine-driver.ts'
import { createDriver } from './engine-driver.ts'
import { createModel } from './model/model.ts'

export type Lockstep = {
  readonly engine: Driver
  /** Stamps the body with the next seq, `wait` microseconds later, and applies it to both. */
  submit(body: CommandBody, wait?: number): Answer & { readonly command: Command }
  /** The image, after both were found equal. */
  image(): EngineImage
}

export function createLockstep(before: readonly CommandBody[]): Lockstep {
  const engine = createDriver()
  const model = createModel()
  let seq = 0
  let time = START_US
  const lockstep: Lockstep = {
    engine,
    submit(body, wait = 1_000) {
      seq += 1
      time += wait
      const command = stamp(body, seq, time)
      const expected = model.apply(command)
      const answer = engine.apply(command)
      assertSameAnswer(answer, expected, JSON.stringify(command))
      return { ...answer, command }
    },
    image() {
      const image = engine.image()
      assertSameImage(image, model.image())
      return image
    },
  }
  for (const body of before) lockstep.submit(body)
  return lockstep
}
