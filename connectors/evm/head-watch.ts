// Head watch: when to look at the chain for a new block.
//
// By a poll, and where the node tells new blocks by itself at once: then the poll is seldom and
// finds what was not told. A stream that leaves out two blocks in a row is opened anew.

import { openHeadStream } from './head-stream.ts'

export type HeadWatch = { start(): void; stop(): void }

export type HeadWatchOptions = {
  readonly pollMs: number
  /** ws: or wss:; without it there is the poll alone. */
  readonly streamUrl: string | undefined
  /** Asks the node; whether there was a new block. Never rejects. */
  readonly look: () => Promise<boolean>
  /** The header of a new block, as the node told it. */
  readonly onHeader: (header: unknown) => void
}

const POLL_WITH_STREAM_MS = 1_000
const UNTOLD_MAX = 1

export function createHeadWatch(options: HeadWatchOptions): HeadWatch {
  const { pollMs, streamUrl, look, onHeader } = options
  let timer: NodeJS.Timeout | undefined
  let running = false
  let stream: ReturnType<typeof openHeadStream> | undefined
  let untold = 0

  const isTold = () => stream?.isUp() === true

  async function loop(): Promise<void> {
    const isNew = await look()
    if (isNew && isTold() && untold++ >= UNTOLD_MAX) stream?.restart()
    schedule(isTold() ? Math.max(pollMs, POLL_WITH_STREAM_MS) : pollMs)
  }

  function schedule(ms: number): void {
    clearTimeout(timer)
    if (running) timer = setTimeout(loop, ms)
  }

  function openStream(url: string) {
    return openHeadStream({
      url,
      onHeader(header) {
        untold = 0
        onHeader(header)
      },
      onChange(isUp) {
        untold = 0
        // What came before it was up, or since it broke, is looked for at once.
        schedule(isUp ? 0 : pollMs)
      },
    })
  }

  return {
    start() {
      if (running) return
      running = true
      schedule(0)
      if (streamUrl !== undefined) stream = openStream(streamUrl)
    },
    stop() {
      running = false
      stream?.close()
      stream = undefined
      clearTimeout(timer)
    },
  }
}
