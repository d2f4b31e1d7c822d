// Sequencers for tests: a clock that is set by hand, and folders in memory or on disk.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { CommandBody } from '#engine/command.ts'
import type { Fatal } from '#journal/journal.ts'
import { asMicros } from '#kernel/time.ts'
import type { Reply, Sequencer, Submission } from '#sequencer/port.ts'
import { createSequencer, type SequencerOrder } from '#sequencer/sequencer.ts'
import { createSimulatedStorage } from '#test/journal/simulated-storage.ts'
import { limit, opening, START_US } from '#test/support/commands.ts'

/** Files of a journal on disk: those of 64 MB take a second to be written and removed again. */
export const SMALL_FILES = { segmentBytes: 1 << 20 } as const

type Order = Extract<Submission, { kind: 'place' }>

export type ManualClock = { at: number; now: () => ReturnType<typeof asMicros> }

export function manualClock(): ManualClock {
  const clock = { at: START_US, now: () => asMicros(clock.at) }
  return clock
}

/** A failure that ends the process is remembered and thrown. */
export function recordFatal() {
  const errors: unknown[] = []
  const fatal: Fatal = (error) => {
    errors.push(error)
    throw error
  }
  return { errors, fatal }
}

let folders = 0

/** Opens a sequencer in memory; every folder name is used once. */
export async function openInMemory(more: Partial<SequencerOrder> = {}) {
  folders += 1
  const folder = more.folder ?? `/memory-${process.pid}-${folders}`
  const storage = createSimulatedStorage()
  const clock = manualClock()
  const order = { folder, storage, clock: clock.now, segmentBytes: 1 << 16, ...more }
  const quiet = { snapshotEvery: Number.POSITIVE_INFINITY, report: () => {} }
  return { sequencer: await createSequencer({ ...quiet, ...order }), storage, clock, folder }
}

/** A new folder on disk, removed after the test. */
export function temporaryFolder(t: Pick<TestContext, 'after'>): string {
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Assets, markets and three customers with funds. */
export async function open(sequencer: Sequencer): Promise<void> {
  for (const body of opening()) await sequencer.submit(plain(body))
}

/** An order with an id, as a module submits it. */
export function order(id: string, more: Parameters<typeof limit>[1] = {}): Order {
  const { bodyHash: _hash, ...rest } = limit('buy', {
    price: 100,
    size: 10,
    clientOrderId: id,
    ...more,
  })
  return rest
}

/** A body without the hash that the tests' commands carry. */
export function plain(body: CommandBody): Submission {
  if (!('bodyHash' in body)) return body
  const { bodyHash: _hash, ...submission } = body
  return submission
}

/** Orders of three customers that rest, trade and are refused, by number. */
export function flow(i: number): Order {
  const side = i % 2 === 0 ? 'buy' : 'sell'
  const price = 95 + (i % 10)
  const more = { account: 16 + (i % 3), price, size: 1 + (i % 7), clientOrderId: `flow-${i}` }
  return order(more.clientOrderId, {
    side,
    ...more,
    size: i % 13 === 0 ? 1_000_000_000 : more.size,
  })
}

/** What a reply says, without the getter. */
export function said({ seq, code, events }: Reply) {
  return { seq, code, events: [...events] }
}

export async function readAll(sequencer: Sequencer, after = 0): Promise<string> {
  const parts: Buffer[] = []
  for await (const { cells, from, to } of sequencer.readEvents(after)) {
    parts.push(Buffer.from(cells.bytes.subarray(from * 64, to * 64)))
  }
  return Buffer.concat(parts).toString('hex')
}
