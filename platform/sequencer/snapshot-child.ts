// Snapshot child: a process of its own that replays up to a seq and leaves a proven snapshot.
//
// node snapshot-child.ts FOLDER SEQ. The writer never pauses for it. It only reads what is on disk
// up to SEQ, writes one file, and ends; a crash leaves a file without a name.

import { setPriority } from 'node:os'
import { createDiskStorage } from '#journal/storage.ts'
import { assert } from '#kernel/assert.ts'
import { snapshotUpTo } from './snapshot-up-to.ts'

const LOW_PRIORITY = 10
const [folder, seq] = process.argv.slice(2)
assert(folder !== undefined && seq !== undefined, 'usage: snapshot-child.ts FOLDER SEQ')
setPriority(LOW_PRIORITY)
const orphaned = () => process.exit(1)
process.once('disconnect', orphaned)
snapshotUpTo({ storage: createDiskStorage(), folder }, Number(seq))
process.off('disconnect', orphaned)
process.disconnect?.()
