// Workload W1: its sequence never changes unnoticed, and it is what it says it is.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { imageDigest } from '#test/support/model/image-digest.ts'
import { createModel } from '#test/support/model/model.ts'
import { steps, W1, workload } from '#test/support/workload.ts'

const SHORT = { ...W1, resting: 2_000, commands: 8_000 }

test('the shares of W1 are 49.9 % passive, 40.1 % cancels, 10 % that take', () => {
  const counts = new Map<string, number>()
  const hash = createHash('sha256')
  for (const step of steps(W1)) {
    counts.set(step.kind, (counts.get(step.kind) ?? 0) + 1)
    hash.update(`${JSON.stringify(step)}\n`)
  }
  const share = (kind: string) => Math.round((counts.get(kind) ?? 0) / 1_000)
  assert.deepEqual([share('cancel'), share('market')], [401, 50])
  assert.equal(share('limit'), 499 + 50 + 10)
  assert.equal(hash.digest('hex').slice(0, 16), '419479c7e60177b7', 'results stay comparable')
})

test('nothing of W1 is refused, cancelled for its owner or kept for a tick', () => {
  const model = createModel()
  for (const command of workload(SHORT)) {
    const { code, events } = model.apply(command)
    assert.equal(code, null, JSON.stringify(command))
    for (const event of events) {
      if (event.kind === 'cancelled') assert.equal(event.reason, 'order.cancelled_by_owner')
    }
  }
  assert.equal(model.image().orders.length > 1_500, true)
  assert.equal(imageDigest(model.image()).length, 64)
})
