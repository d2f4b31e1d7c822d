// State store: what a bot must find again after a crash, one record that is never half written.
//
// A record is one line appended to a log that was laid out beforehand: one synced write, so that it
// may be waited for before an order leaves. A full log is folded into the file of the bot, which is
// replaced whole. At any moment disk holds the whole old record or the whole new one. Changes wait
// a moment for one another, a flush does not.

import {
  closeSync,
  constants,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { StartError } from '#kernel/start-error.ts'
import { readSavedBot, type SavedBot } from './saved-bot.ts'

export type StateStore = {
  /** As found at the start. */
  readonly found: SavedBot | undefined
  put(saved: SavedBot): void
  /** Durable when it returns. */
  flush(): void
  /** Nothing waits to be written. */
  isSaved(): boolean
  close(): void
}

const EVERY_MS = 300
const LOG_BYTES = 1_048_576

type Log = { readonly fd: number; readonly bytes: number; at: number }

/** Throws StartError when the file is there and cannot be read: a bot never forgets in silence. */
export function openStateStore(path: string, everyMs = EVERY_MS, logBytes = LOG_BYTES): StateStore {
  const { found, revision: first, isInLog } = find(path)
  // The log is begun anew.
  if (found !== undefined && isInLog) replace(path, textOf(first, found))
  let revision = first
  let waiting: SavedBot | undefined
  let timer: NodeJS.Timeout | undefined
  let log: Log | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (waiting === undefined) return
    revision += 1
    const line = Buffer.from(lineOf(revision, waiting))
    log ??= openLog(path, logBytes)
    if (log.at + line.length > log.bytes) {
      replace(path, textOf(revision, waiting))
      log.at = 0
    } else {
      writeSync(log.fd, line, 0, line.length, log.at)
      log.at += line.length
    }
    waiting = undefined
  }

  return {
    found,
    put(saved) {
      waiting = saved
      timer ??= setTimeout(flush, everyMs)
    },
    flush,
    isSaved: () => waiting === undefined,
    close() {
      const last = waiting ?? (revision > first ? find(path).found : undefined)
      clearTimeout(timer)
      timer = waiting = undefined
      if (last !== undefined) replace(path, textOf(revision + 1, last))
      if (log !== undefined) closeSync(log.fd)
      log = undefined
    },
  }
}

function textOf(revision: number, saved: SavedBot): string {
  return JSON.stringify({ revision, ...saved })
}

/** A checksum of what follows, so that a torn line is known. */
function lineOf(revision: number, saved: SavedBot): string {
  const text = textOf(revision, saved)
  return `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`
}

function logOf(path: string): string {
  return `${path}.log`
}

/** Laid out whole, so that a write changes no length and one sync is enough. */
function openLog(path: string, bytes: number): Log {
  const { O_RDWR, O_CREAT, O_DSYNC, O_TRUNC } = constants
  const fd = openSync(logOf(path), O_RDWR | O_CREAT | O_TRUNC | (O_DSYNC ?? 0), 0o600)
  writeSync(fd, Buffer.alloc(bytes))
  fsyncSync(fd)
  return { fd, bytes, at: 0 }
}

function replace(path: string, text: string): void {
  const part = openSync(`${path}.part`, 'w', 0o600)
  writeSync(part, text)
  fdatasyncSync(part)
  closeSync(part)
  renameSync(`${path}.part`, path)
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

type Found = {
  readonly found: SavedBot | undefined
  readonly revision: number
  readonly isInLog: boolean
}

const NOTHING: Found = { found: undefined, revision: 0, isInLog: false }

/** The newest of file and log. */
function find(path: string): Found {
  const whole = existsSync(path) ? readWhole(path) : NOTHING
  const log = existsSync(logOf(path)) ? readFileSync(logOf(path), 'utf8') : ''
  let newest: Found = whole
  for (const line of log.split('\n')) {
    const text = line.slice(9)
    // What is left of an earlier round has a smaller number; a torn line has another checksum.
    if (text === '' || crc32(text) !== Number.parseInt(line.slice(0, 8), 16)) break
    const read = parse(text)
    if (read === undefined) break
    if (read.revision > newest.revision) newest = { ...read, isInLog: true }
  }
  return newest
}

function readWhole(path: string): Found {
  const read = parse(readFileSync(path, 'utf8'))
  if (read !== undefined) return read
  // Whatever is wrong with it, a person must look.
  throw new StartError(`${path} is not a bot's state: move it away to begin anew`)
}

function parse(text: string): (Found & { readonly found: SavedBot }) | undefined {
  try {
    const read: { revision?: number } = JSON.parse(text)
    const found = readSavedBot(read)
    return found === undefined ? undefined : { found, revision: read.revision ?? 0, isInLog: false }
  } catch {
    return undefined
  }
}
