// A process whose sequencer loses a folder while it works, and should end by that.
//
// node thread-child.ts FOLDER journal|events. Each line on stdout is the seq of a reply; after
// `lost` nothing may be answered that needs what is gone.

import { renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { asMicros } from '#kernel/time.ts'
import { startSequencer } from '#sequencer/thread.ts'
import { flow, open, order } from './sequencers.ts'

const SEGMENT_BYTES = 1 << 14
const [folder = '', lost = ''] = process.argv.slice(2)
const sequencer = await startSequencer({ folder, segmentBytes: SEGMENT_BYTES })
await open(sequencer)
const first = order('a', { sentAt: asMicros(Date.now() * 1_000) })
await sequencer.submit(first)
renameSync(join(folder, lost), join(folder, 'lost'))
writeSync(1, 'lost\n')
for (let i = 0; i < 1_000; i += 1) {
  // A repetition is answered from the events, the journal needs its next segment some time.
  const { seq } = await sequencer.submit(lost === 'events' ? first : flow(i))
  writeSync(1, `${seq}\n`)
}
