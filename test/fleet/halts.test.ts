// A bot that a limit has halted: its owner is told by mail, once.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHalts } from '#platform/fleet/halts.ts'
import type { Letter } from '#platform/notifications/port.ts'

const BOT = { id: 'maker', strategy: 'market-making', ownerId: 'user-1' }

function setUp() {
  const letters: Letter[] = []
  const logs: string[] = []
  const mail = { isAway: false }
  const halts = createHalts({
    mailer: {
      async send(letter) {
        if (mail.isAway) throw new Error('away')
        letters.push(letter)
      },
    },
    findUser: async (id) => (id === 'user-1' ? { email: 'owner@example.com' } : undefined),
    log: (line) => void logs.push(line),
  })
  return { halts, letters, logs, mail }
}

test('a halt is told once, however often the figures say it', async () => {
  const { halts, letters } = setUp()
  await halts.heard(BOT, null)
  for (let count = 0; count < 3; count += 1) await halts.heard(BOT, 'gate.drawdown')
  assert.equal(letters.length, 1)
  assert.equal(letters[0]?.to, 'owner@example.com')
  assert.match(letters[0]?.subject ?? '', /maker was halted/)
  assert.match(letters[0]?.text ?? '', /more since its best.*gate\.drawdown/)
})

test('halted again after somebody resumed it, it is told again', async () => {
  const { halts, letters } = setUp()
  for (const code of ['gate.daily_loss', null, 'gate.daily_loss']) await halts.heard(BOT, code)
  assert.equal(letters.length, 2)
})

test('a letter that could not be kept is written with the next figures', async () => {
  const { halts, letters, logs, mail } = setUp()
  mail.isAway = true
  await halts.heard(BOT, 'gate.daily_loss')
  mail.isAway = false
  await halts.heard(BOT, 'gate.daily_loss')
  assert.equal(letters.length, 1)
  assert.ok(logs.some((line) => line.includes('could not be told')))
})

test('a bot whose owner is gone is logged and nobody is written to', async () => {
  const { halts, letters, logs } = setUp()
  await halts.heard({ ...BOT, ownerId: 'nobody' }, 'gate.daily_loss')
  assert.deepEqual([letters.length, logs.length], [0, 1])
})
