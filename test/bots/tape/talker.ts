// Talker: records events until it is killed, and says what must be on disk by then.

import { createTapeRecorder } from '#bots/tape/recorder.ts'
import { talk } from './talk.ts'

const [, , folder = ''] = process.argv
const now = () => Math.floor(performance.now() * 1_000)
const tape = createTapeRecorder({ folder, bot: 'b', now, log: console.error })
const said: { no: number; atMs: number }[] = []

for (let no = 1; ; no += 10) {
  talk(tape, { from: no, count: 10 })
  said.push({ no: no + 9, atMs: performance.now() })
  await new Promise((resolve) => setTimeout(resolve, 5))
  // Longer ago than the tape may take, and the disk with it.
  const old = said.findLast(({ atMs }) => performance.now() - atMs > 500)
  if (old !== undefined) process.send?.(old.no)
}
