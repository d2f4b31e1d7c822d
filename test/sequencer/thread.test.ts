// Thread: the same sequencer with its press in a thread of its own, on a real disk.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { NO_EXTRA } from '#engine/codec/extra.ts'
import { cellCount, decodeEvent } from '#engine/codec.ts'
import { asId } from '#kernel/ids.ts'
import { StartError } from '#kernel/start-error.ts'
import { asMicros } from '#kernel/time.ts'
import { QUESTIONS_MAX, SUBMIT_QUEUE_MAX } from '#sequencer/limits.ts'
import { decodedReplies, GROUP_MAX, type Sequencer } from '#sequencer/port.ts'
import { createSequencer } from '#sequencer/sequencer.ts'
import { startSequencer } from '#sequencer/thread.ts'
import { rules } from '#test/support/example.ts'
import {
  flow,
  open,
  plain,
  order as plainOrder,
  readAll,
  SMALL_FILES,
  said,
  temporaryFolder,
} from './sequencers.ts'

const CHILD = fileURLToPath(new URL('./thread-child.ts', import.meta.url))
const FLOW = 400
const clock = () => asMicros(Date.now() * 1_000)

/** Sent now: the thread goes by the machine's clock. */
function order(id: string, more: Parameters<typeof plainOrder>[1] = {}) {
  return plainOrder(id, { sentAt: clock(), sentAtGiven: false, ...more })
}

/** A folder and how to open it; whatever a test leaves open is closed before the folder goes. */
function place(t: TestContext) {
  const open: Sequencer[] = []
  t.after(() => Promise.all(open.map((sequencer) => sequencer.close())))
  const folder = temporaryFolder(t)
  const start = async () => {
    const sequencer = await startSequencer({ folder, ...SMALL_FILES })
    open.push(sequencer)
    return sequencer
  }
  return { folder, start }
}

async function opened(t: TestContext) {
  const { folder, start } = place(t)
  const sequencer = await start()
  await open(sequencer)
  return { folder, start, sequencer }
}

/** Orders alone and in groups, one after the other and many at once. */
async function drive(sequencer: Sequencer): Promise<void> {
  await open(sequencer)
  await sequencer.submit(flow(0))
  await Promise.all(Array.from({ length: FLOW }, (_, i) => sequencer.submit(flow(i))))
  for (let i = 0; i < FLOW; i += GROUP_MAX) {
    await sequencer.submitAll(Array.from({ length: GROUP_MAX }, (_, j) => flow(i + j)))
  }
}

test('what comes in is the same state, image and folder as in one thread', async (t) => {
  const { folder, start } = place(t)
  const threaded = await start()
  const inOne = await createSequencer({ folder: temporaryFolder(t), clock, ...SMALL_FILES })
  await Promise.all([drive(threaded), drive(inOne)])
  const [one, other] = [await threaded.digest(), await inOne.digest()]
  assert.deepEqual([one.seq, one.business], [other.seq, other.business])
  const { eventDigest } = await threaded.eventDigest()
  await threaded.close()
  await inOne.close()
  const again = await createSequencer({ folder, clock, ...SMALL_FILES })
  assert.deepEqual(await again.digest(), one)
  assert.equal((await again.eventDigest()).eventDigest, eventDigest)
  const image = again.image()
  await again.close()
  const third = await start()
  assert.deepEqual(third.image(), image)
  await third.close()
})

test('what an owner has traded is told as in one thread, of all that was handed in', async (t) => {
  const threaded = await place(t).start()
  const inOne = await createSequencer({ folder: temporaryFolder(t), clock, ...SMALL_FILES })
  const answers = [threaded, inOne].map(async (sequencer) => {
    await open(sequencer)
    void sequencer.submit({ ...order('a', { account: 16 }), side: 'sell' })
    void sequencer.submit(order('b', { account: 17 }))
    return Promise.all([16, 17, 18].map((owner) => sequencer.volumesOf(asId(owner))))
  })
  const [one, other] = await Promise.all(answers)
  assert.deepEqual(one, other)
  const sums = one?.map((told) => told?.volumes.reduce((sum, row) => sum + row.notional, 0))
  assert.ok(sums?.[0] !== undefined && sums[0] > 0, JSON.stringify(one))
  assert.deepEqual(sums, [sums[0], sums[0], 0])
  await threaded.close()
  await inOne.close()
})

test('where triggers stand is told as in one thread, of all that was handed in', async (t) => {
  const threaded = await place(t).start()
  const inOne = await createSequencer({ folder: temporaryFolder(t), clock, ...SMALL_FILES })
  const answers = [threaded, inOne].map(async (sequencer) => {
    await open(sequencer)
    void sequencer.submit(plain(rules({ collarBps: 100 })))
    void sequencer.submit({ ...order('a', { account: 16 }), side: 'sell' })
    void sequencer.submit(order('b', { account: 17 }))
    const extra = { ...NO_EXTRA, trail: 5 }
    const { seq } = await sequencer.submit(order('c', { type: 'trailing-stop', price: 0, extra }))
    return sequencer.triggersOf([asId(seq), asId(seq - 1), asId(seq + 1)])
  })
  const [one, other] = await Promise.all(answers)
  assert.deepEqual(one, other)
  assert.deepEqual(one?.slice(1), [0, 0], 'one that is over, and one that never was')
  assert.ok((one?.[0] ?? 0) > 0)
  await threaded.close()
  await inOne.close()
})

test('questions of customers are bounded, and one that fails stops nothing', async (t) => {
  const { sequencer } = await opened(t)
  const asked = Array.from({ length: QUESTIONS_MAX }, () => sequencer.volumesOf(asId(16)))
  assert.equal(await sequencer.volumesOf(asId(16)), null, 'one too many')
  assert.equal(await sequencer.triggersOf([asId(1)]), null)
  for (const answer of await Promise.all(asked)) assert.ok(answer !== null)
  // What no engine can answer is the asker's to hear.
  await assert.rejects(sequencer.triggersOf(undefined as never), /map/)
  assert.deepEqual(await sequencer.triggersOf([asId(1)]), [0])
  assert.equal((await sequencer.submit(order('after'))).code, null)
  const last = sequencer.volumesOf(asId(16))
  await sequencer.close()
  assert.ok((await last) !== null)
  assert.equal(await sequencer.volumesOf(asId(16)), null)
})

test('followers get every event once and in order, before the reply to its command', async (t) => {
  const sequencer = await place(t).start()
  let followed = 0
  let bytes = ''
  sequencer.follow(({ cells, from, to, firstEventNo, lastEventNo, lastSeq }) => {
    assert.equal(firstEventNo, followed + 1)
    assert.ok(lastSeq > sequencer.status().releasedSeq, 'not yet released')
    followed = lastEventNo
    bytes += Buffer.from(cells.bytes.subarray(from * 64, to * 64)).toString('hex')
  })
  await open(sequencer)
  const replies = Array.from({ length: FLOW }, async (_, i) => {
    const { seq, events } = await sequencer.submit(flow(i))
    assert.ok((events.at(-1)?.eventNo ?? 0) <= followed, 'answered after it was followed')
    assert.ok(seq <= sequencer.status().releasedSeq)
  })
  await Promise.all(replies)
  assert.equal(sequencer.status().releasedEventNo, followed)
  assert.equal(sequencer.status().queued, 0)
  assert.equal(await readAll(sequencer), bytes, 'the segments hold what was followed')
  assert.equal((await readAll(sequencer, followed - 1)).length % 128, 0)
  assert.equal(await readAll(sequencer, followed), '')
  await sequencer.close()
})

test('a repetition gets the same answer in flight, after release and restart', async (t) => {
  const { start, sequencer } = await opened(t)
  const body = order('a')
  const [first, inFlight] = await Promise.all([sequencer.submit(body), sequencer.submit(body)])
  const [own, again] = decodedReplies(await sequencer.submitAll([order('b'), body]))
  const other = await sequencer.submit({ ...body, clientOrderId: 'a', postOnly: true })
  await sequencer.close()
  const restarted = await start()
  const later = await restarted.submit(body)
  for (const reply of [inFlight, again, later]) {
    assert.ok(reply?.duplicate === true)
    assert.deepEqual(said(reply), said(first))
  }
  assert.equal(own?.duplicate, false)
  assert.equal(other.code, 'idempotency.mismatch')
  await restarted.close()
})

test('a queue that is full and a closed desk refuse with seq 0', async (t) => {
  const { sequencer } = await opened(t)
  const waiting = Array.from({ length: SUBMIT_QUEUE_MAX }, () => sequencer.submit(order('a')))
  const full = await sequencer.submit(order('late'))
  assert.deepEqual(said(full), { seq: 0, code: 'capacity.exhausted', events: [] })
  await Promise.all(waiting)
  const last = sequencer.submit(order('last'))
  await sequencer.close()
  assert.equal((await last).code, null, 'close drains')
  assert.equal((await sequencer.submit(order('closed'))).code, 'capacity.exhausted')
})

test('a command that is too late for its sender does not happen', async (t) => {
  const { sequencer } = await opened(t)
  const { releasedSeq } = sequencer.status()
  const late = await sequencer.submitAll([order('a'), order('b')], { notAfter: asMicros(1) })
  assert.deepEqual(
    decodedReplies(late).map(({ seq, code }) => [seq, code]),
    [
      [0, 'auth.expired'],
      [0, 'auth.expired'],
    ],
  )
  const { seq } = await sequencer.submit(order('a'), { notAfter: asMicros(clock() + 60_000_000) })
  assert.equal(seq, releasedSeq + 1)
  await sequencer.close()
})

test('what falls due is done when nobody comes', async (t) => {
  const { sequencer } = await opened(t)
  const { promise: ended, resolve } = Promise.withResolvers<string>()
  sequencer.follow(({ cells, from, to }) => {
    for (let at = from; at < to; at += cellCount(cells, at)) {
      const event = decodeEvent(cells, at)
      if (event.kind === 'cancelled') resolve(event.reason)
    }
  })
  let code: string | null = 'not asked yet'
  // On a slow machine the order may come when it is over already.
  for (const ms of [50, 200, 1_000, 5_000]) {
    const extra = { ...NO_EXTRA, expireAt: asMicros(clock() + ms * 1_000) }
    const reply = await sequencer.submit(order(`brief-${ms}`, { timeInForce: 'GTD', extra }))
    code = reply.code
    if (code === null) break
  }
  assert.equal(code, null)
  assert.equal(await ended, 'order.expired')
  await sequencer.close()
})

test('a folder that somebody holds is refused in one line', async (t) => {
  const { start, sequencer } = await opened(t)
  await assert.rejects(start(), (error) => {
    assert.ok(error instanceof StartError)
    assert.match(error.message, /another Crossbook process uses the data folder/)
    return true
  })
  await sequencer.close()
  await start()
})

for (const lost of ['journal', 'events']) {
  test(`a thread that fails without its ${lost} ends the process`, async (t) => {
    const folder = temporaryFolder(t)
    const child = spawn(process.execPath, [CHILD, folder, lost])
    const said = Promise.all([text(child.stdout), text(child.stderr)])
    const [code] = await once(child, 'close')
    const [answers, errors] = await said
    assert.equal(code, 70)
    assert.match(errors, /ENOENT/)
    const [, after = ''] = answers.split('lost\n')
    const last = Number(after.trim().split('\n').at(-1))
    renameSync(join(folder, 'lost'), join(folder, lost))
    const again = await createSequencer({ folder, clock, ...SMALL_FILES })
    assert.ok(again.status().releasedSeq >= last, 'what was answered is there')
    assert.equal(last > 0, lost === 'journal', 'and what could not be read was not answered')
    await again.close()
  })
}
