// Emit: events that have a payload: everything that the core does not tell itself.

import { assert } from '#kernel/assert.ts'
import { EVENT_KINDS, EVENT_TYPE_FIRST } from './codec/choices.ts'
import { EVENT_FIELDS } from './codec/events.ts'
import { payloadCells, putPayload } from './codec/payload.ts'
import { CELL_WORDS } from './codec/words.ts'
import type { EventBody } from './event.ts'
import type { Engine } from './state.ts'

const HEADER_WORDS = 8

/** Tells an event of the running command. */
export function emitPayload({ core, events }: Engine, event: EventBody): void {
  const field = EVENT_FIELDS.get(event.kind)
  assert(field !== undefined, `${event.kind} has no payload`)
  const type = EVENT_TYPE_FIRST + EVENT_KINDS.indexOf(event.kind)
  const at = core.calls.beginEvent(type, 0, payloadCells(field, event))
  const { cells } = events
  const header = cells.i32.slice(at * CELL_WORDS, at * CELL_WORDS + HEADER_WORDS)
  putPayload(field, event, cells, at)
  cells.i32.set(header, at * CELL_WORDS)
}
