// INV-09 after a quiet time: many outcomes grow too old at once, and a command frees few rows.
//
// What is forgotten is so for everybody at once, as in the naive model: for whoever asks again, for
// images and digests, and for a snapshot in between.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OUTCOME_WINDOW_US, SENT_AHEAD_US } from '#engine/limits.ts'
import { limit, opening, START_US } from '#test/support/commands.ts'
import { createLockstep } from '#test/support/lockstep.ts'

const MANY = 600
const QUIET_US = OUTCOME_WINDOW_US + 2 * SENT_AHEAD_US

for (const restarts of [false, true]) {
  const how = restarts ? 'with a restart after every command' : 'in one process'
  test(`what grew too old is forgotten at once, and its id is new again, ${how}`, () => {
    const lockstep = createLockstep(opening())
    const ask = (id: string, sentAt: number) =>
      limit('buy', { account: 16, price: 10, size: 10, clientOrderId: id, sentAt })
    const compare = () => {
      lockstep.image()
      if (restarts) lockstep.engine.restart()
    }
    for (let i = 0; i < MANY; i += 1) lockstep.submit(ask(`o-${i}`, START_US), 1)
    compare()
    const later = lockstep.submit({ kind: 'tick' }, QUIET_US).command.time
    for (const [id, sentAt, code, duplicate] of [
      ['o-599', START_US, 'idempotency.too_old', false],
      ['o-599', later, null, false],
      ['o-599', later, null, true],
      ['o-0', later, null, false],
      ['o-300', later, null, false],
    ] as const) {
      const answer = lockstep.submit(ask(id, sentAt))
      assert.deepEqual([answer.code, answer.duplicate], [code, duplicate], id)
      compare()
    }
    const other = { ...ask('o-300', later), bodyHash: 'another'.padEnd(24) }
    assert.equal(lockstep.submit(other).code, 'idempotency.mismatch')
    for (let i = 0; i < 20; i += 1) lockstep.submit(ask(`n-${i}`, later))
    assert.equal(lockstep.submit(ask('n-0', later)).duplicate, true)
    compare()
  })
}
