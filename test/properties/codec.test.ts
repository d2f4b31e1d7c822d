// The codec, on everything that happens in random runs of the naive model.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  cellCount,
  commandCells,
  createCells,
  decodeCommand,
  decodeEvent,
  encodeCommand,
  encodeEvent,
} from '#engine/codec.ts'
import type { Command } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import { allIntents } from '#test/support/intents.ts'
import { createModel } from '#test/support/model/model.ts'
import { openingOf } from '#test/support/openings.ts'
import { createHistory, learn, next, resolve } from '#test/support/resolve.ts'
import { HUGE } from '#test/support/scale.ts'

const ROOM = 64

function survivesAsCommand(command: Command): void {
  const cells = createCells(ROOM)
  const count = encodeCommand(command, cells, 3)
  assert.equal(count, commandCells(command))
  assert.equal(count, cellCount(cells, 3))
  assert.deepEqual(decodeCommand(cells, 3), command)
}

function survivesAsEvent(event: Event): void {
  const cells = createCells(ROOM)
  assert.equal(encodeEvent(event, cells, 2), cellCount(cells, 2))
  assert.deepEqual(decodeEvent(cells, 2), event)
}

test('every command and every event reads back as it was written', () => {
  const list = fc.array(allIntents(HUGE), { maxLength: 200, size: 'max' })
  const property = fc.property(list, (chosen) => {
    const model = createModel()
    const history = createHistory()
    const bodies = [
      ...openingOf(HUGE).map((body) => () => ({ body, wait: 1 })),
      ...chosen.map((intent) => () => ({ body: resolve(history, intent), wait: intent.wait })),
    ]
    for (const later of bodies) {
      const { body, wait } = later()
      const command = next(history, body, wait)
      survivesAsCommand(command)
      const { events } = model.apply(command)
      for (const event of events) survivesAsEvent(event)
      learn(history, command, events)
    }
  })
  fc.assert(property, { seed: 7, numRuns: 40 })
})
