// The tape: a run is recorded, survives kill -9, stays within its bounds, and replays to the same
// acts and the same state.

import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Handled } from '#bots/runtime/channel.ts'
import { createBotRunner } from '#bots/runtime/runner.ts'
import { openStateStore } from '#bots/runtime/state-store.ts'
import { strategyChildren } from '#bots/runtime/strategy-child.ts'
import type { Strategy } from '#bots/strategy.ts'
import { createTapeRecorder, type TapeOptions } from '#bots/tape/recorder.ts'
import { replayTape } from '#bots/tape/replay.ts'
import { listSegments } from '#bots/tape/segment-files.ts'
import type { TapeEntry } from '#bots/tape/tape-format.ts'
import { readTape } from '#bots/tape/tape-reader.ts'
import { summariseTape } from '#bots/tape/tape-summary.ts'
import { main } from '#scripts/tape.ts'
import { createFakeVenue } from '../runtime/fake-venue.ts'
import { talk } from './talk.ts'
import trendy from './trendy.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossbook-tape-'))
after(() => rmSync(folder, { recursive: true }))

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const TALKER = fileURLToPath(new URL('./talker.ts', import.meta.url))
const count = { folders: 0 }

function open(limits: TapeOptions['limits'] = {}) {
  count.folders += 1
  const path = join(folder, String(count.folders))
  const logs: string[] = []
  const log = (text: string) => void logs.push(text)
  const now = () => Math.floor((performance.timeOrigin + performance.now()) * 1_000)
  return { path, logs, now, tape: createTapeRecorder({ folder: path, bot: 'b', now, log, limits }) }
}

async function read(path: string): Promise<TapeEntry[]> {
  const entries: TapeEntry[] = []
  for await (const entry of readTape(path)) entries.push(entry)
  return entries
}

const LIMITS = {
  ...{ ordersPerSecond: 100, orderNotional: 1e6, openNotional: 1e6, position: 1e6 },
  ...{ priceBps: 9_000, dataAgeMs: 60_000, dailyLoss: 1e6, drawdown: 1e6, flatten: false },
}

async function until(isSo: () => boolean): Promise<void> {
  for (let look = 0; look < 10_000 && !isSo(); look += 1) await sleep(2)
  assert.ok(isSo())
}

/** A run of the strategy in its own process, with a start in the middle of it. */
async function recordedRun() {
  const { path, tape, now } = open()
  const fake = createFakeVenue()
  const logs: string[] = []
  const start = strategyChildren([])
  const seen = { handled: 0, starts: 0 }
  const runner = createBotRunner({
    settings: {
      ...{ id: 'b', strategy: join(import.meta.dirname, 'trendy.ts'), params: {} },
      state: 'running',
    },
    venues: [{ venue: fake.venue }],
    ...{ treasury: undefined, store: openStateStore(join(folder, 'b.json')), limits: LIMITS },
    priceOf: (asset) => (asset === 'BTC' ? 100 : 1),
    startChild(events) {
      seen.starts += 1
      const onHandled = (handled: Handled) => {
        seen.handled += 1
        events.onHandled(handled)
      }
      return start({ ...events, tape, onHandled })
    },
    ...{ onReport: () => {}, log: (text) => void logs.push(text), now },
  })
  await runner.start()
  const quote = (step: number) => {
    const bid = 100 + Math.sin(step / 3) * 5
    fake.tell({
      ...{ kind: 'book', symbol: 'BTC-USDC', at: now() - 40 },
      ...{ bids: [{ price: bid.toFixed(1), size: '1' }], asks: [{ price: '120.0', size: '1' }] },
    })
  }
  /** A book, and the answer to it. */
  const turn = async (step: number) => {
    const before = seen.handled
    quote(step)
    await until(() => seen.handled > before)
  }
  for (let step = 0; step < 60; step += 1) await turn(step)
  process.kill(runner.pid() ?? 0, 'SIGKILL')
  await until(() => seen.starts === 2)
  for (let step = 0; step < 20; step += 1) await turn(step)
  await runner.stop()
  await tape.close()
  return { path, fake, logs }
}

const run = await recordedRun()

test('a recorded run replays to the same acts and the same final state', async () => {
  const entries = await read(run.path)
  const then = entries.filter((entry) => entry.kind === 'handled')
  const placedThen = then.flatMap(({ actions }) => actions.filter(({ kind }) => kind === 'place'))
  const stateThen = then.findLast(({ state }) => state !== undefined)?.state
  const now: Handled[] = []
  const replayed = await replayTape(readTape(run.path), trendy, {
    onTurn: ({ handled }) => void now.push(handled),
  })
  assert.equal(replayed.starts, 2, run.logs.join('\n'))
  assert.ok(replayed.events > 60 && placedThen.length > 5, JSON.stringify(replayed))
  assert.deepEqual([replayed.equal, replayed.differences], [replayed.answers, []])
  assert.deepEqual(replayed.state, stateThen)
  const placedNow = now.flatMap(({ actions }) => actions.filter(({ kind }) => kind === 'place'))
  assert.deepEqual(JSON.parse(JSON.stringify(placedNow)), placedThen)
  // All that reached the venue, and what the gate kept from it.
  const asked = new Set(placedThen.map((one) => one.kind === 'place' && one.request.clientOrderId))
  assert.ok(run.fake.placed.every(({ clientOrderId }) => asked.has(clientOrderId)))
})

test('a strategy that acts differently is told with the first event at which it does', async () => {
  const other: Strategy = {
    ...trendy,
    begin: (beginning) => trendy.begin({ ...beginning, params: { ...beginning.params, size: 2 } }),
  }
  const { equal, answers, differences } = await replayTape(readTape(run.path), other)
  assert.ok(equal < answers)
  const [first] = differences
  assert.ok(first?.what === 'acts' && first.before.includes('1.00000'), JSON.stringify(first))
  assert.match(first.now, /"amount":"2.00000"/)
})

test('every event has the time of the venue, of its receipt and of its delivery', async () => {
  const books = (await read(run.path)).flatMap((entry) => {
    const isBook = entry.kind === 'event' && entry.event.kind === 'update'
    return isBook ? [entry] : []
  })
  assert.ok(books.length > 30)
  for (const { at, receivedAt = 0, event } of books) {
    assert.ok(event.kind === 'update' && event.update.kind === 'book')
    assert.ok(event.update.at < receivedAt && receivedAt <= at)
  }
  const summary = await summariseTape(readTape(run.path))
  assert.ok(summary.latestReceived >= 40 && summary.latestDelivered > 0)
  assert.equal(summary.kinds.book, books.length)
})

test('killed with -9 in the middle of writing, all but the last moment is there', async () => {
  const path = join(folder, 'killed')
  const child = fork(TALKER, [path], { stdio: 'inherit' })
  const last = { said: 0 }
  child.on('message', (no) => {
    last.said = Number(no)
  })
  await until(() => last.said > 100)
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  const entries = await read(path)
  const numbers = entries.flatMap((entry) => (entry.kind === 'event' ? [entry.no] : []))
  assert.deepEqual(
    numbers,
    numbers.map((_, at) => at + 1),
  )
  assert.ok(numbers.length > 100 && numbers.length >= last.said, `${numbers.length} ${last.said}`)
  const [segment] = listSegments(path)
  appendFileSync(segment?.path ?? '', Buffer.from([200, 0, 0, 0, 1, 2, 3, 4, 5]))
  const walk = readTape(path)
  let step = await walk.next()
  while (step.done !== true) step = await walk.next()
  assert.ok(step.value >= 9, 'the torn tail is left out and counted')
  // The next run goes on in a segment of its own.
  const { now } = open()
  const next = createTapeRecorder({ folder: path, bot: 'b', now, log: assert.fail })
  talk(next, { from: numbers.length + 1, count: 3 })
  await next.close()
  assert.equal((await read(path)).filter(({ kind }) => kind === 'event').length, numbers.length + 3)
})

test('cut off at any byte, a tape tells what was whole before it and nothing else', async () => {
  const { path, tape } = open({ everyMs: 1 })
  for (let from = 1; from < 40; from += 4) {
    talk(tape, { from, count: 4 })
    await sleep(4)
  }
  await tape.close()
  const [segment] = listSegments(path)
  const whole = readFileSync(segment?.path ?? '')
  const all = await read(path)
  const cut = join(folder, 'cut.tape')
  let shorter = 0
  for (let length = 0; length <= whole.length; length += 7) {
    writeFileSync(cut, whole.subarray(0, length))
    const some = await read(cut)
    assert.deepEqual(some, all.slice(0, some.length))
    if (some.length < all.length) shorter += 1
  }
  assert.ok(shorter > 10)
  const flipped = Buffer.from(whole)
  flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 1
  writeFileSync(cut, flipped)
  const some = await read(cut)
  assert.ok(some.length < all.length)
  assert.deepEqual(some, all.slice(0, some.length))
})

test('a tape stays within its size, and begins with a seam once it is cut', async () => {
  const limits = { segmentChars: 16_000, bytesMax: 32_000, everyMs: 1 }
  const { path, tape } = open(limits)
  for (let from = 1; from < 4_000; from += 20) {
    talk(tape, { from, count: 20, isRandom: true })
    await sleep(4)
    const bytes = listSegments(path).reduce((sum, one) => sum + one.bytes, 0)
    assert.ok(bytes <= limits.bytesMax, JSON.stringify(listSegments(path)))
  }
  await tape.close()
  const entries = await read(path)
  assert.equal(entries[0]?.kind, 'seam')
  const events = entries.filter(({ kind }) => kind === 'event')
  assert.ok(events.length > 10 && events.length < 4_000)
  const replayed = await replayTape(readTape(path), trendy)
  assert.ok(replayed.isCut && replayed.starts === 1 && replayed.events === events.length)
})

test('segments that are too old are dropped when the next one begins', async () => {
  const { path, tape, now } = open()
  talk(tape, { from: 1, count: 2 })
  await tape.close()
  const later = () => now() + 8 * 24 * 3_600_000_000
  const next = createTapeRecorder({ folder: path, bot: 'b', now: later, log: assert.fail })
  talk(next, { from: 3, count: 2 })
  await next.close()
  const events = (await read(path)).flatMap((one) => (one.kind === 'event' ? [one.no] : []))
  assert.deepEqual(events, [3, 4])
})

test('a disk that is too slow costs lines, which are counted, and never memory', async () => {
  const { path, tape } = open({ waitingChars: 10_000, everyMs: 1 })
  talk(tape, { from: 1, count: 1_000 })
  await sleep(50)
  talk(tape, { from: 1_001, count: 1 })
  await tape.close()
  const entries = await read(path)
  const missing = entries.reduce((sum, one) => sum + (one.kind === 'gap' ? one.lines : 0), 0)
  const there = entries.filter(({ kind }) => kind !== 'gap').length
  assert.ok(missing > 0 && there > 10)
  assert.equal(missing + there, 1 + 2 * 1_001)
})

test('a tape that cannot be written ends itself and harms nobody', async () => {
  const { path, tape, logs } = open({ everyMs: 1 })
  rmSync(path, { recursive: true, force: true })
  writeFileSync(path, 'in the way')
  talk(tape, { from: 1, count: 3 })
  await sleep(20)
  talk(tape, { from: 4, count: 3 })
  await tape.close()
  assert.match(logs.join('\n'), /the tape ends: (ENOTDIR|EEXIST)/)
})

test('what is no tape, or one of another version, is refused by name', async () => {
  const path = join(folder, 'other.tape')
  writeFileSync(path, 'crossbook-tape 2 {}\n')
  await assert.rejects(read(path), /other.tape is a tape of version 2, not 1/)
  writeFileSync(path, 'something\n')
  await assert.rejects(read(path), /other.tape is no tape/)
  await assert.rejects(read(join(folder, 'gone')), /gone is not there/)
  assert.ok(statSync(path).size > 0)
})

test('the command shows a tape and replays it, with exit code 1 when something differs', async (t) => {
  const said: string[] = []
  t.mock.method(console, 'log', (line: string) => void said.push(line))
  assert.equal(await main(['show', run.path, '--json']), 0)
  const { bot, segments, events, starts } = JSON.parse(said.pop() ?? '')
  assert.deepEqual([bot, segments, starts, events > 60], ['b', 1, 2, true])
  const file = join(import.meta.dirname, 'trendy.ts')
  assert.equal(await main(['replay', run.path, file, '--acts']), 0)
  assert.match(
    said.join('\n'),
    /place buy 1\.00000 BTC-USDC at [\s\S]* answers are as they were then/,
  )
  const other = join(folder, 'other.ts')
  const text = readFileSync(file, 'utf8').replace('price - ctx.random()', 'price - 1')
  writeFileSync(other, text.replaceAll(/'#bots\/(.*?)'/g, `'${ROOT}bots/$1'`))
  said.length = 0
  assert.equal(await main(['replay', run.path, other]), 1)
  assert.match(said.join('\n'), /first difference at event \d+, .*, acts:\n {2}then /)
  await assert.rejects(main(['replay', run.path, 'gone.ts']), /gone.ts is not there/)
  t.mock.method(console, 'error', () => {})
  assert.equal(await main(['nonsense']), 2)
})
