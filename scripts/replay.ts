// Replay: the journal from its beginning through a fresh engine, in this process.
//
// INV-08: prints the digests that a running platform must have at the same seq. Only reads, so it
// may run beside a platform; what is on its way to disk then is not part of it.

import { checkFolder } from '#journal/folder.ts'
import { CELL_BYTES } from '#journal/record.ts'
import { createDiskStorage } from '#journal/storage.ts'
import { dataOptions } from '#scripts/cli/data-options.ts'
import { beginWith, replayJournal } from '#sequencer/recovery.ts'
import { businessHex, fullHex, lastEventNoOf, lastSeqOf } from '#sequencer/snapshot.ts'

export type Replayed = {
  readonly seq: number
  readonly eventNo: number
  readonly business: string
  readonly full: string
  readonly eventDigest: string
  readonly seconds: number
}

/** Replays a folder, up to a seq if one is given. Throws StartError for damage. */
export function replay(folder: string, upTo = Number.POSITIVE_INFINITY): Replayed {
  const storage = createDiskStorage()
  checkFolder(storage, folder)
  const begin = performance.now()
  const { engine, digest, after } = beginWith(null)
  replayJournal({ storage, folder }, { engine, opened: null, after, upTo }, (stretch) => {
    const { window, from, to } = stretch
    digest.add(window.bytes.subarray(from * CELL_BYTES, to * CELL_BYTES))
  })
  return {
    seq: lastSeqOf(engine),
    eventNo: lastEventNoOf(engine),
    business: businessHex(engine),
    full: fullHex(engine),
    eventDigest: digest.hex(),
    seconds: (performance.now() - begin) / 1_000,
  }
}

/** crossbook replay [--data FOLDER] [--json] */
export function main(args: string[]): number {
  const options = dataOptions(args)
  if (options === null) return 2
  const replayed = replay(options.folder)
  if (options.isJson) console.log(JSON.stringify(replayed))
  else
    for (const [name, value] of Object.entries(replayed)) console.log(`${name.padEnd(12)} ${value}`)
  return 0
}
