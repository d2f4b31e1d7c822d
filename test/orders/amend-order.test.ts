// Amend order: what is changed is said, and a 0 never means "leave it".

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asId } from '#kernel/ids.ts'
import { amendSubmission } from '#platform/orders/amend-order.ts'
import type { AmendBody } from '#platform/orders/schemas.ts'
import { BTC_USDC } from './market.ts'

const amend = (body: AmendBody) =>
  amendSubmission(body, BTC_USDC, { account: asId(16), id: asId(99) })

test('what is not named stays: it is 0 in the command', () => {
  const head = { kind: 'amend', account: 16, orderId: 99 }
  for (const [body, price, size, triggerPrice] of [
    [{ price: '100.5' }, 1_005, 0, 0],
    [{ size: '0.1' }, 0, 10_000, 0],
    [{ triggerPrice: '1.0', price: '2.0', size: '0.00001' }, 20, 1, 10],
  ] as const) {
    assert.deepEqual(amend(body), { ok: true, value: { ...head, price, size, triggerPrice } })
  }
})

test('a 0 that was written is refused', () => {
  const codeOf = (body: AmendBody) => {
    const result = amend(body)
    return result.ok ? null : result.code
  }
  assert.equal(codeOf({ price: '0' }), 'order.price_out_of_band')
  assert.equal(codeOf({ triggerPrice: '0.0' }), 'order.price_out_of_band')
  assert.equal(codeOf({ size: '0.00000' }), 'order.amend_below_filled')
  assert.equal(codeOf({ size: '0.000001' }), 'order.size_off_lot')
  assert.equal(codeOf({ price: 'x' }), 'request.malformed')
})
