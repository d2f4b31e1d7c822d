// Storage: the disk as a small port; the only file of the journal that touches node:fs.
//
// Files that must survive are opened durable (O_DSYNC): a write returns when the bytes are on disk,
// in one system call and one trip to the thread pool instead of two. Every write is whole or
// throws. After an error nothing may be written to the same file: the caller ends the process.

import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  write,
  writeSync,
} from 'node:fs'

export type Done = (error: Error | null) => void

export type StorageFile = {
  readonly path: string
  size(): number
  /** Reads from a place and answers how many bytes there were, fewer only at the end. */
  read(into: Uint8Array, at: number): number
  write(bytes: Uint8Array, at: number): void
  writeLater(bytes: Uint8Array, at: number, done: Done): void
  sync(): void
  syncLater(done: Done): void
  truncate(length: number): void
  close(): void
}

/** read: it must exist. write: made when missing. durable: write, and on disk on return. */
export type OpenMode = 'read' | 'write' | 'durable'

export type Storage = {
  open(path: string, mode: OpenMode): StorageFile
  /** Names in a folder, sorted; none when it is missing. */
  list(folder: string): readonly string[]
  makeFolder(path: string): void
  rename(from: string, to: string): void
  remove(path: string): void
  /** Makes names in a folder survive. */
  syncFolder(path: string): void
  /** The one true path of a folder. */
  realPath(path: string): string
}

const FLAGS: Readonly<Record<OpenMode, number>> = {
  read: constants.O_RDONLY,
  write: constants.O_RDWR | constants.O_CREAT,
  durable: constants.O_RDWR | constants.O_CREAT | (constants.O_DSYNC ?? constants.O_SYNC),
}
const PRIVATE = 0o600
/** Others may pass through (the database has a user of its own) but not look around. */
const FOLDER_MODE = 0o711

/** The machine's file system. */
export function createDiskStorage(): Storage {
  return {
    open: openDiskFile,
    list: listFolder,
    makeFolder: (path) => void mkdirSync(path, { recursive: true, mode: FOLDER_MODE }),
    rename: renameSync,
    remove: (path) => rmSync(path, { force: true }),
    syncFolder(path) {
      const descriptor = openSync(path, constants.O_RDONLY)
      fsyncSync(descriptor)
      closeSync(descriptor)
    },
    realPath: (path) => realpathSync(path),
  }
}

function openDiskFile(path: string, mode: OpenMode): StorageFile {
  const descriptor = openSync(path, FLAGS[mode], PRIVATE)
  return {
    path,
    size: () => fstatSync(descriptor).size,
    read: (into, at) => readWhole(descriptor, into, at),
    write: (bytes, at) => writeWhole(descriptor, bytes, at),
    writeLater: (bytes, at, done) => writeRest(descriptor, { bytes, at, done }),
    sync: () => fdatasyncSync(descriptor),
    syncLater: (done) => fdatasync(descriptor, (error) => done(error)),
    truncate: (length) => ftruncateSync(descriptor, length),
    close: () => closeSync(descriptor),
  }
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** Whether an error says that a file or folder is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function readWhole(descriptor: number, into: Uint8Array, at: number): number {
  let done = 0
  while (done < into.length) {
    const count = readSync(descriptor, into, done, into.length - done, at + done)
    if (count === 0) break
    done += count
  }
  return done
}

function writeWhole(descriptor: number, bytes: Uint8Array, at: number): void {
  let done = 0
  while (done < bytes.length) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, at + done)
  }
}

type Writing = { readonly bytes: Uint8Array; readonly at: number; readonly done: Done }

// A short write goes on where it stopped; an error after it is an error of the whole.
function writeRest(descriptor: number, { bytes, at, done }: Writing): void {
  write(descriptor, bytes, 0, bytes.length, at, (error, count) => {
    if (error !== null) return done(error)
    if (count === bytes.length) return done(null)
    writeRest(descriptor, { bytes: bytes.subarray(count), at: at + count, done })
  })
}
