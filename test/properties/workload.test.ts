// W1 on engine and model: the benchmark's workload leaves both in the same state.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertSameAnswer, assertSameImage } from '#test/support/alike.ts'
import { createDriver } from '#test/support/engine-driver.ts'
import { imageDigest } from '#test/support/model/image-digest.ts'
import { createModel } from '#test/support/model/model.ts'
import { W1, workload } from '#test/support/workload.ts'

test('20,000 commands of W1 over 10,000 resting orders end in the same digest', () => {
  const engine = createDriver()
  const model = createModel()
  for (const command of workload({ ...W1, commands: 20_000 })) {
    assertSameAnswer(engine.apply(command), model.apply(command), command.kind)
  }
  assert.equal(imageDigest(engine.image()), imageDigest(model.image()))
  assertSameImage(engine.image(), model.image())
})
