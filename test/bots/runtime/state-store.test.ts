// The state store: a kill -9 at any moment leaves a whole state, the old one or the new one.

import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import {
  existsSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { NO_FILLS } from '#bots/runtime/fill-ledger.ts'
import { readSavedBot, type SavedBot } from '#bots/runtime/saved-bot.ts'
import { openStateStore } from '#bots/runtime/state-store.ts'
import { StartError } from '#kernel/start-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossbook-state-'))
after(() => rmSync(folder, { recursive: true }))
const WRITER = fileURLToPath(new URL('./state-writer.ts', import.meta.url))
const KILLS = 8

function saved(no: number): SavedBot {
  return {
    ...{ no, state: { no }, figures: { pnl: 1 }, positions: { 'BTC-USDC': 2 } },
    ...{ counted: NO_FILLS, handled: NO_FILLS, orders: [], idPrefix: 'bot-1-', since: 1 },
  }
}

test('what was flushed is found again, with the number of the last event', () => {
  const path = join(folder, 'flushed.json')
  const store = openStateStore(path)
  assert.equal(store.found, undefined)
  store.put(saved(1))
  store.put(saved(7))
  store.flush()
  assert.deepEqual(openStateStore(path).found, saved(7))
})

test('closing replaces the file whole and never writes into the old one', () => {
  const path = join(folder, 'replaced.json')
  for (const no of [1, 2]) {
    const store = openStateStore(path)
    store.put(saved(no))
    store.close()
    if (no === 1) linkSync(path, `${path}.old`)
  }
  assert.notEqual(statSync(path).ino, statSync(`${path}.old`).ino)
  const old = readSavedBot(JSON.parse(readFileSync(`${path}.old`, 'utf8')))
  assert.deepEqual(old, saved(1), 'whole to the end')
  writeFileSync(`${path}.part`, '{"no":3,"sta')
  assert.deepEqual(openStateStore(path).found, saved(2), 'a torn new one counts for nothing')
})

test('a full log is folded into the file, and a round of it never mixes with another', () => {
  const path = join(folder, 'rounds.json')
  const store = openStateStore(path, 20, 2_000)
  for (let no = 1; no <= 50; no += 1) {
    store.put({ ...saved(no), state: { no, filler: 'x'.repeat((no * 37) % 300) } })
    store.flush()
    assert.equal(openedBeside(path).found?.no, no)
  }
})

test('a torn line of the log counts for nothing', () => {
  const path = join(folder, 'torn.json')
  const store = openStateStore(path)
  for (const no of [1, 2]) {
    store.put(saved(no))
    store.flush()
  }
  const log = readFileSync(`${path}.log`, 'utf8')
  const second = log.indexOf('\n') + 1
  for (const at of [second + 3, second + 40, log.indexOf('\n', second) - 1]) {
    const torn = join(folder, `torn-${at}.json`)
    writeFileSync(`${torn}.log`, `${log.slice(0, at)}#${log.slice(at + 1)}`)
    assert.deepEqual(openStateStore(torn).found, saved(1), `torn at ${at}`)
  }
})

/** As the next process would find it; the first one still writes. */
function openedBeside(path: string) {
  const copy = join(folder, 'beside.json')
  for (const end of ['', '.log']) {
    if (existsSync(path + end)) writeFileSync(copy + end, readFileSync(path + end))
  }
  return openStateStore(copy)
}

test('changes wait for one another, then one write takes the newest', async () => {
  const path = join(folder, 'waiting.json')
  const store = openStateStore(path, 20)
  for (let no = 1; no <= 100; no += 1) store.put(saved(no))
  assert.equal(existsSync(path), false)
  await new Promise((resolve) => setTimeout(resolve, 60))
  assert.deepEqual(openStateStore(path).found, saved(100))
})

test('a state that cannot be read stops the start and names its file', () => {
  for (const text of ['', '{"no":', '{"no":-0.5}', '[]', 'null']) {
    const path = join(folder, 'broken.json')
    writeFileSync(path, text)
    assert.throws(() => openStateStore(path), StartError, text)
  }
})

/** Answers the number that was durable last, by the writer's own word. */
async function killWhileWriting(path: string): Promise<number> {
  const writer: ChildProcess = fork(WRITER, [path])
  let durable = 0
  const ended = new Promise((resolve) => writer.once('exit', resolve))
  await new Promise<void>((resolve) => {
    writer.on('message', (no) => {
      durable = Number(no)
      if (durable % 5 === 0) resolve()
    })
  })
  writer.kill('SIGKILL')
  await ended
  return durable
}

test('after a kill -9 the file is whole and nothing that was durable is missing', async () => {
  const path = join(folder, 'killed.json')
  for (let kill = 0; kill < KILLS; kill += 1) {
    const durable = await killWhileWriting(path)
    const found = openStateStore(path).found
    assert.ok(found !== undefined && found.no >= durable, `${found?.no} >= ${durable}`)
    assert.deepEqual(found.state, { no: found.no, filler: 'x'.repeat(50_000) })
  }
})
