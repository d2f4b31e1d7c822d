// Instant sequencer: the sequencer's port over the real engine, without a journal.
//
// Every command is released before submit returns its promise. For tests of what stands around the
// sequencer; what is durable is tested where the journal is.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cellCount, commandCells, createCells, decodeEvent, encodeCommand } from '#engine/codec.ts'
import type { Command } from '#engine/command.ts'
import { apply, createEngine, nextDue } from '#engine/engine.ts'
import type { Event } from '#engine/event.ts'
import { type RefusalCode, refusalOf } from '#kernel/refusals.ts'
import { asMicros, type Clock } from '#kernel/time.ts'
import type { EventBatch, Follower, Reply, Sequencer, Submission } from '#sequencer/port.ts'

type Engine = ReturnType<typeof createEngine>
type Released = EventBatch & { readonly seq: number }

/** A sequencer that releases at once and keeps everything in memory. */
export function createInstantSequencer(clock: Clock): Sequencer {
  const engine = createEngine()
  const followers: Follower[] = []
  const released: Released[] = []
  const bySeq = new Map<number, readonly Event[]>()
  let [seq, eventNo] = [0, 0]
  const run = (command: Command): void => {
    const cells = createCells(commandCells(command))
    encodeCommand(command, cells, 0)
    apply(engine, cells, 0)
    const batch = takeBatch(engine, eventNo, command.seq)
    if (batch.to === 0) return
    eventNo = batch.lastEventNo
    bySeq.set(command.seq, eventsOf(batch))
    released.push({ ...batch, seq: command.seq })
    for (const follow of followers) follow(batch)
  }
  const stamp = () => {
    seq += 1
    return { seq, time: clock() }
  }
  return {
    submit: async (body) => {
      while (nextDue(engine) === 0) run({ kind: 'tick', ...stamp() })
      run({ ...hashed(body), ...stamp() })
      const { code, duplicate, seq: original } = engine.outcome
      return replyOf({ code, duplicate, seq: original, events: bySeq.get(original) ?? [] })
    },
    follow: (follower) => {
      followers.push(follower)
    },
    readEvents: async function* read(after) {
      for (const batch of released) if (batch.firstEventNo > after) yield batch
    },
    status: () => ({
      ...{ releasedSeq: seq, releasedEventNo: eventNo, eventDigest: '', queued: 0 },
      ...{ commitP50Ms: 0, commitP99Ms: 0 },
    }),
    close: async () => {},
  }
}

function replyOf(reply: Omit<Reply, 'code'> & { readonly code: number }): Reply {
  return { ...reply, code: reply.code === 0 ? null : nameOf(reply.code) }
}

function nameOf(number: number): RefusalCode {
  const code = refusalOf(number)
  assert.ok(code !== undefined)
  return code
}

function takeBatch(engine: Engine, before: number, seq: number): EventBatch {
  const { cells: from, length: to } = engine.events
  const cells = createCells(to)
  cells.bytes.set(from.bytes.subarray(0, to * 64))
  engine.events.length = 0
  const count = eventsOf({ cells, from: 0, to }).length
  const numbers = { firstEventNo: before + 1, lastEventNo: before + count, lastSeq: seq }
  return { cells, from: 0, to, ...numbers }
}

function eventsOf({ cells, from, to }: Pick<EventBatch, 'cells' | 'from' | 'to'>): Event[] {
  const events: Event[] = []
  for (let at = from; at < to; at += cellCount(cells, at)) events.push(decodeEvent(cells, at))
  return events
}

function hashed(body: Submission): Command {
  const kept = { ...body, ...('sentAt' in body && !body.sentAtGiven ? { sentAt: 0 } : {}) }
  const digest = createHash('sha256').update(JSON.stringify(kept)).digest()
  const bodyHash = digest.subarray(0, 24).toString('latin1')
  const stamp = { seq: 0, time: asMicros(0) }
  return { ...body, ...stamp, ...('sentAt' in body ? { bodyHash } : {}) } as Command // By kind.
}
