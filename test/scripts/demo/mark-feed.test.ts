// Mark feed: reference prices become mark prices, in ticks, when they have moved.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RefusalCode } from '#kernel/refusals.ts'
import { createMarkFeed } from '#scripts/demo/mark-feed.ts'
import type { Submission } from '#sequencer/port.ts'
import { BTC_USDC } from '#test/orders/market.ts'

function feed(code: RefusalCode | null = null) {
  const seen: Submission[] = []
  const take = createMarkFeed({
    sequencer: {
      submit: async (body) => {
        seen.push(body)
        return { seq: 1, code, duplicate: false, events: [] }
      },
    },
    listing: { marketBySymbol: (symbol) => (symbol === 'BTC-USDC' ? BTC_USDC : undefined) },
    prices: [
      { market: 'BTC-USDC', series: { priceAt: (at) => 46_000 + at, length: 9 } },
      { market: 'NOT-LISTED', series: { priceAt: () => 1, length: 9 } },
    ],
  })
  return { seen, take }
}

test('a price is a mark to the nearest tick, and only when it is another one', async () => {
  const { seen, take } = feed()
  for (const at of [0.04, 0.03, 0.06, 1]) await take({ 'BTC-USDC': at, 'NOT-LISTED': 1 })
  assert.deepEqual(
    seen.map((body) => body.kind === 'setMark' && [body.market, body.price]),
    [
      [0, 460_000],
      [0, 460_001],
      [0, 460_010],
    ],
  )
})

test('a price that was not taken is told again, though it has not moved', async () => {
  for (const code of ['capacity.exhausted', 'unknown'] as const) {
    const { seen, take } = feed(code)
    for (const at of [1, 1, 1]) await take({ 'BTC-USDC': at })
    assert.equal(seen.length, 3, code)
  }
})

test('a market that refuses marks is asked once, a full exchange again', async () => {
  const closed = feed('market.delisted')
  const full = feed('capacity.exhausted')
  for (const { take } of [closed, full]) for (const at of [0, 1, 2]) await take({ 'BTC-USDC': at })
  assert.deepEqual([closed.seen.length, full.seen.length], [1, 3])
})
