// After a start a triggered order is what it was: the database says when, and its own limit.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OrderExtra } from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import { createLiveViews } from '#views/live/live-views.ts'
import { seedLiveViews } from '#views/live/seed.ts'
import { createProjector } from '#views/projector.ts'
import { temporaryDatabase } from '../database/temporary.ts'
import { limit } from '../support/commands.ts'
import { emptyImage } from './event-log.ts'
import { createExchange } from './trade-along.ts'

const EXTRA: OrderExtra = {
  ...{ triggerPrice: asUnit(0), triggerBy: 'last', stopPrice: asUnit(0), trail: 0 },
  ...{ takeProfitPrice: asUnit(0), displaySize: asUnit(0), trailIn: 'ticks' },
  ...{ expireAt: asMicros(0), reduceOnly: false, slide: false, feeIn: 'quote' },
  ...{ session: 0, key: 0 },
}

test('time and limit of a triggered order survive a start', async () => {
  const exchange = createExchange(1)
  const { log, submit } = exchange
  const waits = { account: 17, type: 'stop-limit', extra: { ...EXTRA, triggerPrice: asUnit(105) } }
  submit(limit('buy', { ...waits, price: 104, size: 5_000 } as never))
  const stop = log.events.findLast((event) => event.kind === 'accepted')?.seq ?? 0
  submit(limit('sell', { account: 16, price: 105, size: 10 }))
  submit(limit('buy', { account: 18, price: 105, size: 10 }))
  // Ticks fire it and take it in; then it is filled in part, so that it changes after its trigger.
  for (let i = 0; i < 3; i += 1) submit({ kind: 'tick' })
  submit(limit('sell', { account: 16, price: 104, size: 10 }))
  const whole = createLiveViews(emptyImage())
  whole.apply(log.batch())
  const expected = whole.order(asId(stop)) ?? assert.fail('the order is not open')
  assert.ok(expected.triggeredAt > 0 && expected.triggeredAt < expected.updatedAt)

  const database = await temporaryDatabase()
  const pool = database.pool('projector', 1)
  const projector = await createProjector({
    ...{ pool, readEvents: log.reader(50), released: log.released() },
  })
  await projector.passed(log.events.length)
  await projector.close()
  const live = createLiveViews(exchange.image())
  await seedLiveViews(live, database.pool('history', 1))
  const { eventNo: _, ...row } = live.order(asId(stop)) ?? assert.fail('it was lost')
  const { eventNo: __, ...before } = expected
  assert.deepEqual(row, before)
})
