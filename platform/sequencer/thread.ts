// Thread: a sequencer whose press runs in a thread of its own, so that this one is free of it.
//
// Commands go over in parcels, once a turn or sooner when there are many; what is released comes
// back once a commit, and followers and callers are told here as they are in one thread. When the
// other thread ends by itself, or says that it failed, this process ends.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { EngineImage } from '#engine/image.ts'
import type { Fatal } from '#journal/journal.ts'
import { assert } from '#kernel/assert.ts'
import { StartError } from '#kernel/start-error.ts'
import { type Callers, createCallers, type Opened } from './callers.ts'
import { createDesk, type Pace } from './desk.ts'
import { endProcess } from './end-process.ts'
import { PARCEL_COMMANDS } from './limits.ts'
import { createParcel, type Parcel } from './parcel.ts'
import type { Sequencer } from './port.ts'
import type { Press } from './press.ts'
import {
  type Answered,
  bufferOf,
  cellsOf,
  type Question,
  stretchOf,
  type ThreadOrder,
  type ToDesk,
  type ToPress,
} from './thread-messages.ts'

export type StartOrder = ThreadOrder & {
  /** Ends the process. The default prints the error and exits with code 70. */
  readonly fatal?: Fatal
  /** Says what an operator should know. */
  readonly report?: (line: string) => void
}

const SCRIPT = new URL('./thread-worker.ts', import.meta.url)

/** As createSequencer, by the clock of the machine; the process stays up until it is closed. */
export async function startSequencer(order: StartOrder): Promise<Sequencer> {
  const { fatal = endProcess, report = console.error, ...workerData } = order
  const worker = new Worker(SCRIPT, { workerData })
  const { opened, image } = await openedBy(worker)
  const callers = createCallers(opened)
  const press = createRemote({ worker, image, callers, fatal, report })
  return createDesk({ callers, press, pace: createTurnPace() })
}

type OpenedMessage = { readonly opened: Opened; readonly image: EngineImage }

async function openedBy(worker: Worker): Promise<OpenedMessage> {
  const [message] = (await once(worker, 'message')) as [ToDesk] // Its first; it throws errors.
  if (message.kind === 'closed') throw new StartError(message.reason)
  if (message.kind === 'fatal') throw failed(message)
  assert(message.kind === 'opened', 'the thread says first whether it opened the folder')
  return message
}

function failed({ message, stack }: { readonly message: string; readonly stack: string }): Error {
  return Object.assign(new Error(message), { stack })
}

/** Once a turn, or when there are so many that the other thread should begin. */
function createTurnPace(): Pace {
  let isDue = false
  return (commands, send) => {
    if (commands >= PARCEL_COMMANDS) return send()
    if (isDue) return
    isDue = true
    setImmediate(() => {
      isDue = false
      send()
    })
  }
}

type RemoteOrder = {
  readonly worker: Worker
  readonly image: EngineImage
  readonly callers: Callers
  readonly fatal: Fatal
  readonly report: (line: string) => void
}

type Asked = {
  readonly resolve: (value: Answered[keyof Answered]) => void
  readonly reject: (error: Error) => void
}

/** The press of the other thread, as the desk sees it. */
function createRemote({ worker, image, callers, fatal, report }: RemoteOrder): Press {
  const asked = new Map<number, Asked>()
  let emptied: readonly ArrayBuffer[] = []
  let questions = 0
  let recovered: EngineImage | null = image
  let isClosed = false

  function tell(message: ToPress, transfer: readonly ArrayBuffer[] = []): void {
    worker.postMessage(message, transfer)
  }

  function ask<N extends keyof Answered>(question: Question & { readonly name: N }) {
    assert(!isClosed, 'nothing is asked after close')
    questions += 1
    tell({ kind: 'ask', id: questions, question })
    return new Promise<Answered[N]>((resolve, reject) => {
      // The answer to a question is of its name.
      asked.set(questions, { resolve: (value) => resolve(value as Answered[N]), reject })
    })
  }

  function hear(message: ToDesk): void {
    if (message.kind === 'released') {
      if (message.emptied.length > 0) emptied = message.emptied
      callers.released({ ...message.release, events: stretchOf(message.events) })
    } else if (message.kind === 'refused') callers.refused(message.answers)
    else if (message.kind === 'answer') {
      asked.get(message.id)?.resolve(message.value)
      asked.delete(message.id)
    } else if (message.kind === 'failed') {
      asked.get(message.id)?.reject(failed(message))
      asked.delete(message.id)
    } else if (message.kind === 'report') report(message.line)
    else if (message.kind === 'fatal') fatal(failed(message))
  }

  worker.on('message', hear)
  worker.on('error', fatal)
  worker.on('exit', () => {
    if (!isClosed) fatal(new Error('the thread of the sequencer ended'))
  })

  return {
    begin: () => tell({ kind: 'begin' }),
    take({ cells, used, count, groups }: Parcel) {
      recovered = null
      const buffer = bufferOf(cells)
      tell({ kind: 'take', buffer, used, count, groups }, [buffer])
      const [next, ...others] = emptied
      emptied = others
      return next === undefined ? createParcel() : createParcel(cellsOf(next))
    },
    image() {
      assert(recovered !== null, 'the image is taken before commands come')
      return recovered
    },
    async eventsAfter(eventNo, upTo) {
      const sent = await ask({ name: 'eventsAfter', eventNo, upTo })
      return sent === null ? null : stretchOf(sent)
    },
    eventDigest: () => ask({ name: 'eventDigest' }),
    digest: () => ask({ name: 'digest' }),
    volumesOf: (owner) => ask({ name: 'volumesOf', owner }),
    triggersOf: (orders) => ask({ name: 'triggersOf', orders }),
    async close() {
      await ask({ name: 'close' })
      isClosed = true
      await worker.terminate()
    },
  }
}
