// Tape reader: the entries of a tape in the order in which they happened, a frame at a time.
//
// A segment that ends within a frame was torn by a crash: what was written before it is told, the
// rest is left out. Everything else that does not fit is a StartError that names the file.

import { readFileSync, statSync } from 'node:fs'
import { constants, createZstdDecompress, type ZstdDecompress } from 'node:zlib'
import { StartError } from '#kernel/start-error.ts'
import { listSegments } from './segment-files.ts'
import { frameBytes, payloadAt, readHead, type TapeEntry, type TapeHead } from './tape-format.ts'

export type TapeSegment = {
  readonly path: string
  readonly bytes: number
  readonly head: TapeHead | undefined
}

/** Of a folder the segments, of a file itself; oldest first. */
export function segmentsOf(path: string): TapeSegment[] {
  const paths = isFolder(path) ? listSegments(path).map((one) => one.path) : [path]
  if (paths.length === 0) throw new StartError(`${path} has no tape`)
  return paths.map((one) => {
    const bytes = readFileSync(one)
    return { path: one, bytes: bytes.length, head: readHead(one, bytes)?.head }
  })
}

function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new StartError(`${path} is not there`)
  return found.isDirectory()
}

/** Answers the bytes of torn tails that were left out. */
export async function* readTape(path: string): AsyncGenerator<TapeEntry, number> {
  let torn = 0
  for (const segment of segmentsOf(path)) torn += yield* readSegment(segment.path)
  return torn
}

async function* readSegment(path: string): AsyncGenerator<TapeEntry, number> {
  const bytes = readFileSync(path)
  const head = readHead(path, bytes)
  if (head === undefined) return bytes.length
  const unpacker = createZstdDecompress()
  const parts: Buffer[] = []
  unpacker.on('data', (part: Buffer) => void parts.push(part))
  let at = head.bytes
  let rest = ''
  try {
    for (let payload = payloadAt(bytes, at); payload; payload = payloadAt(bytes, at)) {
      const lines = (rest + (await unpack(unpacker, parts, payload))).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) yield entryOf(path, line)
      at += frameBytes(payload)
    }
  } finally {
    unpacker.destroy()
  }
  return bytes.length - at
}

async function unpack(unpacker: ZstdDecompress, parts: Buffer[], payload: Buffer) {
  unpacker.write(payload)
  await new Promise<void>((resolve, reject) => {
    unpacker.once('error', reject)
    unpacker.flush(constants.ZSTD_e_flush, () => {
      unpacker.off('error', reject)
      resolve()
    })
  })
  return Buffer.concat(parts.splice(0)).toString('utf8')
}

function entryOf(path: string, line: string): TapeEntry {
  try {
    return JSON.parse(line)
  } catch {
    throw new StartError(`${path}: a line of the tape is no JSON: ${line.slice(0, 60)}`)
  }
}
