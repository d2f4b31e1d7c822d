// A process that sequences orders as fast as it can and says which were acknowledged, to be killed.
//
// node kill9-child.ts FOLDER PREFIX SAID. Each line of the file SAID is a client order id, its seq
// and its code or `accepted`, written only after the reply. A file keeps every line of a killed
// process and, unlike a pipe, is never full.

import { openSync, writeSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { asMicros } from '#kernel/time.ts'
import { startSequencer } from '#sequencer/thread.ts'
import { flow, open } from '#test/sequencer/sequencers.ts'

const CONNECTIONS = 32
const [folder = '', prefix = '', said = ''] = process.argv.slice(2)
const file = openSync(said, 'a')
const clock = () => asMicros(Date.now() * 1000)
const sequencer = await startSequencer({
  folder,
  segmentBytes: 1 << 20,
  snapshotEvery: 2000,
})
if (sequencer.status().releasedSeq === 0) await open(sequencer)

async function client(number: number): Promise<never> {
  for (let i = 0; ; i += 1) {
    const clientOrderId = `${prefix}-${number}-${i}`
    const body = { ...flow(number + i), clientOrderId, sentAt: clock(), sentAtGiven: false }
    const { seq, code } = await sequencer.submit(body)
    writeSync(file, `${clientOrderId} ${seq} ${code ?? 'accepted'}\n`)
    if (i % 50 === 0) await turn()
  }
}

await Promise.all(Array.from({ length: CONNECTIONS }, (_, number) => client(number)))
