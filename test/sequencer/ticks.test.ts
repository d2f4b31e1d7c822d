// Ticks: what is left over is done before the next customer, and also when nobody comes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { wordsOf } from '#engine/codec/words.ts'
import { decodeCommand } from '#engine/codec.ts'
import { FILLS_PER_COMMAND_MAX } from '#engine/limits.ts'
import type { Storage } from '#journal/storage.ts'
import { asMicros } from '#kernel/time.ts'
import { createTicks, tickBefore } from '#sequencer/ticks.ts'
import { open, openInMemory, order } from './sequencers.ts'

/** A book of many small orders, and one that takes them all but needs more than one command. */
async function leftOver() {
  const opened = await openInMemory()
  const { sequencer } = opened
  await open(sequencer)
  const small = (i: number) =>
    order(`s${i}`, { account: 16 + (i % 2), side: 'sell', price: 100, size: 1 })
  const accounts = Array.from({ length: FILLS_PER_COMMAND_MAX + 500 }, (_, i) => small(i))
  await Promise.all(accounts.map((body) => sequencer.submit(body)))
  return { ...opened, big: order('big', { account: 18, price: 100, size: 1400 }) }
}

/** Kinds of the journaled commands, in order. */
function kinds(storage: Storage, folder: string): string[] {
  const names: string[] = []
  for (const name of storage.list(`${folder}/journal`)) {
    if (!/^\d+[.]cbj$/.test(name)) continue
    const file = storage.open(`${folder}/journal/${name}`, 'read')
    const bytes = new Uint8Array(file.size())
    file.read(bytes, 0)
    const cells = wordsOf(bytes.buffer, 0, bytes.length / 64)
    for (let at = 0; at < bytes.length / 64; ) {
      const count = (cells.i32[at * 16 + 2] ?? 0) / 64
      if (count === 0) break
      for (let record = at + 1; record <= at + count; ) {
        names.push(decodeCommand(cells, record).kind)
        record += (cells.i32[record * 16] ?? 0) >>> 16
      }
      at += 1 + count
    }
  }
  return names
}

test('a tick stands between an order with left-over fills and the next command', async () => {
  const { sequencer, storage, folder, big } = await leftOver()
  const [, next] = await Promise.all([sequencer.submit(big), sequencer.submit(order('next'))])
  const journaled = kinds(storage, folder)
  assert.deepEqual(journaled.slice(-3), ['place', 'tick', 'place'])
  assert.equal(next.seq, journaled.length)
  await sequencer.close()
})

test('left-over fills are done when nobody comes, and followers see them', async () => {
  const { sequencer, big } = await leftOver()
  let cells = 0
  sequencer.follow(({ from, to }) => {
    cells += to - from
  })
  const { seq } = await sequencer.submit(big)
  const before = cells
  for (let i = 0; i < 100 && sequencer.status().releasedSeq === seq; i += 1) await sleep(5)
  assert.equal(sequencer.status().releasedSeq, seq + 1)
  assert.ok(cells > before + 400)
  await sleep(20)
  assert.equal(sequencer.status().releasedSeq, seq + 1, 'and then nothing more is due')
  await sequencer.close()
})

test('a timer sleeps until the next due time, once', async () => {
  let now = 1_000_000
  let due = now + 20_000
  const ticked: number[] = []
  const ticks = createTicks({
    nextDue: () => due,
    now: () => asMicros(now),
    tick() {
      ticked.push(now)
      due = Number.POSITIVE_INFINITY
    },
  })
  ticks.arm()
  ticks.arm()
  await sleep(5)
  assert.deepEqual(ticked, [])
  now = due
  await sleep(40)
  assert.deepEqual(ticked, [1_020_000])
  due = now
  ticks.arm()
  ticks.stop()
  await sleep(5)
  assert.equal(ticked.length, 1, 'stopped')
})

/** What is due, first to last, as in docs/rules/ticks.md: urgent work and the rest. */
function dueList(work: ('urgent' | 'rest')[], brings: ('urgent' | 'rest')[][] = []) {
  const done: string[] = []
  const isDue = (has: boolean) => (has ? 0 : Number.POSITIVE_INFINITY)
  const due = {
    nextDue: () => isDue(work.length > 0),
    nextUrgent: () => isDue(work.includes('urgent')),
  }
  const tick = () => {
    const place = Math.max(0, work.indexOf('urgent'))
    done.push(...work.splice(place, 1))
    work.push(...(brings.shift() ?? []))
    return true
  }
  return { due, tick, done, work }
}

test('before a command comes all that is urgent and one of the rest', () => {
  const { due, tick, done, work } = dueList(['rest', 'urgent', 'rest', 'urgent'])
  assert.equal(tickBefore(due, 5, tick), true)
  assert.deepEqual(done, ['urgent', 'urgent', 'rest'])
  assert.deepEqual(work, ['rest'])
})

test('what becomes urgent by a batch of triggers is done before the command, too', () => {
  const { due, tick, done, work } = dueList(['rest', 'rest'], [['urgent', 'urgent']])
  assert.equal(tickBefore(due, 5, tick), true)
  assert.deepEqual(done, ['rest', 'urgent', 'urgent'])
  assert.deepEqual(work, ['rest'])
})

test('a tick that finds no room ends it, and what is due later does not count', () => {
  const { due, done } = dueList(['urgent'])
  assert.equal(
    tickBefore(due, 5, () => false),
    false,
  )
  assert.equal(
    tickBefore({ nextDue: () => 6, nextUrgent: () => 6 }, 5, () => false),
    true,
  )
  assert.deepEqual(done, [])
})
