// Replay: journaled commands through the engine again, with the same outcome (INV-08).
//
// A frame of other rules than ours is refused. A command that trips an assertion is named with its
// frame and nothing after it is applied; the operator decides.

import { cellCount } from '#engine/codec.ts'
import { apply } from '#engine/engine.ts'
import { ENGINE_VERSION } from '#engine/limits.ts'
import type { Engine } from '#engine/state.ts'
import type { Stretch } from '#journal/events.ts'
import type { Frame } from '#journal/frame-walker.ts'
import { recordNumber } from '#journal/record.ts'
import { StartError } from '#kernel/start-error.ts'
import { REPLAY_EVENT_CELLS } from './limits.ts'

export type EventSink = (stretch: Stretch) => void

type Range = { readonly after: number; readonly upTo: number }

/** Applies the commands of a frame within the range and hands out their events, many at once. */
export function replayFrame(engine: Engine, frame: Frame, range: Range, sink: EventSink): void {
  checkVersion(frame)
  const { window, from, to } = frame
  for (let at = from; at < to; at += cellCount(window, at)) {
    const seq = recordNumber(window, at)
    if (seq <= range.after || seq > range.upTo) continue
    try {
      apply(engine, window, at)
    } catch (error) {
      throw poisoned(frame, seq, error)
    }
    if (engine.events.length > REPLAY_EVENT_CELLS) handOut(engine, sink)
  }
  handOut(engine, sink)
}

function handOut({ events }: Engine, sink: EventSink): void {
  if (events.length > 0) sink({ window: events.cells, from: 0, to: events.length })
  events.length = 0
}

function checkVersion({ path, offset, head }: Frame): void {
  if (head.engineVersion === ENGINE_VERSION) return
  const versions = `engine version ${head.engineVersion}, this is ${ENGINE_VERSION}`
  const way = 'other rules would replay it otherwise, so begin in a new data folder'
  throw new StartError(`the frame of ${path} at byte ${offset} is of ${versions}: ${way}`)
}

function poisoned({ path, offset }: Frame, seq: number, error: unknown): StartError {
  const why = error instanceof Error ? error.message : String(error)
  return new StartError(`command ${seq} in ${path} at byte ${offset} stops the engine: ${why}`)
}
