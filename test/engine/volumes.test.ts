// Volumes of an owner, asked at a time that no command has come to yet: what the next command will
// count with, whatever days have passed.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imageOf } from '#engine/image-of.ts'
import { volumesOfOwner } from '#engine/volumes.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { DAY_US } from '#kernel/time.ts'
import { limit, opening } from '#test/support/commands.ts'
import { createExchange } from '#test/support/exchange.ts'

const OWNERS = [16, 17, 18]
/** Days until the next trade: within one, over the end of the 30, and long after it. */
const PAUSES = [0, 0.3, 1, 1, 0.4, 28, 1, 1, 0, 30, 29, 2, 31, 1, 400, 12]

function trade({ run }: ReturnType<typeof createExchange>, turn: number, wait: number): void {
  const [maker, taker] = [OWNERS[turn % 3] ?? 16, OWNERS[(turn + 1) % 3] ?? 17]
  const terms = { market: asId<never>(turn % 2), price: 100 + turn, size: 1 + turn }
  assert.equal(run(limit('sell', { ...terms, account: maker }), wait), 'done')
  assert.equal(run(limit('buy', { ...terms, account: taker }), 0), 'done')
}

test('an owner is told what the next command will count with', () => {
  const exchange = createExchange(opening())
  const { engine, run } = exchange
  let told = 0
  for (const [turn, days] of PAUSES.entries()) {
    trade(exchange, turn, 1_000)
    const wait = Math.floor(days * DAY_US)
    const time = engine.clock.time + wait
    const asked = OWNERS.flatMap((owner) => volumesOfOwner(engine, asId(owner), time))
    run({ kind: 'setMark', market: asId(0), price: asUnit(100 + turn) }, wait)
    const counted = imageOf(engine).volumes
    for (const { owner, asset, notional } of asked) {
      const row = counted.find((one) => one.owner === owner && one.asset === asset)
      assert.equal(notional, row?.notional ?? 0, `turn ${turn}, owner ${owner}, asset ${asset}`)
      if (notional > 0) told += 1
    }
    assert.equal(asked.length, OWNERS.length * engine.assets.length)
    assert.deepEqual(
      OWNERS.flatMap((owner) => volumesOfOwner(engine, asId(owner), time)),
      asked,
      'the same after the command',
    )
  }
  assert.ok(told > PAUSES.length, `${told} were above 0`)
})
