// The fill ledger: each fill is told once, whichever way it comes and over any crash.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFillLedger, NO_FILLS } from '#bots/runtime/fill-ledger.ts'
import type { Fill } from '#connectors/venue.ts'

function fill(no: number): Fill {
  return {
    ...{ fillId: `BTC-USDC/${no}`, clientOrderId: 'a', symbol: 'BTC-USDC', side: 'buy', at: no },
    ...{ base: '1', quote: '1', fee: { asset: 'USDC', amount: '0' }, liquidity: 'maker' },
  }
}

const [one, two, three] = [fill(1), fill(2), fill(3)]
const V = 'internal'

test('a fill is told once, by the answer, the stream or the list', () => {
  const ledger = createFillLedger(NO_FILLS)
  assert.equal(ledger.tell(V, one, false), true)
  assert.equal(ledger.tell(V, one, true), false)
  ledger.done(V, one)
  assert.equal(ledger.tell(V, one, true), false)
  assert.equal(ledger.last(V), 'BTC-USDC/1')
})

test('what was told by an answer alone never moves the mark past what was not told yet', () => {
  const ledger = createFillLedger(NO_FILLS)
  ledger.tell(V, two, false)
  ledger.done(V, two)
  assert.equal(ledger.last(V), undefined, 'the first one is still to come')
  const next = createFillLedger(ledger.saved())
  assert.deepEqual(
    [one, two, three].map((each) => next.tell(V, each, true)),
    [true, false, true],
  )
})

test('the mark waits for what is not dealt with, and never goes back', () => {
  const ledger = createFillLedger(NO_FILLS)
  for (const each of [one, two, three]) ledger.tell(V, each, true)
  ledger.done(V, two)
  assert.equal(ledger.last(V), undefined)
  ledger.done(V, one)
  assert.equal(ledger.last(V), 'BTC-USDC/2')
  ledger.done(V, three)
  assert.deepEqual(ledger.saved(), { last: { internal: 'BTC-USDC/3 buy' }, ahead: {} })
  for (const each of [one, two]) assert.equal(ledger.tell(V, each, true), false, 'an old list')
  assert.equal(ledger.last(V), 'BTC-USDC/3')
})

test('whoever comes next is told what was not dealt with, and nothing else', () => {
  const ledger = createFillLedger(NO_FILLS)
  for (const each of [one, two, three]) ledger.tell(V, each, true)
  ledger.done(V, one)
  ledger.done(V, three)
  ledger.forget()
  assert.deepEqual(
    [two, three].map((each) => ledger.tell(V, each, true)),
    [true, false],
  )
  ledger.done(V, two)
  assert.equal(ledger.last(V), 'BTC-USDC/3')
})

test('a mark of an older record is read, and both sides of one trade are two fills', () => {
  const ledger = createFillLedger({ last: { internal: 'BTC-USDC/1' }, ahead: {} })
  assert.equal(ledger.last(V), 'BTC-USDC/1')
  assert.equal(ledger.tell(V, two, true), true)
  assert.equal(ledger.tell(V, { ...two, side: 'sell' }, true), true)
})
