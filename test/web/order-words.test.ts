// Order words: how an order stands, in the words of the page.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statusText } from '#platform/web/model/order-words.ts'

test('an order that met an own one says so, every other its status alone', () => {
  const stopped = { status: 'cancelled', reason: 'order.self_trade' } as const
  assert.equal(statusText(stopped), 'cancelled: met an own order')
  assert.equal(statusText({ ...stopped, reason: 'order.cancelled_by_owner' }), 'cancelled')
  assert.equal(statusText({ status: 'partially_filled' }), 'partially filled')
})
