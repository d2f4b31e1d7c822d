// The dead-man timer of a bot: set before its first order, set again and again, taken away at last.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startDeadMan } from '#bots/runtime/dead-man.ts'
import { stayOf } from '#bots/runtime/order-stay.ts'
import type { OrderRequest, Trading } from '#connectors/venue.ts'
import { createFakeVenue } from './fake-venue.ts'

function tradingOf(cancelAfter: Trading['cancelAfter']): Trading {
  const { trading } = createFakeVenue().venue
  return { ...(trading ?? assert.fail()), ...(cancelAfter === undefined ? {} : { cancelAfter }) }
}

test('every venue that has a timer is told at once, then again, and 0 at the end', async () => {
  const told: number[] = []
  const trading = tradingOf(async (ms) => {
    told.push(ms)
    return { kind: 'ok', value: null }
  })
  const tradings = [trading, tradingOf(undefined)]
  const deadMan = await startDeadMan({ tradings, log: assert.fail, cancelAfterMs: 80 })
  assert.deepEqual(told, [80])
  while (told.length < 3) await sleep(1)
  await deadMan.stop()
  assert.deepEqual([...new Set(told.slice(0, -1))], [80])
  assert.ok(told.length >= 4)
  assert.equal(told.at(-1), 0)
})

test('a venue that does not take it is logged once', async () => {
  const logs: string[] = []
  const tradings = [tradingOf(async () => ({ kind: 'unknown', reason: 'auth.forbidden' }))]
  const log = (text: string) => void logs.push(text)
  const deadMan = await startDeadMan({ tradings, log, cancelAfterMs: 20 })
  await sleep(30)
  await deadMan.stop()
  assert.deepEqual(logs, ['no dead-man timer: auth.forbidden'])
})

test('protection always stays, what is saved stays over a restart, quotes end with the bot', () => {
  const limit: OrderRequest = {
    ...{ clientOrderId: 'a', sentAt: 1, symbol: 'BTC-USDC', side: 'sell', timeInForce: 'GTC' },
    ...{ quantity: { in: 'base', amount: '1' }, limitPrice: '100' },
  }
  assert.equal(stayOf(limit, false), 'connected')
  assert.equal(stayOf(limit, true), 'alive')
  assert.equal(stayOf({ ...limit, timeInForce: 'IOC' }, false), 'alive')
  assert.equal(stayOf({ ...limit, reduceOnly: true }, false), 'always')
  for (const type of ['stop', 'stop-limit', 'take-profit', 'trailing-stop', 'oco'] as const) {
    assert.equal(stayOf({ ...limit, type, triggerPrice: '90' }, false), 'always')
  }
})
