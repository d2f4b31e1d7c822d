// Engine driver: the engine behind the same calls as the naive model.
//
// Commands go through the codec both ways, as they do in the journal, so a lost field shows here.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  cellCount,
  commandCells,
  createCells,
  decodeCommand,
  decodeEvent,
  encodeCommand,
} from '#engine/codec.ts'
import type { Command } from '#engine/command.ts'
import { businessDigest, fullDigest } from '#engine/digest.ts'
import { apply, createEngine, nextDue, nextUrgent } from '#engine/engine.ts'
import type { Event } from '#engine/event.ts'
import type { EngineImage } from '#engine/image.ts'
import { imageOf } from '#engine/image-of.ts'
import { readSnapshot, writeSnapshot } from '#engine/snapshot.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { refusalOf } from '#kernel/refusals.ts'
import { isAlike } from './equality.ts'

export type Answer = {
  readonly code: RefusalCode | null
  readonly duplicate: boolean
  readonly seq: number
  readonly events: readonly Event[]
}

/** What a campaign asks of an engine; the naive model offers the first four as well. */
export type Driver = {
  apply(command: Command): Answer
  image(): EngineImage
  /** When a tick is due; 0: now, Infinity: never. */
  nextDue(): number
  /** The same for what customers must wait for. */
  nextUrgent(): number
  businessDigest(): string
  fullDigest(): string
  /** Goes on with an engine read from this one's snapshot. */
  restart(): void
}

/** The longest command: a signed withdrawal carries its transaction. */
const CELLS_MAX = 64
const SURVIVES = 'a command survives its codec'

export function createDriver(): Driver {
  let engine = createEngine()
  const cells = createCells(CELLS_MAX)
  return {
    apply(command) {
      assert.ok(commandCells(command) <= CELLS_MAX, 'the command fits the cells of the driver')
      encodeCommand(command, cells, 0)
      const decoded = decodeCommand(cells, 0)
      if (!isAlike(decoded, command)) assert.deepEqual(decoded, command, SURVIVES)
      apply(engine, cells, 0)
      const { code, duplicate, seq } = engine.outcome
      const events = takeEvents(engine)
      return { code: code === 0 ? null : nameOf(code), duplicate, seq, events }
    },
    image: () => imageOf(engine),
    businessDigest: () => sha256((sink) => businessDigest(engine, sink)),
    fullDigest: () => sha256((sink) => fullDigest(engine, sink)),
    nextDue: () => nextDue(engine),
    nextUrgent: () => nextUrgent(engine),
    restart() {
      const parts: Uint8Array[] = []
      writeSnapshot(engine, (bytes) => parts.push(bytes.slice()))
      engine = readSnapshot(Buffer.concat(parts))
    },
  }
}

function takeEvents(engine: ReturnType<typeof createEngine>): Event[] {
  const { cells, length } = engine.events
  const events: Event[] = []
  for (let at = 0; at < length; at += cellCount(cells, at)) events.push(decodeEvent(cells, at))
  engine.events.length = 0
  return events
}

function nameOf(number: number): RefusalCode {
  const code = refusalOf(number)
  assert.ok(code !== undefined, `the outcome has the unknown number ${number}`)
  return code
}

function sha256(write: (sink: (bytes: Uint8Array) => void) => void): string {
  const hash = createHash('sha256')
  write((bytes) => hash.update(bytes))
  return hash.digest('hex')
}
