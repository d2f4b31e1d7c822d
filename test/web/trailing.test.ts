// Trailing: what is read again is what still follows the market, and what it says is shown.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Order } from '#platform/web/model/account-state.ts'
import { followTrailing } from '#platform/web/model/trailing.ts'

test('waiting trailing stops are read again, and no answer changes nothing', async () => {
  const rows = [
    { id: 1, type: 'trailing-stop' },
    { id: 2, type: 'trailing-stop', triggeredAt: 5 },
    { id: 3, type: 'stop' },
    { id: 4, type: 'trailing-stop' },
  ] as Order[]
  const learnt: Order[] = []
  const work: (() => Promise<void>)[] = []
  followTrailing({
    client: {
      order: async (id: number) => {
        const order = { ...rows[id - 1], currentTrigger: '95.0' } as Order
        return id === 4 ? { kind: 'unknown' } : { kind: 'done', value: { order }, status: 200 }
      },
    } as never, // One call of it.
    connection: { every: (_ms: number, one: () => Promise<void>) => work.push(one) } as never,
    portfolio: { open: { peek: () => rows }, learn: (one: Order) => learnt.push(one) } as never,
  })
  await work[0]?.()
  assert.deepEqual(learnt, [{ ...rows[0], currentTrigger: '95.0' }])
})
