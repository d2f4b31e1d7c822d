// Tape recorder: what a runner and a strategy say to each other, on disk while they go on talking.
//
// A line costs the bot a push to a list; it is packed and written later, by the thread pool, in
// pieces that a reader can unpack after a kill -9. When the disk is too slow lines are left out and
// a mark says how many: a bot never waits for its tape, and the tape never fills memory or disk.

import { closeSync, openSync, write, writeSync } from 'node:fs'
import { constants, createZstdCompress, type ZstdCompress } from 'node:zlib'
import type { EventMessage, Handled, Start, ToStrategy } from '../runtime/channel.ts'
import {
  type Bounds,
  dropOldest,
  listSegments,
  makeTapeFolder,
  segmentPath,
} from './segment-files.ts'
import { frameOf, headLine } from './tape-format.ts'

export type Tape = {
  /** What goes to the strategy, with its text. */
  sent(message: ToStrategy, line: string): void
  /** What it answered. */
  heard(handled: Handled, line: string): void
  /** Answers when all of it is in the file. */
  close(): Promise<void>
}

export type TapeLimits = Bounds & {
  /** A new segment begins after so many characters, which are more than they become. */
  readonly segmentChars: number
  /** Characters that may wait to be written. */
  readonly waitingChars: number
  /** Until what was said is in the file: the most that a kill -9 takes. */
  readonly everyMs: number
}

export type TapeOptions = {
  readonly folder: string
  readonly bot: string
  /** Microseconds. */
  readonly now: () => number
  readonly log: (text: string) => void
  readonly limits?: Partial<TapeLimits>
}

export const TAPE_LIMITS: TapeLimits = {
  ...{ bytesMax: 64 * 1024 * 1024, ageMaxMs: 7 * 24 * 3_600_000 },
  ...{ segmentChars: 16 * 1024 * 1024, waitingChars: 16 * 1024 * 1024, everyMs: 100 },
}

const PIECE_CHARS = 128 * 1024
const BEGINNING_CHARS_MAX = 4 * 1024 * 1024
const LEVEL = 1
/** 2 to the power of it: 128 KiB, so that fifty bots take little memory for their tapes. */
const WINDOW = 17

type Segment = {
  readonly file: number
  readonly packer: ZstdCompress
  /** What the packer has made and is not in the file yet. */
  readonly packed: Buffer[]
}

type Recorder = TapeOptions & {
  readonly bounds: TapeLimits
  lines: string[]
  chars: number
  /** Characters of this segment, also those that wait. */
  told: number
  /** Characters handed to the disk and not there yet. */
  writing: number
  left: number
  timer: NodeJS.Timeout | undefined
  /** Everything done to the file, one after the other. */
  work: Promise<void>
  segment: Segment | undefined
  number: number
  /** Bytes of all segments. */
  total: number
  start: Start | undefined
  /** Until the strategy was ready: what a seam repeats. */
  beginning: EventMessage[]
  beginningChars: number
  isReady: boolean
  state: object | undefined
  no: number
  isBroken: boolean
}

export function createTapeRecorder(options: TapeOptions): Tape {
  const bounds = { ...TAPE_LIMITS, ...options.limits }
  const recorder: Recorder = {
    ...{ ...options, bounds, lines: [], chars: 0, told: 0, writing: 0, left: 0, timer: undefined },
    ...{ work: Promise.resolve(), segment: undefined, start: undefined, state: undefined },
    ...{ beginning: [], beginningChars: 0, isReady: false, no: 0, isBroken: false },
    ...{ number: 0, total: 0 },
  }
  void after(recorder, async () => {
    makeTapeFolder(options.folder)
    recorder.number = listSegments(options.folder).at(-1)?.segment ?? 0
  })
  return {
    sent(message, line) {
      noteSent(recorder, message, line.length)
      push(recorder, line)
    },
    heard(handled, line) {
      if (handled.state !== undefined) recorder.state = handled.state
      recorder.no = handled.no
      push(recorder, line)
      // Between two turns: nothing that was asked is still open.
      if (recorder.told >= bounds.segmentChars) roll(recorder)
    },
    async close() {
      flush(recorder)
      await after(recorder, () => endSegment(recorder))
    },
  }
}

function noteSent(recorder: Recorder, message: ToStrategy, chars: number): void {
  if (message.kind === 'start') {
    recorder.start = message
    recorder.state = message.saved
    Object.assign(recorder, { beginning: [], beginningChars: 0, isReady: false })
    return
  }
  if (recorder.isReady) return
  recorder.beginningChars += chars
  recorder.isReady = message.event.kind === 'ready'
  const fits = recorder.beginningChars <= BEGINNING_CHARS_MAX
  if (fits || recorder.isReady) recorder.beginning.push(message)
}

function push(recorder: Recorder, line: string): void {
  const { bounds } = recorder
  if (recorder.isBroken) return
  if (recorder.writing + recorder.chars + line.length > bounds.waitingChars) {
    recorder.left += 1
    return
  }
  if (recorder.left > 0) {
    recorder.lines.push(JSON.stringify({ kind: 'gap', lines: recorder.left }))
    recorder.left = 0
  }
  recorder.lines.push(line)
  recorder.chars += line.length + 1
  recorder.told += line.length + 1
  if (recorder.chars >= PIECE_CHARS) flush(recorder)
  else recorder.timer ??= setTimeout(() => flush(recorder), bounds.everyMs).unref()
}

function flush(recorder: Recorder): void {
  clearTimeout(recorder.timer)
  recorder.timer = undefined
  if (recorder.lines.length === 0) return
  const { lines, chars } = recorder
  recorder.writing += chars
  recorder.lines = []
  recorder.chars = 0
  void after(recorder, async () => {
    recorder.segment ??= openSegment(recorder)
    await append(recorder, recorder.segment, `${lines.join('\n')}\n`)
    recorder.writing -= chars
  })
}

/** Whatever goes wrong ends the tape and not the bot. */
function after(recorder: Recorder, work: () => Promise<void>): Promise<void> {
  recorder.work = recorder.work.then(async () => {
    if (recorder.isBroken) return
    try {
      await work()
    } catch (error) {
      recorder.isBroken = true
      recorder.log(`the tape ends: ${error instanceof Error ? error.message : String(error)}`)
    }
  })
  return recorder.work
}

/** The next segment can be replayed without those before: it begins with a seam. */
function roll(recorder: Recorder): void {
  const { start, state, no, beginning, now } = recorder
  flush(recorder)
  recorder.told = 0
  void after(recorder, () => endSegment(recorder))
  if (start === undefined) return
  push(
    recorder,
    JSON.stringify({
      ...{ kind: 'seam', start: { ...start, saved: state, no, at: now() }, beginning },
    }),
  )
}

function openSegment(recorder: Recorder): Segment {
  const { folder, bot, now } = recorder
  recorder.number += 1
  const file = openSync(segmentPath(folder, recorder.number), 'wx', 0o600)
  const head = headLine({ bot, segment: recorder.number, openedAt: now() })
  writeSync(file, head)
  drop(recorder)
  const packer = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_windowLog]: WINDOW },
  })
  const segment: Segment = { file, packer, packed: [] }
  packer.on('data', (part: Buffer) => void segment.packed.push(part))
  return segment
}

/** Makes room before more is written. */
function drop(recorder: Recorder, room = 0): void {
  const { folder, bounds, now } = recorder
  const bytesMax = bounds.bytesMax - room
  recorder.total = dropOldest(folder, { ...bounds, bytesMax }, now() / 1_000)
}

async function append(recorder: Recorder, segment: Segment, text: string): Promise<void> {
  const { packer, file, packed } = segment
  packer.write(text)
  await new Promise<void>((resolve) => packer.flush(constants.ZSTD_e_flush, () => resolve()))
  const frame = frameOf(Buffer.concat(packed.splice(0)))
  if (recorder.total + frame.length > recorder.bounds.bytesMax) drop(recorder, frame.length)
  await writeWhole(file, frame)
  recorder.total += frame.length
}

async function writeWhole(file: number, bytes: Buffer): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    from += await new Promise<number>((resolve, reject) => {
      write(file, bytes, from, (error, count) => (error === null ? resolve(count) : reject(error)))
    })
  }
}

async function endSegment(recorder: Recorder): Promise<void> {
  const { segment } = recorder
  recorder.segment = undefined
  if (segment === undefined) return
  segment.packer.destroy()
  closeSync(segment.file)
}
