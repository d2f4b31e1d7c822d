// F1: kill -9 under load. Every acknowledged order is there afterwards, and none is there twice.
//
// Real processes and real files. The child writes a line for each reply it got; after each kill the
// folder is opened here, and each of those lines is looked for among all events.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { cellCount, decodeEvent } from '#engine/codec.ts'
import { asMicros } from '#kernel/time.ts'
import { verifyJournal } from '#scripts/verify-journal.ts'
import type { Sequencer } from '#sequencer/port.ts'
import { createSequencer } from '#sequencer/sequencer.ts'
import { temporaryFolder } from '#test/sequencer/sequencers.ts'

const CYCLES = 10
const KILL_WITHIN_MS = 60
/** Of each run at least, however slow the machine is. */
const ACKNOWLEDGED_MIN = 30
const CHILD = fileURLToPath(new URL('./kill9-child.ts', import.meta.url))

type Acknowledged = { readonly id: string; readonly seq: number; readonly code: string }

test(`${CYCLES} kills under load lose no acknowledged order and repeat none`, async (t) => {
  const [folder, answers] = [temporaryFolder(t), temporaryFolder(t)]
  const acknowledged: Acknowledged[] = []
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    acknowledged.push(...(await killedRun(folder, join(answers, `${cycle}`), `c${cycle}`)))
    const clock = () => asMicros(Date.now() * 1000)
    const sequencer = await createSequencer({ folder, clock, segmentBytes: 1 << 20 })
    await checkEvents(sequencer, acknowledged)
    await sequencer.close()
  }
  assert.deepEqual(verifyJournal(folder).problems, [])
  assert.ok(acknowledged.length > 200, `${acknowledged.length} were acknowledged`)
  t.diagnostic(`${acknowledged.length} acknowledged orders over ${CYCLES} kills`)
})

/** Runs a child until it is killed; answers what it said was acknowledged. */
async function killedRun(folder: string, said: string, prefix: string): Promise<Acknowledged[]> {
  const child = spawn(process.execPath, [CHILD, folder, prefix, said], { stdio: 'inherit' })
  const ended = once(child, 'exit')
  const isUp = () => child.exitCode === null && child.signalCode === null
  while (isUp() && wholeLines(said).length < ACKNOWLEDGED_MIN) await sleep(2)
  await sleep(20 + Math.random() * KILL_WITHIN_MS)
  assert.ok(isUp(), 'the child ended by itself')
  child.kill('SIGKILL')
  assert.deepEqual(await ended, [null, 'SIGKILL'])
  return wholeLines(said).map((line) => {
    const [id = '', seq = '', code = ''] = line.split(' ')
    return { id, seq: Number(seq), code }
  })
}

function wholeLines(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
}

async function checkEvents(sequencer: Sequencer, acknowledged: readonly Acknowledged[]) {
  const accepted = new Map<string, number[]>()
  const trades = new Set<string>()
  let eventNo = 0
  for await (const { cells, from, to } of sequencer.readEvents(0)) {
    for (let at = from; at < to; at += cellCount(cells, at)) {
      const event = decodeEvent(cells, at)
      assert.equal(event.eventNo, eventNo + 1, 'INV-09: eventNo is gap-free')
      eventNo = event.eventNo
      if (event.kind === 'accepted') {
        accepted.set(event.clientOrderId, [...(accepted.get(event.clientOrderId) ?? []), event.seq])
      }
      if (event.kind !== 'fill') continue
      const trade = `${event.market} ${event.tradeId}`
      assert.ok(!trades.has(trade), `fill ${trade} is there twice`)
      trades.add(trade)
    }
  }
  for (const [id, seqs] of accepted) assert.equal(seqs.length, 1, `${id} is there twice`)
  for (const { id, seq, code } of acknowledged) {
    const found = accepted.get(id)?.[0]
    assert.equal(found, code === 'accepted' ? seq : undefined, `${id} was acknowledged: ${code}`)
  }
}
