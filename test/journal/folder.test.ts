// Folder and lock: one program and one process per data folder, refused with one clear line.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { checkFolder, claimFolder } from '#journal/folder.ts'
import { lockFolder } from '#journal/lock.ts'
import { createDiskStorage } from '#journal/storage.ts'
import { StartError } from '#kernel/start-error.ts'
import { createSequencer } from '#sequencer/sequencer.ts'
import { manualClock, temporaryFolder } from '#test/sequencer/sequencers.ts'
import { createSimulatedStorage, diskFull } from './simulated-storage.ts'

const disk = createDiskStorage()

function refused(action: () => unknown, message: RegExp): void {
  assert.throws(action, (error) => {
    assert.ok(error instanceof StartError, String(error))
    assert.match(error.message, message)
    assert.doesNotMatch(error.message, /\n/)
    return true
  })
}

test('an empty or new folder becomes ours and stays it', (t) => {
  const folder = join(temporaryFolder(t), 'new', 'data')
  claimFolder(disk, folder, 5)
  claimFolder(disk, folder, 6)
  checkFolder(disk, folder)
  assert.deepEqual(disk.list(folder), ['crossbook.json', 'events', 'journal', 'snapshots'])
})

test('a folder with other files is refused and left as it was', (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'thesis.tex'), 'years of work')
  refused(() => claimFolder(disk, folder, 5), /holds other files and is not Crossbook's/)
  assert.deepEqual(disk.list(folder), ['thesis.tex'])
})

test('a folder of another format, no folder and an unusable place are refused', (t) => {
  const folder = temporaryFolder(t)
  refused(() => checkFolder(disk, folder), /no Crossbook data/)
  writeFileSync(join(folder, 'crossbook.json'), '{"format":2}')
  refused(() => claimFolder(disk, folder, 5), /says format 2; this is 1/)
  writeFileSync(join(folder, 'file'), '')
  refused(() => claimFolder(disk, join(folder, 'file', 'data'), 5), /cannot use the data folder/)
})

test('a disk without space at start is one line, in every file', async () => {
  for (const ending of ['crossbook.json', 'next.cbj']) {
    const storage = createSimulatedStorage()
    storage.fail = (path, what) => (what === 'write' && path.endsWith(ending) ? diskFull() : null)
    const folder = `/full-${process.pid}${ending}`
    const start = createSequencer({ folder, clock: manualClock().now, storage, segmentBytes: 4096 })
    await assert.rejects(start, (error) => {
      return error instanceof StartError && /no space left/.test(error.message)
    })
  }
})

test('a second process is refused, by whatever name it calls the folder', async (t) => {
  const folder = temporaryFolder(t)
  const other = `${folder}-link`
  symlinkSync(folder, other)
  t.after(() => disk.remove(other))
  const lock = await lockFolder(disk, folder)
  assert.match(inAnotherProcess(other), /another Crossbook process uses the data folder/)
  await lock.release()
  assert.match(inAnotherProcess(other), /locked/)
  mkdirSync(join(folder, 'sub'))
  const sub = await lockFolder(disk, join(folder, 'sub'))
  await sub.release()
})

function inAnotherProcess(folder: string): string {
  const lock = resolve(import.meta.dirname, '../../platform/journal/lock.ts')
  const storage = resolve(import.meta.dirname, '../../platform/journal/storage.ts')
  const script = `
    import { lockFolder } from ${JSON.stringify(lock)}
    import { createDiskStorage } from ${JSON.stringify(storage)}
    await lockFolder(createDiskStorage(), ${JSON.stringify(folder)}).then(
      () => console.log('locked'),
      (error) => console.log(error.message),
    )`
  const options = { encoding: 'utf8', input: script } as const
  return execFileSync(process.execPath, ['--input-type=module', '-'], options)
}
