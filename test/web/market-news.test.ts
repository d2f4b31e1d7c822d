// Market news: terms that changed are taken, and nothing is drawn anew for what moves all the time.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Market } from '#platform/web/model/listing.ts'
import { withNews } from '#platform/web/model/market-news.ts'

const RULES = {
  ...{ collarBps: 500, bandBps: 0, bandWindowMs: 0, haltMs: 0, auctionMs: 0 },
  ...{ sessionOpenMs: 0, sessionCloseMs: 0 },
}

function market(symbol: string, more: Partial<Market> = {}): Market {
  return {
    ...{ symbol, kind: 'spot', base: 'BTC', quote: 'USDC', tickSize: '0.1', lotSize: '0.001' },
    ...{ minNotional: '1', makerFeeBps: 2, takerFeeBps: 5, feeTiers: [], rules: RULES },
    ...{ phase: 'continuous', phaseEndsAt: null, markPrice: null, indicative: null, pools: [] },
    ...more,
  }
}

const known = [market('BTC-USDC'), market('ETH-USDC')]

test('prices, phase and pools are no news: the list stays the same object', () => {
  const moved: Partial<Market> = {
    ...{ phase: 'auction', phaseEndsAt: 5, markPrice: '7', pools: [] },
    indicative: { price: '7', volume: '1' },
  }
  assert.equal(withNews(known, [market('BTC-USDC', moved), market('ETH-USDC')]), known)
})

test('rules, fees and the end of a market are news of that row alone', () => {
  for (const more of [
    { rules: { ...RULES, collarBps: 400 } },
    { takerFeeBps: 6 },
    { minNotional: '2' },
    { delisted: true },
  ]) {
    const fresh = withNews(known, [market('BTC-USDC', more), market('ETH-USDC')])
    assert.deepEqual(fresh[0], market('BTC-USDC', more))
    assert.equal(fresh[1], known[1])
  }
})

test('a market that was listed since is there, in its place', () => {
  const fresh = withNews(known, [...known, market('SOL-USDC')])
  assert.deepEqual(
    fresh.map(({ symbol }) => symbol),
    ['BTC-USDC', 'ETH-USDC', 'SOL-USDC'],
  )
})
