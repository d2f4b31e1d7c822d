// What is kept of a bot's log, over restarts and crashes of the platform, and why it crashed last.

import assert from 'node:assert/strict'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { createBotLog } from '#platform/fleet/bot-log.ts'
import { ENVELOPE } from '#platform/fleet/envelope.ts'
import { LOG_CHARS_MAX, LOG_LINES_MAX } from '#platform/fleet/limits.ts'
import type { BotMessage, LogLine } from '#platform/fleet/port.ts'
import { botOf, entryOf, hearOldLog } from '#platform/fleet/roster.ts'
import type { BotRow } from '#platform/fleet/store.ts'
import { createLogFiles } from '#scripts/fleet/log-files.ts'
import { temporaryFolder } from '../database/temporary.ts'

const folder = temporaryFolder()
const files = createLogFiles(join(folder, 'logs'))
const quiet = { files, log: () => {} }
const textOf = (lines: readonly LogLine[]) => lines.map(({ text }) => text)

test('INV-17: a log keeps its last lines, numbered on, and cuts what is too long', async () => {
  const log = createBotLog({ ...quiet, linesMax: 3 })
  const heard: BotMessage[] = []
  const end = log.listen('a', (message) => void heard.push(message))
  for (const length of [LOG_CHARS_MAX - 1, LOG_CHARS_MAX, LOG_CHARS_MAX + 1]) {
    log.add('a', 'x'.repeat(length), 7)
  }
  const lengths = (await log.after('a', 0, 10)).map(({ text }) => text.length)
  assert.deepEqual(lengths, [LOG_CHARS_MAX - 1, LOG_CHARS_MAX, LOG_CHARS_MAX])
  log.add('a', '4\n5', 8)
  end()
  log.add('a', '6', 8)
  log.add('b', 'other', 8)
  const numbered = (await log.after('a', 0, 10)).map(({ number, text }) => [number, text])
  assert.deepEqual(numbered, [
    [4, '4'],
    [5, '5'],
    [6, '6'],
  ])
  assert.deepEqual(textOf(await log.after('a', 4, 1)), ['5'])
  assert.deepEqual(await log.after('none', 0, 10), [])
  assert.deepEqual([heard.length, log.isHeard('a')], [5, false])
  await log.close()
})

test('the last lines are there after any restarts, and no number is used twice', async () => {
  const max = 5
  const acts = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    { maxLength: 60 },
  )
  const state = { bot: 0 }
  const property = fc.asyncProperty(acts, async (all) => {
    state.bot += 1
    const id = `p${state.bot}`
    const open = async () => {
      const log = createBotLog({ ...quiet, linesMax: max })
      await log.open(id)
      return log
    }
    let log = await open()
    const said: string[] = []
    let last = 0
    for (const act of all) {
      if (act === null) {
        await log.close()
        log = await open()
        assert.ok((await files.read(id)).length <= 2 * max)
      } else {
        log.add(id, act, 1)
        said.push(...act.split('\n'))
        const [line] = (await log.after(id, 0, max)).slice(-1)
        assert.ok((line?.number ?? 0) > last)
        last = line?.number ?? 0
      }
      assert.deepEqual(textOf(await log.after(id, 0, max)), said.slice(-max))
    }
    await log.shelve(id)
    assert.deepEqual(textOf(await log.after(id, 0, max)), said.slice(-max), 'from disk alone')
  })
  await fc.assert(property, { numRuns: 60 })
})

test('what a crash has lost had numbers, and a torn line is left out', async () => {
  const first = createBotLog(quiet)
  first.add('torn', 'kept', 1)
  await first.close()
  first.add('torn', 'lost', 1)
  appendFileSync(join(folder, 'logs', 'torn.log'), '\n[2,1,"lo')
  const second = createBotLog(quiet)
  assert.deepEqual(textOf(await second.open('torn')), ['kept'])
  second.add('torn', 'new', 2)
  await second.close()
  const lines = await createBotLog(quiet).open('torn')
  assert.deepEqual(textOf(lines), ['kept', 'new'])
  assert.equal(lines[1]?.number, 1 + LOG_LINES_MAX + 1)
})

test('a disk that fails is told of, and what it missed is written with the next line', async () => {
  const said: string[] = []
  const disk = { isFull: true }
  const append: typeof files.append = async (bot, lines) => {
    if (disk.isFull) throw new Error('ENOSPC')
    await files.append(bot, lines)
  }
  const log = createBotLog({ files: { ...files, append }, log: (line) => void said.push(line) })
  log.add('full', '1', 1)
  await log.shelve('full')
  assert.deepEqual(textOf(await log.after('full', 0, 9)), ['1'], 'it is still in memory')
  disk.isFull = false
  log.add('full', '2', 1)
  await log.close()
  assert.match(said.join(), /log of full could not be written: Error: ENOSPC/)
  assert.deepEqual(textOf(await files.read('full')), ['1', '2'])
  assert.match(readFileSync(join(folder, 'logs', 'full.log'), 'utf8'), /\[2,1,"2"\]$/)
})

test('after a restart a bot says why its version crashed, and not why an older one did', () => {
  const row: BotRow = {
    ...{ id: 'b', owner: 'ada', wanted: 'running', why: '', account: 20, budget: [], keyId: 'k' },
    ...{ secret: null, createdAt: 1, openedAt: 1, settledAt: null, flatten: false },
  }
  const terms = { hash: 'h', params: {}, venues: ['internal'], limits: ENVELOPE }
  const version = { ...terms, number: 1, strategy: 'x', like: null, by: 'ada', at: 1 }
  const crash = ['Error: no price', '    at setup (file:///x/strategy.ts:7:15)']
  const after = (...said: readonly (readonly string[])[]) => {
    const entry = entryOf(row, version)
    const lines = said.flatMap((texts, at) => texts.map((text) => ({ number: 1, at, text })))
    hearOldLog(entry, lines)
    return botOf(entry).crash
  }
  assert.equal(after(['deployed: x, version 1'], crash), 'strategy.ts(7,15): no price')
  assert.equal(after(crash, ['version 2']), undefined)
  assert.equal(after(['version 2'], crash, ['paused by a person']), 'strategy.ts(7,15): no price')
})
