// bench engine: the apply that the sequencer calls, against the order book of npm, on workload W1.
//
// Ours checks and holds funds, remembers duplicates, posts both legs and fees of every fill and
// encodes all events; the peer matches alone. Its state is compared with the naive model's.

import { decodeCommand } from '#engine/codec.ts'
import { apply, createEngine } from '#engine/engine.ts'
import { imageOf } from '#engine/image-of.ts'
import type { Engine } from '#engine/state.ts'
import { imageDigest } from '#test/support/model/image-digest.ts'
import { createModel } from '#test/support/model/model.ts'
import { type EngineCommands, encodeWorkload } from './engine-commands.ts'
import { bytesPerStep, median, percentiles, race, round } from './measure.ts'
import { loadPeerBook, type PeerBook, peerIds, runPeer } from './peer-book.ts'
import type { BenchResult } from './result.ts'
import { createWorkload, type Workload } from './workload.ts'

const RUNS = 5
const CHUNKS = 20
const STRETCHES = 9
const STRETCH_COMMANDS = 20_000
const WARM_UP = 100_000
/** The naive model is slow; it follows this many commands of the workload. */
const COMPARED = 60_000

/** Million commands per second of both, after the 10,000 resting orders. */
export async function bench(): Promise<BenchResult> {
  const workload = createWorkload()
  const commands = encodeWorkload(workload)
  const createPeer = loadPeerBook()
  const ids = peerIds(workload)
  started(commands, WARM_UP)
  const runs = Array.from({ length: RUNS }, () => runBoth(workload, commands, ids, createPeer()))
  const mine = median(runs.map(([ours]) => ours))
  const peer = median(runs.map(([, theirs]) => theirs))
  // Of each run apart: what slows the machine down slows both in the same run.
  const ratio = median(runs.map(([ours, theirs]) => ours / theirs))
  const compared = compareWithModel(commands)
  return {
    bench: 'engine',
    unit: 'million commands/s',
    ours: round(mine, 3),
    peers: { 'nodejs-order-book': round(peer, 4) },
    ratios: { 'nodejs-order-book': round(ratio, 1) },
    extra: { ...latencies(workload, commands), bytesPerCommand: bytes(commands), ...compared },
    runs: RUNS,
  }
}

function runBoth(
  workload: Workload,
  commands: EngineCommands,
  ids: readonly string[],
  peer: PeerBook,
): [number, number] {
  const { resting, count } = workload
  const engine = started(commands, resting)
  runPeer(peer, workload, ids, { from: 0, to: resting })
  const speeds = race(
    (from, to) => run(engine, commands, from, to),
    (from, to) => runPeer(peer, workload, ids, { from, to }),
    { from: resting, to: count, chunks: CHUNKS },
  )
  assertSameBook(engine, peer)
  process.stderr.write(`ours ${speeds[0].toFixed(2)} M/s, peer ${speeds[1].toFixed(4)} M/s\n`)
  return speeds
}

/** An engine after the opening and so many commands of the workload. */
function started(commands: EngineCommands, until: number): Engine {
  const engine = createEngine()
  run(engine, commands, -commands.setUp, until)
  return engine
}

/** Applies commands [from, to) of the workload; the events of each are taken before the next. */
function run(engine: Engine, { cells, at, setUp }: EngineCommands, from: number, to: number): void {
  for (let i = setUp + from; i < setUp + to; i += 1) {
    apply(engine, cells, at[i] ?? 0)
    engine.events.length = 0
  }
}

function latencies(workload: Workload, commands: EngineCommands): Record<string, number> {
  const { resting, count } = workload
  const engine = started(commands, resting)
  const each = new Float64Array(count - resting)
  for (let i = resting; i < count; i += 1) {
    const start = performance.now()
    run(engine, commands, i, i + 1)
    each[i - resting] = performance.now() - start
  }
  return percentiles(each)
}

// From the middle on, where the tables have their size for a while.
function bytes(commands: EngineCommands): number {
  let at = (commands.at.length - commands.setUp) >> 1
  const engine = started(commands, at)
  return bytesPerStep(STRETCHES, STRETCH_COMMANDS, () => {
    run(engine, commands, at, at + STRETCH_COMMANDS)
    at += STRETCH_COMMANDS
  })
}

function compareWithModel(commands: EngineCommands): { modelAgrees: boolean; compared: number } {
  const model = createModel()
  const { cells, at, setUp } = commands
  for (let i = 0; i < setUp + COMPARED; i += 1) model.apply(decodeCommand(cells, at[i] ?? 0))
  const ours = imageDigest(imageOf(started(commands, COMPARED)))
  if (ours !== imageDigest(model.image())) throw new Error('engine and naive model differ')
  return { modelAgrees: true, compared: COMPARED }
}

function assertSameBook(engine: Engine, peer: PeerBook): void {
  const ours = imageOf(engine).orders.reduce((sum, { remaining }) => sum + remaining, 0)
  const theirs = peer
    .depth()
    .flat()
    .reduce((sum, [, size]) => sum + size, 0)
  if (ours !== theirs) throw new Error(`books differ: ${ours} and ${theirs} open lots`)
}
