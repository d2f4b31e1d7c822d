// The private window holds the last messages of each account, and never more than its bounds.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCells, encodeEvent } from '#engine/codec.ts'
import { asMicros } from '#kernel/time.ts'
import {
  createPrivateWindow,
  type PrivateWindow,
  WINDOW_PER_ACCOUNT,
  WINDOW_TOTAL,
} from '#views/live/private-window.ts'

function balanceOf(account: number) {
  return { account: account as never, asset: 0 as never, cash: 1 as never, held: 0 as never }
}

function add(window: PrivateWindow, account: number, accountSeq: number): void {
  const cells = createCells(1)
  const stamp = { eventNo: 1, seq: 1, time: asMicros(5) }
  encodeEvent({ kind: 'balance', ...balanceOf(account), accountSeq, ...stamp }, cells, 0)
  window.addBalance(account as never, accountSeq, cells, 0)
}

test('an account keeps its last messages and says when older ones are gone', () => {
  const window = createPrivateWindow()
  const account = 16 as never
  for (let seq = 1; seq <= WINDOW_PER_ACCOUNT + 1; seq += 1) add(window, 16, seq)
  assert.equal(window.size(), WINDOW_PER_ACCOUNT)
  assert.equal(window.from(account, 1), null)
  assert.equal(window.from(account, 2)?.length, WINDOW_PER_ACCOUNT)
  assert.deepEqual(window.from(account, WINDOW_PER_ACCOUNT + 1), [
    {
      ...{ channel: 'balances', account, accountSeq: WINDOW_PER_ACCOUNT + 1, at: 5 },
      balance: balanceOf(16),
    },
  ])
  assert.equal(window.lastSeq(account), WINDOW_PER_ACCOUNT + 1)
})

test('all windows together stay within their bound; the quietest goes first', () => {
  const window = createPrivateWindow()
  const accounts = WINDOW_TOTAL / WINDOW_PER_ACCOUNT + 1
  for (let account = 1; account <= accounts; account += 1) {
    for (let seq = 1; seq <= WINDOW_PER_ACCOUNT; seq += 1) add(window, account, seq)
  }
  assert.ok(window.size() <= WINDOW_TOTAL)
  assert.equal(window.from(1 as never, 1), null)
  assert.equal(window.from(2 as never, 1)?.length, WINDOW_PER_ACCOUNT)
  add(window, 1, WINDOW_PER_ACCOUNT + 1)
  assert.equal(window.from(1 as never, WINDOW_PER_ACCOUNT + 1)?.length, 1)
})

test('INV-09: a number that is left out stops the fold, also after a start from an image', () => {
  const window = createPrivateWindow()
  window.start(16 as never, 41)
  assert.deepEqual(window.from(16 as never, 42), [])
  assert.equal(window.from(16 as never, 41), null)
  assert.throws(() => add(window, 16, 43), /INV-09/)
  add(window, 16, 42)
})
