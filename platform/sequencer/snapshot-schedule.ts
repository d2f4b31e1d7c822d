// Snapshot schedule: a child process makes a snapshot every so many commands.
//
// Events are synced first, because a snapshot vouches for them. One child at a time; when it fails,
// the reason is reported and the next turn tries again: a start only takes longer.

import { type ChildProcess, fork } from 'node:child_process'
import type { EventStore } from '#journal/events.ts'
import type { Fatal } from '#journal/journal.ts'

export type SnapshotSchedule = {
  /** Called after each release. */
  look(releasedSeq: number): void
  /** Ends a child that is at work. */
  stop(): void
}

type ScheduleOrder = {
  readonly folder: string
  readonly store: EventStore
  readonly every: number
  readonly since: number
  readonly fatal: Fatal
  readonly report: (line: string) => void
}

const SCRIPT = new URL('./snapshot-child.ts', import.meta.url)

export function createSnapshotSchedule(order: ScheduleOrder): SnapshotSchedule {
  const { folder, store, every, fatal, report } = order
  let last = order.since
  let isBusy = false
  let isStopped = false
  let child: ChildProcess | null = null

  function begin(seq: number): void {
    if (isStopped) return
    const started = fork(SCRIPT, [folder, String(seq), String(process.pid)], { execArgv: [] })
    child = started
    started.once('exit', (code) => {
      isBusy = false
      child = null
      if (code !== 0 && !isStopped) report(`the snapshot at ${seq} failed (${code}); trying later`)
    })
  }

  return {
    look(releasedSeq) {
      if (isBusy || releasedSeq - last < every) return
      isBusy = true
      last = releasedSeq
      store.syncLater((error) => {
        if (error !== null) fatal(error)
        begin(releasedSeq)
      })
    },
    stop() {
      isStopped = true
      child?.kill('SIGKILL')
    },
  }
}
