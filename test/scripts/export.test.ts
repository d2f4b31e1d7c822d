// crossbook export: a data folder as lines, beside nothing else and in little memory.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { createDiskStorage } from '#journal/storage.ts'
import { orderLines } from '#scripts/export.ts'
import { createSequencer } from '#sequencer/sequencer.ts'
import {
  flow,
  manualClock,
  open,
  SMALL_FILES,
  temporaryFolder,
} from '#test/sequencer/sequencers.ts'

const CLI = resolve(import.meta.dirname, '../../scripts/cli.ts')
const ORDERS = 4_000

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'export', ...args], {
    ...{ encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  })
  return { status, stdout, stderr }
}

async function folderWith(t: Parameters<typeof temporaryFolder>[0], orders: number) {
  const folder = temporaryFolder(t)
  const clock = manualClock()
  const sequencer = await createSequencer({
    ...{ folder, storage: createDiskStorage(), clock: clock.now, ...SMALL_FILES },
    ...{ snapshotEvery: Number.POSITIVE_INFINITY, report: () => {} },
  })
  await open(sequencer)
  for (let at = 0; at < orders; at += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, more) => sequencer.submit(flow(at + more))))
  }
  await sequencer.close()
  return folder
}

test('a data folder is told line by line, to standard output or packed to a file', async (t) => {
  const folder = await folderWith(t, ORDERS)
  const { status, stdout, stderr } = run('--data', folder)
  assert.deepEqual([status, stderr], [0, ''])
  const [head = '', ...lines] = stdout.trimEnd().split('\n')
  assert.deepEqual(JSON.parse(head), { format: 'crossbook-orders', version: 1 })
  const kinds = new Set(lines.map((line) => JSON.parse(line).kind))
  for (const kind of ['market', 'add', 'fill']) assert.ok(kinds.has(kind), kind)
  const told = [...orderLines({ storage: createDiskStorage(), folder })]
  assert.deepEqual(
    told.map((line) => JSON.stringify(line)),
    lines,
  )
  assert.doesNotMatch(stdout, /account|flow-|user/i)

  const { market } = told[0] ?? assert.fail('no line')
  const out = join(temporaryFolder(t), 'lines.jsonl.gz')
  const packed = run('--data', folder, '--market', market, '--out', out)
  assert.equal(packed.status, 0, packed.stderr)
  const some = gunzipSync(readFileSync(out)).toString('utf8').trimEnd().split('\n').slice(1)
  assert.deepEqual(
    some,
    lines.filter((line) => JSON.parse(line).market === market),
  )
  assert.match(packed.stdout, new RegExp(`^${some.length} lines in `))
})

test('a folder that is not ours is refused, and wrong options are, too', (t) => {
  const { status, stderr } = run('--data', temporaryFolder(t))
  assert.equal(status, 1)
  assert.match(stderr, /^there is no Crossbook data in .*\n$/)
  const wrong = run('--nonsense')
  assert.equal(wrong.status, 2)
  assert.match(wrong.stderr, /^Unknown option '--nonsense'[^\n]*\n$/)
})
