// The snapshot child as a process: what it leaves for its parent, and nothing for a stranger.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { asMicros } from '#kernel/time.ts'
import { createSequencer } from '#sequencer/sequencer.ts'
import { open, SMALL_FILES, temporaryFolder } from './sequencers.ts'

const CHILD = resolve('platform/sequencer/snapshot-child.ts')

test('a snapshot child whose parent was killed leaves nothing in the folder', async (t) => {
  const folder = temporaryFolder(t)
  const clock = () => asMicros(Date.now() * 1_000)
  const sequencer = await createSequencer({ folder, clock, ...SMALL_FILES })
  await open(sequencer)
  const { releasedSeq } = sequencer.status()
  await sequencer.close()
  const snapshots = join(folder, 'snapshots')
  for (const name of readdirSync(snapshots)) rmSync(join(snapshots, name))
  const run = (parent: number) =>
    spawnSync(process.execPath, [CHILD, folder, String(releasedSeq), String(parent)])

  assert.equal(run(process.pid + 1).status, 1)
  assert.deepEqual(readdirSync(snapshots), [])
  assert.equal(run(process.pid).status, 0)
  assert.equal(readdirSync(snapshots).length, 1)
})
