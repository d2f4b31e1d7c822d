// Sequencer: the one writer. Whatever changes money or orders goes through `submit`.
//
// Recovers the folder, then: sequence and apply at once, commit in groups, release in order.
// INV-07: a reply means applied and on disk. INV-17: what the queue cannot hold is refused with seq
// 0 and nothing happened. A failed write or a broken invariant ends the process. Desk and press
// are in one thread here; thread.ts gives the press its own.

import type { Fatal } from '#journal/journal.ts'
import { createCallers } from './callers.ts'
import { AT_ONCE, createDesk } from './desk.ts'
import { endProcess } from './end-process.ts'
import { type FolderOrder, openFolder } from './open-folder.ts'
import type { Sequencer } from './port.ts'
import { createPress } from './press.ts'
import { lastEventNoOf, lastSeqOf } from './snapshot.ts'

export type SequencerOrder = Omit<FolderOrder, 'fatal'> & {
  /** Ends the process. The default prints the error and exits with code 70. */
  readonly fatal?: Fatal
}

/** Recovers a folder and opens it for commands. Throws StartError when it must not be opened. */
export async function createSequencer(order: SequencerOrder): Promise<Sequencer> {
  const folder = await openFolder({ ...order, fatal: order.fatal ?? endProcess })
  const { engine } = folder
  const opened = { releasedSeq: lastSeqOf(engine), releasedEventNo: lastEventNoOf(engine) }
  const callers = createCallers(opened)
  return createDesk({ callers, press: createPress(folder, callers), pace: AT_ONCE })
}
