// Recovery: from whatever a crash, a power cut or a person left on disk.
//
// INV-08: the state is the one that replay gives. What was acknowledged is there; what cannot be
// there again refuses to start with one line that says what is missing or where it is damaged.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ENGINE_VERSION } from '#engine/limits.ts'
import { StartError } from '#kernel/start-error.ts'
import { asMicros } from '#kernel/time.ts'
import type { Sequencer, Submission } from '#sequencer/port.ts'
import { createSequencer } from '#sequencer/sequencer.ts'
import { walkAll } from '#test/journal/chains.ts'
import { createRandom, type SimulatedStorage } from '#test/journal/simulated-storage.ts'
import { flow, open, openInMemory, readAll, said, temporaryFolder } from './sequencers.ts'

const CLI = resolve(import.meta.dirname, '../../scripts/cli.ts')

/** A sequencer that traded, left as a crash leaves it: open, without a snapshot. */
async function traded(commands: number, more: Parameters<typeof openInMemory>[0] = {}) {
  const opened = await openInMemory(more)
  const { sequencer } = opened
  await open(sequencer)
  for (let i = 0; i < commands; i += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, j) => sequencer.submit(flow(i + j))))
  }
  return { ...opened, state: await stateOf(sequencer) }
}

async function stateOf(sequencer: Sequencer) {
  const { releasedSeq, releasedEventNo } = sequencer.status()
  const { eventDigest } = await sequencer.eventDigest()
  return { ...(await sequencer.digest()), eventDigest, releasedSeq, releasedEventNo }
}

/** Another start on the same folder of another disk; the first one never closed. */
async function startOn(storage: SimulatedStorage, folder: string) {
  const elsewhere = { ...storage, realPath: (path: string) => `${path}-${Math.random()}` }
  const { sequencer } = await openInMemory({ storage: elsewhere, folder })
  return { ...sequencer, disk: storage }
}

function refusesWith(storage: SimulatedStorage, folder: string, message: RegExp) {
  return assert.rejects(startOn(storage, folder), (error) => {
    assert.ok(error instanceof StartError, String(error))
    assert.match(error.message, message)
    assert.doesNotMatch(error.message, /\n/)
    return true
  })
}

function fileOf(storage: SimulatedStorage, ending: string, nth = -1) {
  const path = [...storage.files.keys()]
    .filter((name) => name.endsWith(ending))
    .sort()
    .at(nth)
  const content = path === undefined ? undefined : storage.files.get(path)
  assert.ok(path !== undefined && content !== undefined, ending)
  return { path, content }
}

test('after a crash the state, the events and the answers are the same', async () => {
  const { storage, folder, state, sequencer } = await traded(300)
  const events = await readAll(sequencer)
  const answer = said(await sequencer.submit(flow(7)))
  const again = await startOn(storage.copy(), folder)
  assert.deepEqual(
    { ...(await stateOf(again)), seq: 0, full: '', releasedSeq: 0 },
    { ...state, seq: 0, full: '', releasedSeq: 0 },
  )
  assert.equal(await readAll(again), events)
  assert.deepEqual(said(await again.submit(flow(7))), answer)
  await again.close()
})

test('300 power cuts: what was acknowledged is there, what was not may be', async () => {
  const { storage, folder, sequencer } = await traded(60, { segmentBytes: 1 << 14 })
  storage.hold()
  const acknowledged: number[] = []
  for (let i = 0; i < 40; i += 1) {
    void sequencer.submit(flow(100 + i)).then(({ seq }) => acknowledged.push(seq))
  }
  await sleep(5)
  const { releasedSeq, releasedEventNo, queued } = sequencer.status()
  for (let seed = 1; seed <= 300; seed += 1) {
    const again = await startOn(storage.afterPowerCut(createRandom(seed)), folder)
    assert.equal(walkAll(again.disk, { folder }).end.isTorn, false, 'the torn tail is cut')
    const { releasedSeq: recovered, releasedEventNo: events } = again.status()
    assert.ok(recovered >= releasedSeq && recovered <= releasedSeq + queued, `seed ${seed}`)
    assert.ok(events >= releasedEventNo, `seed ${seed}`)
    assert.equal(Buffer.from(await readAll(again, events - 1), 'hex').readUInt32LE(8), events)
    if (seed % 10 > 0) continue
    const next = await again.submit(flow(seed))
    const third = await startOn(again.disk.copy(), folder)
    assert.ok(next.duplicate || third.status().releasedSeq === next.seq, 'it goes on from there')
  }
  assert.equal(acknowledged.length, 0, 'the disk held everything back')
})

test('lost events are made again, byte for byte', async () => {
  const { storage, folder, state, sequencer } = await traded(200, { segmentBytes: 1 << 20 })
  const events = await readAll(sequencer)
  for (const keep of [0, 1, 1000, 30_000]) {
    const copy = storage.copy()
    const { content } = fileOf(copy, '.cbe', 0)
    content.seen = Buffer.from(content.seen.subarray(0, keep))
    const again = await startOn(copy, folder)
    assert.equal(await readAll(again), events)
    assert.deepEqual(await stateOf(again), state)
    await again.close()
  }
})

test('the same state from the newest snapshot, the one before and the beginning', async () => {
  const { storage, folder, sequencer } = await traded(100)
  await sequencer.close()
  const second = await startOn(storage, folder)
  for (let i = 200; i < 260; i += 1) await second.submit(flow(i))
  await second.close()
  const third = await startOn(storage, folder)
  for (let i = 300; i < 320; i += 1) await third.submit(flow(i))
  const state = await stateOf(third)
  const names = [...storage.files.keys()].filter((name) => name.endsWith('.cbs')).sort()
  assert.equal(names.length, 2)
  const copy = storage.copy()
  for (const damaged of [null, names[1], names[0]]) {
    const content = damaged === null || damaged === undefined ? null : copy.files.get(damaged)
    if (content) content.seen.writeUInt8(content.seen.readUInt8(1000) ^ 1, 1000)
    const again = await startOn(copy.copy(), folder)
    assert.deepEqual(await stateOf(again), state)
  }
})

test('a journal that ends below its events or its snapshot refuses to start', async () => {
  const { storage, folder, sequencer } = await traded(100)
  const below = storage.copy()
  const journal = fileOf(below, '1.cbj').content
  const lastFrame = journal.seen.lastIndexOf('CBJ1')
  journal.seen.fill(0, lastFrame)
  await refusesWith(below, folder, /acknowledged work is missing/)
  await sequencer.close()
  const gone = storage.copy()
  fileOf(gone, '1.cbj').content.seen.fill(0)
  for (const { content } of [fileOf(gone, '.cbe')]) content.seen = Buffer.alloc(0)
  await refusesWith(gone, folder, /missing/)
  const noEvents = storage.copy()
  fileOf(noEvents, '.cbe').content.seen = Buffer.alloc(0)
  await refusesWith(noEvents, folder, /events 1 to \d+ are missing/)
})

test('a journal that ends below a snapshot that cannot be read refuses to start', async () => {
  const { storage, folder, sequencer } = await traded(100)
  await sequencer.close()
  const second = await startOn(storage, folder)
  for (let i = 200; i < 203; i += 1) await second.submit(flow(i))
  await second.close()
  const newest = fileOf(storage, '.cbs').content
  newest.seen.writeUInt8(newest.seen.readUInt8(1000) ^ 1, 1000)
  for (const [ending, magic] of [
    ['1.cbj', 'CBJ1'],
    ['.cbe', 'CBE1'],
  ] as const) {
    const { content } = fileOf(storage, ending)
    content.seen = Buffer.from(content.seen.subarray(0, content.seen.lastIndexOf(magic)))
  }
  await refusesWith(storage, folder, /the journal ends at \d+, a snapshot at \d+/)
})

test('events behind a hole that the journal does not reach refuse to start', async () => {
  const { storage, folder } = await traded(100, { segmentBytes: 1 << 20 })
  const journal = fileOf(storage, '1.cbj').content.seen
  journal.fill(0, journal.lastIndexOf('CBJ1'))
  const events = fileOf(storage, '.cbe').content.seen
  const before = events.lastIndexOf('CBE1', events.lastIndexOf('CBE1') - 1)
  events.fill(0, before, before + 64)
  await refusesWith(storage, folder, /acknowledged work is missing/)
})

test('a hole in events that were not synced is mended from the journal', async () => {
  const { storage, folder, state, sequencer } = await traded(100, { segmentBytes: 1 << 20 })
  const whole = await readAll(sequencer)
  const events = fileOf(storage, '.cbe').content.seen
  events.fill(0, 20_000, 21_000)
  const again = await startOn(storage, folder)
  assert.equal(await readAll(again), whole)
  assert.deepEqual(await stateOf(again), state)
})

test('a snapshot over another journal refuses to start', async () => {
  const { storage, folder, sequencer } = await traded(40)
  await sequencer.close()
  const other = await openInMemory()
  await open(other.sequencer)
  for (let i = 0; i < 60; i += 1) await other.sequencer.submit(flow(i + 1))
  fileOf(storage, '1.cbj').content.seen = fileOf(other.storage, '1.cbj').content.seen
  await refusesWith(storage, folder, /is not the frame that snapshot \d+ stands on/)
})

test('a flipped bit in acknowledged work refuses to start, in the last frame too', async () => {
  const { storage, folder } = await traded(100)
  const random = createRandom(5)
  const used = fileOf(storage, '1.cbj').content.seen.lastIndexOf('CBJ1') + 500
  for (let i = 0; i < 100; i += 1) {
    const copy = storage.copy()
    const { seen } = fileOf(copy, '1.cbj').content
    const at = random() % used
    seen[at] = (seen[at] ?? 0) ^ (1 << (random() % 8))
    await refusesWith(copy, folder, /damaged|missing/)
  }
})

test('events on disk that replay does not make refuse to start', async () => {
  const { storage, folder, sequencer } = await traded(40)
  const other = await openInMemory()
  await open(other.sequencer)
  for (let i = 0; i < 39; i += 1) await other.sequencer.submit(flow(i + 1))
  const foreign = fileOf(other.storage, '.cbe').content
  fileOf(storage, '.cbe', 0).content.seen = foreign.seen
  await refusesWith(storage, folder, /replay differs from event \d+/)
  await other.sequencer.close()
  await sequencer.close()
})

test('a frame of other rules refuses to start, naming the frame', async () => {
  const { storage, folder } = await openInMemory()
  const { createJournal } = await import('#journal/journal.ts')
  const { NEW_CHAIN, recordsFrom, throwIt } = await import('#test/journal/chains.ts')
  const common = { storage, folder, end: NEW_CHAIN, segmentBytes: 4096, fatal: throwIt, build: 0 }
  for (const [engineVersion, says] of [
    [ENGINE_VERSION + 1, /is of engine version \d+, this is \d+/],
    [ENGINE_VERSION - 1, /is of engine version \d+, this is \d+: .* begin in a new data folder/],
    [ENGINE_VERSION, /command 1 in .*[.]cbj at byte 0 stops the engine: /],
  ] as const) {
    const copy = storage.copy()
    for (const name of [...copy.files.keys()]) if (name.endsWith('.cbj')) copy.remove(name)
    const journal = createJournal({ ...common, storage: copy, engineVersion })
    const poison = recordsFrom(1, 1)
    poison.window.i32[16] = 250 | (1 << 16)
    journal.append(poison)
    journal.close()
    await refusesWith(copy, folder, says)
  }
})

test('INV-08: replay in another process has the digests of the live one', async (t) => {
  const folder = temporaryFolder(t)
  const clock = () => asMicros(Date.now() * 1000)
  const lines: string[] = []
  const report = (line: string) => void lines.push(line)
  const common = { folder, clock, report, segmentBytes: 1 << 16, snapshotEvery: 200 }
  const sequencer = await createSequencer(common)
  await open(sequencer)
  const now = (i: number): Submission => ({ ...flow(i), sentAt: clock() })
  for (let i = 0; i < 400; i += 40) {
    await Promise.all(Array.from({ length: 40 }, (_, j) => sequencer.submit(now(i + j))))
  }
  await until(() => readdirSync(join(folder, 'snapshots')).some((name) => name.endsWith('.cbs')))
  const { seq, business, full } = await sequencer.digest()
  const { eventDigest } = await sequencer.eventDigest()
  const run = (command: string) =>
    JSON.parse(
      execFileSync(process.execPath, [CLI, command, '--data', folder, '--json'], {
        encoding: 'utf8',
      }),
    )
  const replayed = run('replay')
  assert.deepEqual(
    {
      seq: replayed.seq,
      business: replayed.business,
      full: replayed.full,
      eventDigest: replayed.eventDigest,
    },
    { seq, business, full, eventDigest },
  )
  await sequencer.close()
  const verified = run('verify-journal')
  assert.deepEqual(verified.problems, [])
  assert.equal(verified.events.digest, eventDigest)
  assert.ok(verified.snapshots.includes(seq), 'the one at close')
  assert.deepEqual(lines, [])
  const again = await createSequencer(common)
  assert.deepEqual(await again.digest(), { seq, business, full })
  await again.close()
})

async function until(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !isTrue(); i += 1) await sleep(20)
  assert.ok(isTrue(), 'in 10 s')
}
