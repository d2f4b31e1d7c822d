// Committer: group commit. While one batch is on its way to disk, the next one fills.
//
// A turn's commands go together: the write starts when the sockets of this turn are read. A short
// batch is written at once, a longer one by the thread pool, and then the next is started before
// the finished one is released. One write is in flight at a time.

import type { Journal } from '#journal/journal.ts'
import { frameOf } from './batch.ts'
import { COMMIT_NOW_MAX } from './limits.ts'
import type { Outbox } from './outbox.ts'
import type { Sealed, Writer } from './writer.ts'

export type Committer = {
  /** Something was sequenced: it will be committed. */
  wake(): void
  /** When a seq that was sequenced is released. */
  released(seq: number): Promise<void>
}

type CommitterOrder = {
  readonly journal: Journal
  readonly writer: Writer
  readonly outbox: Outbox
  readonly afterRelease: () => void
}

type Watcher = { readonly seq: number; readonly resolve: () => void }

export function createCommitter(order: CommitterOrder): Committer {
  const { journal, writer, outbox, afterRelease } = order
  let isFlying = false
  let isScheduled = false
  let watchers: Watcher[] = []

  function schedule(): void {
    if (isScheduled || isFlying || writer.pending() === 0) return
    isScheduled = true
    setImmediate(begin)
  }

  function begin(): void {
    isScheduled = false
    if (isFlying || writer.pending() === 0) return
    if (writer.pending() > COMMIT_NOW_MAX) beginLater()
    else commitNow()
  }

  function commitNow(): void {
    const start = performance.now()
    const sealed = writer.seal()
    journal.append(frameOf(sealed.batch))
    settle(sealed, start)
    schedule()
  }

  function beginLater(): void {
    const start = performance.now()
    const sealed = writer.seal()
    isFlying = true
    journal.appendLater(frameOf(sealed.batch), () => {
      isFlying = false
      if (writer.pending() > COMMIT_NOW_MAX) beginLater()
      settle(sealed, start)
      schedule()
    })
  }

  function settle({ batch, outcome }: Sealed, start: number): void {
    outbox.release(outcome, performance.now() - start)
    writer.recycle(batch)
    afterRelease()
    if (watchers.length > 0) tellWatchers(outcome.lastSeq)
  }

  function tellWatchers(seq: number): void {
    for (const watcher of watchers) if (watcher.seq <= seq) watcher.resolve()
    watchers = watchers.filter((watcher) => watcher.seq > seq)
  }

  return {
    wake: schedule,
    released: (seq) =>
      new Promise((resolve) => {
        if (seq <= outbox.releasedSeq()) resolve()
        else watchers.push({ seq, resolve })
      }),
  }
}
