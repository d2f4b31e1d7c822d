// Thread worker: the sequencer's own thread; it opens the folder and runs the press in it.
//
// Nothing is told before it is applied and on disk, as in one thread. A failure is told and ends
// this thread at once: nothing can be released after it, and the other side ends the process.

import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '#kernel/assert.ts'
import { StartError } from '#kernel/start-error.ts'
import { asMicros, type Micros } from '#kernel/time.ts'
import { EMPTIED_MAX } from './limits.ts'
import { type Folder, openFolder } from './open-folder.ts'
import { createPress, type Press } from './press.ts'
import { lastEventNoOf, lastSeqOf } from './snapshot.ts'
import {
  type Answered,
  bufferOf,
  cellsOf,
  type Question,
  sentOf,
  type ThreadOrder,
  type ToDesk,
  type ToPress,
} from './thread-messages.ts'

assert(parentPort !== null, 'this runs in a thread of its own')
const port = parentPort
const order = workerData as ThreadOrder // From thread.ts.

function tell(message: ToDesk, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, transfer)
}

function fatal(error: unknown): never {
  tell({ kind: 'fatal', ...failureOf(error) })
  process.exit(1)
}

function failureOf(error: unknown): { readonly message: string; readonly stack: string } {
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error))
  return { message, stack }
}

function report(line: string): void {
  tell({ kind: 'report', line })
}

function clock(): Micros {
  return asMicros(Date.now() * 1_000)
}

/** Null when it must not be opened, and that is said. */
async function open(): Promise<Folder | null> {
  try {
    return await openFolder({ ...order, clock, fatal, report })
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    tell({ kind: 'closed', reason: error.message })
    return null
  }
}

function run(folder: Folder): void {
  const { engine } = folder
  let emptied: ArrayBuffer[] = []
  const press = createPress(folder, {
    released({ events, ...release }) {
      const sent = sentOf(events)
      const transfer = [sent.buffer, release.answers.buffer, ...emptied]
      tell({ kind: 'released', release, events: sent, emptied }, transfer)
      emptied = []
    },
    refused: (answers) => tell({ kind: 'refused', answers }, [answers.buffer]),
  })
  port.on('message', (message: ToPress) => {
    if (message.kind === 'begin') press.begin()
    else if (message.kind === 'ask') void answer(press, message.id, message.question)
    else {
      const { buffer, used, count, groups } = message
      const { cells } = press.take({ cells: cellsOf(buffer), used, count, groups })
      if (emptied.length < EMPTIED_MAX) emptied.push(bufferOf(cells))
    }
  })
  const opened = { releasedSeq: lastSeqOf(engine), releasedEventNo: lastEventNoOf(engine) }
  tell({ kind: 'opened', opened, image: press.image() })
}

/** What fails at a customer's question is his to hear; anything else ends this thread. */
async function answer(press: Press, id: number, question: Question): Promise<void> {
  if (question.name === 'volumesOf' || question.name === 'triggersOf') {
    const asked = answerOf(press, question)
    return asked.then(
      (value) => tell({ kind: 'answer', id, value }),
      (error) => tell({ kind: 'failed', id, ...failureOf(error) }),
    )
  }
  const value = await answerOf(press, question)
  const isStretch = value !== undefined && value !== null && 'buffer' in value
  tell({ kind: 'answer', id, value }, isStretch ? [value.buffer] : [])
}

async function answerOf(press: Press, question: Question): Promise<Answered[keyof Answered]> {
  if (question.name === 'volumesOf') return press.volumesOf(question.owner)
  if (question.name === 'triggersOf') return press.triggersOf(question.orders)
  if (question.name !== 'eventsAfter') return (await press[question.name]()) ?? undefined
  const stretch = await press.eventsAfter(question.eventNo, question.upTo)
  return stretch === null ? null : sentOf(stretch)
}

const folder = await open()
if (folder !== null) run(folder)
