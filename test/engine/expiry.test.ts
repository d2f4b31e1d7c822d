// Expiry: orders end at their times and then by id, whatever was cancelled before.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { asId } from '#kernel/ids.ts'
import { opening, START_US, stamp } from '#test/support/commands.ts'
import { createDriver } from '#test/support/engine-driver.ts'
import { order } from '#test/support/example.ts'

const LATER_US = START_US + 1_000_000_000

test('orders end at their times and then by id, whatever was cancelled before', () => {
  const step = fc.record({ ends: fc.nat({ max: 12 }), cancels: fc.option(fc.nat()) })
  const steps = fc.array(step, { minLength: 1, maxLength: 300, size: 'max' })
  fc.assert(
    fc.property(steps, (all) => {
      const engine = createDriver()
      const open: { readonly id: number; readonly at: number }[] = []
      let seq = 0
      const send = (body: Parameters<typeof stamp>[0], time = START_US + seq) => {
        seq += 1
        return engine.apply(stamp(body, seq, time))
      }
      for (const body of opening(1_000_000_000)) send(body)
      for (const { ends, cancels } of all) {
        const at = LATER_US + ends
        const one = { price: 50, size: 10, timeInForce: 'GTD' } as const
        assert.equal(send(order('buy', one, { expireAt: at })).code, null)
        open.push({ id: seq, at })
        if (cancels === null) continue
        const [gone] = open.splice(cancels % open.length, 1)
        send({ kind: 'cancel', account: asId(16), orderId: asId(gone?.id ?? 0) })
      }
      const ended: number[] = []
      while (engine.nextDue() !== Number.POSITIVE_INFINITY) {
        const { events } = send({ kind: 'tick' }, LATER_US + 100)
        for (const event of events) if (event.kind === 'cancelled') ended.push(event.orderId)
      }
      const expected = open.toSorted((a, b) => a.at - b.at || a.id - b.id).map(({ id }) => id)
      assert.deepEqual(ended, expected)
    }),
    { numRuns: 60 },
  )
})
