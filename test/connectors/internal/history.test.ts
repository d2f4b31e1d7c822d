// History: candles of the platform as bars, page by page, without the one that still grows.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '#client/client.ts'
import { readHistory } from '#connectors/internal/history.ts'

const MINUTE = 60_000_000
const NOW = 10_000 * MINUTE + 5

type Asked = { readonly interval: string; readonly to?: number; readonly limit?: number }

/** A platform with a candle for every minute; `pageMax` bounds what it answers. */
function clientOf(pageMax: number) {
  const asked: Asked[] = []
  const candles: Client['candles'] = async (_market, query) => {
    asked.push(query)
    const { to = 0, limit = 0 } = query
    const count = Math.min(limit, pageMax)
    const first = to - count * MINUTE
    const items = Array.from({ length: count }, (_, at) => {
      const price = String((first + at * MINUTE) / MINUTE)
      const prices = { open: price, high: price, low: price, close: price }
      return { openAt: first + at * MINUTE, ...prices, volume: '1', trades: 1 }
    })
    return { kind: 'done', value: { items, next: String(first) } }
  }
  return { asked, client: { candles } }
}

test('pages are asked for until there are enough bars, and come oldest first', async () => {
  const { asked, client } = clientOf(40)
  const wanted = { symbol: 'ETH-USDC', lengthUs: MINUTE, count: 100 }
  const answer = await readHistory({ client, now: () => NOW }, wanted)
  assert.ok(answer.kind === 'ok')
  const { bars } = answer.value
  assert.deepEqual([bars.length, asked.length], [100, 3])
  assert.equal(bars.at(-1)?.openAt, 9_999 * MINUTE)
  assert.ok(bars.every(({ openAt }, at) => openAt === (9_900 + at) * MINUTE))
})

test('a length that the platform does not keep is made of the longest that fits', async () => {
  const { asked, client } = clientOf(1_000)
  const wanted = { symbol: 'ETH-USDC', lengthUs: 3 * MINUTE, count: 10 }
  const answer = await readHistory({ client, now: () => NOW }, wanted)
  assert.ok(answer.kind === 'ok' && answer.value.lengthUs === MINUTE)
  assert.deepEqual([asked[0]?.interval, asked[0]?.limit], ['1m', 30])
})

test('what cannot be read is unknown and never an empty history', async () => {
  const candles: Client['candles'] = async () => ({ kind: 'unknown', why: 'away' })
  const wanted = { symbol: 'ETH-USDC', lengthUs: MINUTE, count: 1 }
  const answer = await readHistory({ client: { candles }, now: () => NOW }, wanted)
  assert.deepEqual(answer, { kind: 'unknown', reason: 'away' })
})
