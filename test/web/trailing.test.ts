// Trailing: what still follows the market is read again, and what it says is shown.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Order } from '#platform/web/model/account-state.ts'
import { followTrailing } from '#platform/web/model/trailing.ts'

const waiting = (id: number, currentTrigger: string): Order =>
  ({ id, type: 'trailing-stop', currentTrigger }) as Order
const stop = { id: 3, type: 'stop' } as Order

function createPage(open: readonly Order[]) {
  const learnt: Order[] = []
  const work: (() => Promise<void>)[] = []
  const user = { account: 16 }
  const asked: ((items: readonly Order[] | null) => void)[] = []
  const orders = () =>
    new Promise((resolve) => {
      asked.push((items) =>
        resolve(items === null ? { kind: 'unknown' } : { kind: 'done', value: { items } }),
      )
    })
  followTrailing({
    client: { orders } as never, // One call of it.
    connection: { every: (_ms: number, one: () => Promise<void>) => work.push(one) } as never,
    session: { user: { peek: () => user } } as never,
    portfolio: { open: { peek: () => open }, learn: (one: Order) => learnt.push(one) } as never,
  })
  const look = () => work[0]?.() ?? assert.fail('nothing is done now and then')
  return { learnt, user, asked, look }
}

test('of what waits, what has moved is learnt', async () => {
  const { learnt, asked, look } = createPage([waiting(1, '95.0'), waiting(2, '90.0'), stop])
  const looking = look()
  await look()
  assert.equal(asked.length, 1, 'one question at a time')
  asked[0]?.([waiting(1, '96.0'), waiting(2, '90.0'), stop, waiting(7, '80.0')])
  await looking
  assert.deepEqual(learnt, [waiting(1, '96.0')])
})

test('an answer that did not come changes nothing, and it is asked again', async () => {
  const { learnt, asked, look } = createPage([waiting(1, '95.0')])
  for (const _ of [1, 2]) {
    const looking = look()
    asked.at(-1)?.(null)
    await looking
  }
  assert.deepEqual([learnt, asked.length], [[], 2])
})

test('what was asked for somebody who has signed out is let go', async () => {
  const { learnt, user, asked, look } = createPage([waiting(1, '95.0')])
  const looking = look()
  user.account = 17
  asked[0]?.([waiting(1, '96.0')])
  await looking
  assert.deepEqual(learnt, [])
})

test('nothing is asked while nothing follows the market', async () => {
  const { asked, look } = createPage([stop])
  await look()
  assert.equal(asked.length, 0)
})
