// Paired driver: the engine, with the naive model beside it that must answer alike.
//
// It stands wherever a driver is asked for; states are compared when an image is.

import assert from 'node:assert/strict'
import { assertSameAnswer, assertSameImage } from './alike.ts'
import { createDriver, type Driver } from './engine-driver.ts'
import { createModel } from './model/model.ts'

export function createPaired(): Driver {
  const engine = createDriver()
  const model = createModel()
  return {
    ...engine,
    apply(command) {
      const expected = model.apply(command)
      const answer = engine.apply(command)
      assertSameAnswer(answer, expected, JSON.stringify(command))
      assert.equal(engine.nextDue(), model.nextDue(), 'nextDue')
      assert.equal(engine.nextUrgent(), model.nextUrgent(), 'nextUrgent')
      return answer
    },
    image() {
      const image = engine.image()
      assertSameImage(image, model.image())
      return image
    },
  }
}
