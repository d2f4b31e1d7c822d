// Exchange: an engine with its insides open, for tests of single rules.
//
// Bodies are stamped, encoded and applied as the sequencer would do it; where a test needs a state
// that a million commands would make, it may change the engine's insides itself.

import { createHash } from 'node:crypto'
import { cellCount, commandCells, createCells, decodeEvent, encodeCommand } from '#engine/codec.ts'
import type { CommandBody } from '#engine/command.ts'
import { businessDigest, fullDigest } from '#engine/digest.ts'
import { apply, createEngine } from '#engine/engine.ts'
import type { Event } from '#engine/event.ts'
import { readSnapshot, writeSnapshot } from '#engine/snapshot.ts'
import type { Engine } from '#engine/state.ts'
import { refusalOf } from '#kernel/refusals.ts'
import { START_US, stamp } from './commands.ts'

export type Exchange = {
  readonly engine: Engine
  /** Applies a body; answers 'done' or the refusal's code. */
  run(body: CommandBody, wait?: number): string
  /** Events since the last call. */
  events(): Event[]
}

/** An exchange after some commands. */
export function createExchange(
  before: readonly CommandBody[] = [],
  from = createEngine(),
): Exchange {
  let seq = from.clock.seq
  let time = Math.max(START_US, from.clock.time)
  const exchange: Exchange = {
    engine: from,
    run(body, wait = 1000) {
      seq += 1
      time += wait
      const command = stamp(body, seq, time)
      const cells = createCells(commandCells(command))
      encodeCommand(command, cells, 0)
      apply(from, cells, 0)
      return from.outcome.code === 0 ? 'done' : (refusalOf(from.outcome.code) ?? '?')
    },
    events: () => takeEvents(from),
  }
  for (const body of before) exchange.run(body)
  takeEvents(from)
  return exchange
}

export function takeEvents(engine: Engine): Event[] {
  const { cells, length } = engine.events
  const events: Event[] = []
  for (let at = 0; at < length; at += cellCount(cells, at)) events.push(decodeEvent(cells, at))
  engine.events.length = 0
  return events
}

export function digestOf(engine: Engine, which: 'business' | 'full' = 'full'): string {
  const hash = createHash('sha256')
  const write = which === 'full' ? fullDigest : businessDigest
  write(engine, (bytes) => hash.update(bytes))
  return hash.digest('hex')
}

/** The bytes of a snapshot. */
export function snapshotOf(engine: Engine): Uint8Array {
  const parts: Uint8Array[] = []
  writeSnapshot(engine, (bytes) => parts.push(bytes.slice()))
  return Buffer.concat(parts)
}

/** Another engine, read from a snapshot of this one. */
export function copyOf(engine: Engine): Engine {
  return readSnapshot(snapshotOf(engine))
}
