// Events: the engine writes them straight into cells; decoding and encoding gives the same bytes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellCount, createCells, decodeEvent, encodeEvent } from '#engine/codec.ts'
import type { CommandBody } from '#engine/command.ts'
import type { EventKind } from '#engine/event.ts'
import { limit, market, opening } from '#test/support/commands.ts'
import { createExchange } from '#test/support/exchange.ts'
import { credit, withdrawal } from './rich-state.ts'

const STORY: readonly CommandBody[] = [
  ...opening(50_000_000),
  { kind: 'chainReset', instance: 'chain-1' },
  credit('0x1'),
  withdrawal('w1'),
  limit('buy', { price: 99, size: 10, clientOrderId: 'a.b:c-d_e', postOnly: true }),
  limit('sell', { account: 17, price: 99, size: 4, clientOrderId: 'x'.repeat(36) }),
  limit('sell', { account: 16, price: 99, size: 3, selfTrade: 'decrement' }),
  market('buy', { account: 18, quoteAmount: 10_000 }),
  limit('buy', { account: 99 }),
  { kind: 'settleWithdrawal', withdrawalId: withdrawalIdOf('w1'), txHash: '0x2' },
]

function withdrawalIdOf(requestId: string): never {
  const place = opening().length + 3
  assert.equal(requestId, 'w1')
  return place as never
}

test('every event that the engine writes is what its codec writes, to the last byte', () => {
  const exchange = createExchange()
  const seen = new Set<EventKind>()
  for (const body of STORY) {
    exchange.run(body)
    const { cells, length } = exchange.engine.events
    for (let at = 0; at < length; at += cellCount(cells, at)) {
      const event = decodeEvent(cells, at)
      const count = cellCount(cells, at)
      const again = createCells(count)
      assert.equal(encodeEvent(event, again, 0), count, event.kind)
      const written = cells.bytes.subarray(at * 64, (at + count) * 64)
      assert.deepEqual(Buffer.from(again.bytes), Buffer.from(written), event.kind)
      seen.add(event.kind)
    }
    exchange.engine.events.length = 0
    // What was there before must not shine through the next events.
    cells.bytes.fill(0xff)
  }
  const hot = [
    'accepted',
    'rested',
    'fill',
    'cancelled',
    'reduced',
    'balance',
    'posting',
    'refused',
  ]
  for (const kind of hot) assert.ok(seen.has(kind as EventKind), kind)
})

test('INV-09: event numbers are gap-free, whatever the commands come to', () => {
  const exchange = createExchange()
  for (const body of STORY) exchange.run(body)
  const numbers = exchange.events().map(({ eventNo }) => eventNo)
  assert.deepEqual(
    numbers,
    Array.from(numbers, (_, at) => at + 1),
  )
})
