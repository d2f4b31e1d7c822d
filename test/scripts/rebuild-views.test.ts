// crossbook rebuild-views on a real data folder: equal tables, from the segments on disk.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asMicros } from '#kernel/time.ts'
import { rebuildFolder } from '#scripts/rebuild-views.ts'
import { createSequencer } from '#sequencer/sequencer.ts'
import { temporaryFolder } from '../database/temporary.ts'
import { SMALL_FILES } from '../sequencer/sequencers.ts'
import { limit, opening, START_US } from '../support/commands.ts'

const ORDERS = 500

test('the views of a folder are folded again to the same tables', async () => {
  const folder = temporaryFolder()
  const clock = () => asMicros(START_US)
  const sequencer = await createSequencer({
    folder,
    clock,
    report: () => {},
    ...SMALL_FILES,
  })
  const orders = Array.from({ length: ORDERS }, (_, i) =>
    limit(i % 2 === 0 ? 'buy' : 'sell', { account: 16 + (i % 3), price: 95 + (i % 10) }),
  )
  const replies = [...opening(), ...orders].map((body) => sequencer.submit(body))
  await Promise.all(replies)
  const { releasedEventNo } = sequencer.status()
  await sequencer.close()
  const rebuilt = await rebuildFolder(folder, undefined)
  assert.equal(rebuilt.events, releasedEventNo)
  assert.equal(rebuilt.equal, true)
  const counts = Object.fromEntries(rebuilt.checksums.map(({ table, count }) => [table, count]))
  assert.equal(counts['orders'], ORDERS)
  assert.ok((counts['fills'] ?? 0) > 100)
  const again = await rebuildFolder(folder, undefined)
  assert.deepEqual(again.checksums, rebuilt.checksums)
})

test('a folder that is in use is left alone', async () => {
  const folder = temporaryFolder()
  const clock = () => asMicros(START_US)
  const sequencer = await createSequencer({
    folder,
    clock,
    report: () => {},
    ...SMALL_FILES,
  })
  await assert.rejects(rebuildFolder(folder, undefined), { name: 'StartError' })
  await sequencer.close()
})
