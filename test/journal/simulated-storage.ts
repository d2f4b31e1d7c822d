// Simulated storage: a disk in memory that can hold writes back, fail, and lose power.
//
// It keeps for every file what was written and what is synced. A power cut leaves, of each sector
// of 512 bytes that was written but not synced, the old or the new bytes as a seed says.

import type { Done, OpenMode, Storage, StorageFile } from '#journal/storage.ts'

type Content = { seen: Buffer; durable: Buffer }
type Held = { readonly run: () => void }

export type SimulatedStorage = Storage & {
  readonly files: Map<string, Content>
  /** Holds asynchronous writes back until `settle`. */
  hold(): void
  /** Lets the writes that were held back happen, oldest first; answers how many. */
  settle(): number
  /** Asked before each write and sync; an error is what the disk says. */
  fail: (path: string, what: 'write' | 'sync', bytes: number) => Error | null
  /** What is on the disk after a power cut, as a new storage. */
  afterPowerCut(random: () => number): SimulatedStorage
  /** The same bytes in another storage. */
  copy(): SimulatedStorage
}

const SECTOR_BYTES = 512

export function createSimulatedStorage(
  files: Map<string, Content> = new Map(),
  folders: Set<string> = new Set(),
): SimulatedStorage {
  let isHolding = false
  let held: Held[] = []
  const later = (run: () => void) => (isHolding ? void held.push({ run }) : setImmediate(run))
  const storage: SimulatedStorage = {
    files,
    fail: () => null,
    hold: () => {
      isHolding = true
    },
    settle() {
      const now = held
      held = []
      for (const { run } of now) run()
      return now.length
    },
    copy: () =>
      createSimulatedStorage(
        mapFiles(files, ({ seen }) => seen),
        folders,
      ),
    afterPowerCut: (random) =>
      createSimulatedStorage(
        mapFiles(files, (content) => torn(content, random)),
        folders,
      ),
    open: (path, mode) => openFile(storage, { path, mode, later, isHolding: () => isHolding }),
    list: (folder) => listOf(files, folder),
    makeFolder: (path) => void folders.add(path),
    rename(from, to) {
      const content = files.get(from)
      if (content === undefined) throw missing(from)
      files.delete(from)
      files.set(to, content)
    },
    remove: (path) => void files.delete(path),
    syncFolder: () => {},
    realPath: (path) => path,
  }
  return storage
}

type OpenOrder = {
  readonly path: string
  readonly mode: OpenMode
  readonly later: (run: () => void) => void
  readonly isHolding: () => boolean
}

function openFile(storage: SimulatedStorage, order: OpenOrder): StorageFile {
  const { path, mode, later, isHolding } = order
  const { files } = storage
  if (!files.has(path) && mode === 'read') throw missing(path)
  const content = files.get(path) ?? { seen: Buffer.alloc(0), durable: Buffer.alloc(0) }
  files.set(path, content)

  // A file that was renamed while open has its new name.
  const name = () => [...files].find(([, other]) => other === content)?.[0] ?? path

  function write(bytes: Uint8Array, at: number): void {
    const error = storage.fail(name(), 'write', bytes.length)
    if (error !== null) throw error
    content.seen = written(content.seen, bytes, at)
    if (mode === 'durable') content.durable = written(content.durable, bytes, at)
  }

  function sync(): void {
    const error = storage.fail(name(), 'sync', 0)
    if (error !== null) throw error
    content.durable = Buffer.from(content.seen)
  }

  const tell = (action: () => void, done: Done) => {
    try {
      action()
    } catch (error) {
      return done(error instanceof Error ? error : new Error(String(error)))
    }
    done(null)
  }

  return {
    path,
    size: () => content.seen.length,
    read: (into, at) =>
      at < content.seen.length ? content.seen.copy(into, 0, at, at + into.length) : 0,
    write,
    writeLater(bytes, at, done) {
      // On its way: seen by nobody who matters, and what a power cut may leave any part of.
      if (isHolding()) content.seen = written(content.seen, bytes, at)
      later(() => tell(() => write(bytes, at), done))
    },
    sync,
    syncLater: (done) => later(() => tell(sync, done)),
    truncate(length) {
      content.seen = Buffer.from(content.seen.subarray(0, length))
      if (mode === 'durable') content.durable = Buffer.from(content.seen)
    },
    close: () => {},
  }
}

function written(old: Buffer, bytes: Uint8Array, at: number): Buffer {
  const end = at + bytes.length
  const grown = end > old.length ? Buffer.concat([old, Buffer.alloc(end - old.length)]) : old
  grown.set(bytes, at) // Seen and durable are buffers of their own.
  return grown
}

function torn({ seen, durable }: Content, random: () => number): Buffer {
  const length =
    random() % 2 === 0 ? seen.length : Math.max(durable.length, random() % (seen.length + 1))
  const result = Buffer.alloc(length)
  durable.copy(result, 0, 0, length)
  for (let at = 0; at < length; at += SECTOR_BYTES) {
    const isNew = random() % 2 === 0
    if (isNew && at < seen.length) seen.copy(result, at, at, Math.min(length, at + SECTOR_BYTES))
  }
  return result
}

function mapFiles(files: Map<string, Content>, seenOf: (content: Content) => Buffer) {
  const copies = new Map<string, Content>()
  for (const [path, content] of files) {
    const seen = Buffer.from(seenOf(content))
    copies.set(path, { seen, durable: Buffer.from(seen) })
  }
  return copies
}

function listOf(files: Map<string, Content>, folder: string): string[] {
  const inside = [...files.keys()].filter((path) => path.startsWith(`${folder}/`))
  return [
    ...new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0] ?? '')),
  ].sort()
}

function missing(path: string): Error {
  return Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
}

/** What a full disk says. */
export function diskFull(): Error {
  return Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
}

/** Integers from 0 to 2^32 - 1, the same for the same seed (xorshift). */
export function createRandom(seed: number): () => number {
  let state = seed * 2_654_435_761 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
