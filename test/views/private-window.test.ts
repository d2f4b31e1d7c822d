// The private window holds the last messages of each account, and never more than its bounds.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createPrivateWindow,
  type PrivateMessage,
  WINDOW_PER_ACCOUNT,
  WINDOW_TOTAL,
} from '#views/live/private-window.ts'

const balance = { account: 16, asset: 0, cash: 1, held: 0 } as never

function message(account: number, accountSeq: number): PrivateMessage {
  return { channel: 'balances', account: account as never, accountSeq, at: 0, balance }
}

test('an account keeps its last messages and says when older ones are gone', () => {
  const window = createPrivateWindow()
  const account = 16 as never
  for (let seq = 1; seq <= WINDOW_PER_ACCOUNT + 1; seq += 1) window.add(message(16, seq))
  assert.equal(window.size(), WINDOW_PER_ACCOUNT)
  assert.equal(window.from(account, 1), null)
  assert.equal(window.from(account, 2)?.length, WINDOW_PER_ACCOUNT)
  assert.deepEqual(window.from(account, WINDOW_PER_ACCOUNT + 1), [
    message(16, WINDOW_PER_ACCOUNT + 1),
  ])
  assert.equal(window.lastSeq(account), WINDOW_PER_ACCOUNT + 1)
})

test('all windows together stay within their bound; the quietest goes first', () => {
  const window = createPrivateWindow()
  const accounts = WINDOW_TOTAL / WINDOW_PER_ACCOUNT + 1
  for (let account = 1; account <= accounts; account += 1) {
    for (let seq = 1; seq <= WINDOW_PER_ACCOUNT; seq += 1) window.add(message(account, seq))
  }
  assert.ok(window.size() <= WINDOW_TOTAL)
  assert.equal(window.from(1 as never, 1), null)
  assert.equal(window.from(2 as never, 1)?.length, WINDOW_PER_ACCOUNT)
  window.add(message(1, WINDOW_PER_ACCOUNT + 1))
  assert.equal(window.from(1 as never, WINDOW_PER_ACCOUNT + 1)?.length, 1)
})

test('INV-09: a number that is left out stops the fold, also after a start from an image', () => {
  const window = createPrivateWindow()
  window.start(16 as never, 41)
  assert.deepEqual(window.from(16 as never, 42), [])
  assert.equal(window.from(16 as never, 41), null)
  assert.throws(() => window.add(message(16, 43)), /INV-09/)
  window.add(message(16, 42))
})
