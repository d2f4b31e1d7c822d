// Bench of the tape: what recording a bot costs, beside plain lines of JSON and gzip.
//
// One event is a book of 25 levels a side of which some change, with its answer, and now and then a
// trade, a timer, an order with a new state. Each recorder takes all of it as fast as it can until
// it is in the file. `hotNs` is what an event costs the bot itself: the calls, and nothing else.

import { createWriteStream, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { constants, createGzip } from 'node:zlib'
import { createUniform } from '#bots/random.ts'
import type { Handled, StrategyEvent, ToStrategy } from '#bots/runtime/channel.ts'
import { createTapeRecorder, type Tape } from '#bots/tape/recorder.ts'
import { median, round } from './measure.ts'
import type { Bench } from './result.ts'

type Turn = { readonly message: ToStrategy; readonly sent: string; readonly handled: Handled }
type Recorder = Pick<Tape, 'sent' | 'heard' | 'close'>
type Made = { readonly seconds: number; readonly bytes: number; readonly hotNs: number }

const EVENTS = 40_000
const EVENTS_SHORT = 2_000
const RUNS = 5
const LEVELS = 25
const PIECE = 500
const LIMITS = { waitingChars: Number.POSITIVE_INFINITY, bytesMax: 1e12 }

export const bench: Bench = async (args) => {
  const turns = conversation(args.includes('--short') ? EVENTS_SHORT : EVENTS)
  const made: Record<string, Made[]> = { ours: [], json: [], gzip: [] }
  const runs = args.includes('--short') ? 1 : RUNS
  for (let run = 0; run < runs; run += 1) {
    made.ours?.push(await record(turns, (folder) => ourTape(folder)))
    made.json?.push(await record(turns, (folder) => lines(folder, undefined)))
    made.gzip?.push(await record(turns, (folder) => lines(folder, createGzip())))
  }
  const speed = (name: string) =>
    round(turns.length / median((made[name] ?? []).map(({ seconds }) => seconds)) / 1e3, 1)
  const bytes = (name: string) => round((made[name]?.[0]?.bytes ?? 0) / turns.length, 1)
  const hot = (name: string) => Math.round(median((made[name] ?? []).map(({ hotNs }) => hotNs)))
  const [ours, json, gzip] = [speed('ours'), speed('json'), speed('gzip')]
  return {
    ...{ bench: 'tape', unit: 'thousand events/s', ours, runs },
    peers: { 'JSON lines': json, gzip },
    ratios: { 'JSON lines': round(ours / json, 2), gzip: round(ours / gzip, 2) },
    extra: {
      ...{ events: turns.length, bytesPerEvent: bytes('ours') },
      ...{ jsonBytesPerEvent: bytes('json'), gzipBytesPerEvent: bytes('gzip') },
      ...{ hotNs: hot('ours'), jsonHotNs: hot('json'), gzipHotNs: hot('gzip') },
    },
  }
}

function ourTape(folder: string): Recorder {
  const now = () => Math.floor((performance.timeOrigin + performance.now()) * 1_000)
  const log = (text: string) => process.stderr.write(`${text}\n`)
  return createTapeRecorder({ folder, bot: 'bench', now, log, limits: LIMITS })
}

/** Every line written as it comes; gzip is flushed as often as the tape is. */
function lines(folder: string, packer: ReturnType<typeof createGzip> | undefined): Recorder {
  const file = createWriteStream(join(folder, 'lines'))
  const into: Writable = packer ?? file
  packer?.pipe(file)
  const flush = setInterval(() => packer?.flush(constants.Z_SYNC_FLUSH), 100)
  const ended = new Promise<void>((resolve) => file.once('close', resolve))
  return {
    sent: (_message, line) => void into.write(`${line}\n`),
    heard: (_handled, line) => void into.write(`${line}\n`),
    async close() {
      clearInterval(flush)
      into.end()
      await ended
    },
  }
}

async function record(turns: readonly Turn[], open: (folder: string) => Recorder): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-bench-tape-'))
  const recorder = open(folder)
  const answers = turns.map(({ handled }) => JSON.stringify(handled))
  const begin = performance.now()
  let hotMs = 0
  for (let from = 0; from < turns.length; from += PIECE) {
    const before = performance.now()
    for (let at = from; at < Math.min(turns.length, from + PIECE); at += 1) {
      const turn = turns[at]
      if (turn === undefined) continue
      recorder.sent(turn.message, turn.sent)
      recorder.heard(turn.handled, answers[at] ?? '')
    }
    hotMs += performance.now() - before
    await new Promise((resolve) => setImmediate(resolve))
  }
  await recorder.close()
  const seconds = (performance.now() - begin) / 1_000
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size)
  rmSync(folder, { recursive: true })
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return { seconds, bytes, hotNs: (hotMs * 1e6) / turns.length }
}

function conversation(count: number): Turn[] {
  const uniform = createUniform(7)
  const sizes = Array.from({ length: 2 * LEVELS }, () => uniform())
  const state = { form: 1, version: 1, state: { closes: 0, best: 0 }, kept: { orders: {} } }
  let middle = 250_000
  return Array.from({ length: count }, (_, at) => {
    if (uniform() < 0.2) middle += uniform() < 0.5 ? -1 : 1
    for (let change = 0; change < 4; change += 1) {
      sizes[Math.floor(uniform() * sizes.length)] = uniform()
    }
    const level = (side: 1 | -1) => (_: unknown, rank: number) => ({
      price: ((middle + side * (rank + 1)) / 100).toFixed(2),
      size: ((sizes[rank + (side > 0 ? LEVELS : 0)] ?? 0) * 10).toFixed(4),
    })
    const [bids, asks] = [-1, 1].map((side) => {
      return Array.from({ length: LEVELS }, level(side > 0 ? 1 : -1))
    })
    const time = 1_800_000_000_000_000 + at * 20_000
    const market = { symbol: 'ETH-USDC', at: time }
    const kind = uniform()
    const trade = { side: 'buy', price: (middle / 100).toFixed(2), size: uniform().toFixed(4) }
    const update = kind < 0.15 ? { kind: 'trade', ...trade } : { kind: 'book', bids, asks }
    const event = (
      kind > 0.9
        ? { kind: 'timer', timer: 0 }
        : { kind: 'update', venue: 'internal', update: { ...market, ...update } }
    ) as StrategyEvent // Made here, field by field.
    const times = { at: time + 900, receivedAt: time + 400 }
    const message = { kind: 'event' as const, no: at + 1, ...times, event }
    state.state.closes += kind > 0.9 ? 1 : 0
    const isChanged = kind > 0.9 ? { state: structuredClone(state) } : {}
    const handled = { kind: 'handled' as const, no: at + 1, actions: [], ...isChanged }
    return { message, sent: JSON.stringify(message), handled }
  })
}
