// State store: what a bot must find again after a crash, in one file that is never half written.
//
// Written to a temporary file, synced, renamed, and the folder synced: at any moment the file is
// the whole old state or the whole new one. Changes wait a moment for one another, a flush does
// not. It says which event was the last one handled.

import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from '#kernel/start-error.ts'
import type { SavedRisk } from './risk-watch.ts'

export type SavedBot = {
  /** Number of the last event handled. */
  readonly no: number
  readonly state: object | undefined
  /** Figures of the bot so far: see accounting. */
  readonly figures: Readonly<Record<string, number>>
  /** Base coins bought less sold by market. */
  readonly positions: Readonly<Record<string, number>>
  /** The last fill that was counted, by venue. */
  readonly lastFills: Readonly<Record<string, string>>
  readonly risk?: SavedRisk | undefined
}

export type StateStore = {
  /** As found at the start. */
  readonly found: SavedBot | undefined
  put(saved: SavedBot): void
  /** Durable when it returns. */
  flush(): void
  close(): void
}

const EVERY_MS = 300

/** Throws StartError when the file is there and cannot be read: a bot never forgets in silence. */
export function openStateStore(path: string, everyMs = EVERY_MS): StateStore {
  const found = existsSync(path) ? read(path) : undefined
  let waiting: SavedBot | undefined
  let timer: NodeJS.Timeout | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (waiting === undefined) return
    write(path, JSON.stringify(waiting))
    waiting = undefined
  }

  return {
    found,
    put(saved) {
      waiting = saved
      timer ??= setTimeout(flush, everyMs)
    },
    flush,
    close: flush,
  }
}

function write(path: string, text: string): void {
  const part = openSync(`${path}.part`, 'w', 0o600)
  writeSync(part, text)
  fdatasyncSync(part)
  closeSync(part)
  renameSync(`${path}.part`, path)
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

function read(path: string): SavedBot {
  try {
    const saved: Partial<SavedBot> = JSON.parse(readFileSync(path, 'utf8'))
    const { no, state, figures = {}, positions = {}, lastFills = {}, risk } = saved
    if (no !== undefined && Number.isSafeInteger(no)) {
      const found = { no, state, figures, positions, lastFills }
      return risk === undefined ? found : { ...found, risk }
    }
  } catch {
    // Told below: whatever is wrong with it, a person must look.
  }
  throw new StartError(`${path} is not a bot's state: move it away to begin anew`)
}
