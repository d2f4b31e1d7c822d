// Gone: a process that is killed, if it still lives, and has ended when this answers.
//
// By SIGKILL, which nobody can refuse; for one that has ended by itself it does nothing.

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
