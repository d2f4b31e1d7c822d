// Snapshot child: a process of its own that replays up to a seq and leaves a proven snapshot.
//
// node snapshot-child.ts FOLDER SEQ PARENT. The writer never pauses for it. It only reads what is
// on disk up to SEQ, writes one file, and ends; a crash leaves a file without a name. When its
// parent is gone the folder may be another process's: then it touches nothing more.

import { setPriority } from 'node:os'
import { createDiskStorage, type Storage } from '#journal/storage.ts'
import { assert } from '#kernel/assert.ts'
import { snapshotUpTo } from './snapshot-up-to.ts'

const LOW_PRIORITY = 10
const [folder, seq, parent] = process.argv.slice(2)
assert(folder !== undefined && seq !== undefined, 'usage: snapshot-child.ts FOLDER SEQ PARENT')
setPriority(LOW_PRIORITY)
const orphaned = () => process.exit(1)
process.once('disconnect', orphaned)
snapshotUpTo({ storage: whileNotOrphaned(createDiskStorage()), folder }, Number(seq))
process.off('disconnect', orphaned)
process.disconnect?.()

// Nothing here yields to the event loop, so 'disconnect' alone would come too late.
function whileNotOrphaned(storage: Storage): Storage {
  const look = (): void => {
    if (process.ppid !== Number(parent)) orphaned()
  }
  return {
    ...storage,
    open(path, mode) {
      look()
      return storage.open(path, mode)
    },
    rename(from, to) {
      look()
      storage.rename(from, to)
    },
  }
}
