// Far away: the sequencer behind the test transport, its messages as bytes both ways.
//
// Nothing is lost until `state.isFar` says so, so that customers can be made in peace.

import {
  commandCells,
  createCells,
  decodeCommand,
  decodeEvent,
  encodeCommand,
  encodeEvent,
} from '#engine/codec.ts'
import type { Command } from '#engine/command.ts'
import { asMicros } from '#kernel/time.ts'
import { createTestTransport } from '#platform/transport/test-transport.ts'
import type { Reply, Sequencer, Submission } from '#sequencer/port.ts'

const EVENT_CELLS_MAX = 64

export function createFarAway(seed: number) {
  const state = { isFar: false }
  const wrap = (sequencer: Sequencer): Sequencer => {
    const wire = { submission: submissionAsBytes, reply: replyAsBytes }
    const far = createTestTransport({ sequencer, wire, seed, delayMaxMs: 2, loseOneIn: 4 })
    return {
      ...far,
      submit: (body, limits) => (state.isFar ? far : sequencer).submit(body, limits),
      submitAll: (bodies, limits) => (state.isFar ? far : sequencer).submitAll(bodies, limits),
    }
  }
  return { state, wrap }
}

function submissionAsBytes(body: Submission): Submission {
  const stamp = { seq: 0, time: asMicros(0), bodyHash: '\0'.repeat(24) }
  const command = { ...body, ...stamp } as Command // The hash is the sequencer's to make.
  const cells = createCells(commandCells(command))
  encodeCommand(command, cells, 0)
  const { seq: _seq, time: _time, ...rest } = decodeCommand(cells, 0)
  if (!('bodyHash' in rest)) return rest
  const { bodyHash: _bodyHash, ...submission } = rest
  return submission as Submission // What is left after taking the stamp away.
}

function replyAsBytes(reply: Reply): Reply {
  const events = reply.events.map((event) => {
    const cells = createCells(EVENT_CELLS_MAX)
    encodeEvent(event, cells, 0)
    return decodeEvent(cells, 0)
  })
  return { ...JSON.parse(JSON.stringify({ ...reply, events: [] })), events }
}
