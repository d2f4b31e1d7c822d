// bench book: matching alone, ours against the order book of npm, on workload W1.
//
// Neither keeps accounts or money. At the end of every run both books must hold the same lots.

import { type BareBook, createBareBook } from './bare-book.ts'
import { bytesPerStep, median, percentiles, race, round } from './measure.ts'
import { loadPeerBook, type PeerBook, peerIds, runPeer } from './peer-book.ts'
import type { BenchResult } from './result.ts'
import { CANCEL, createWorkload, MARKET, type Workload } from './workload.ts'

const RUNS = 5
const CHUNKS = 20
const STRETCHES = 9
const STRETCH_COMMANDS = 50_000

/** Million commands per second of both, after the 10,000 resting orders. */
export async function bench(): Promise<BenchResult> {
  const workload = createWorkload()
  const createPeer = loadPeerBook()
  const ids = peerIds(workload)
  warmUp(workload)
  const runs = Array.from({ length: RUNS }, () => runBoth(workload, ids, createPeer()))
  const mine = median(runs.map(([ours]) => ours))
  const peer = median(runs.map(([, theirs]) => theirs))
  // Of each run apart: what slows the machine down slows both in the same run.
  const ratio = median(runs.map(([ours, theirs]) => ours / theirs))
  return {
    bench: 'book',
    unit: 'million commands/s',
    ours: round(mine, 3),
    peers: { 'nodejs-order-book': round(peer, 4) },
    ratios: { 'nodejs-order-book': round(ratio, 1) },
    extra: { ...latencies(workload), bytesPerCommand: bytes(workload), sameBook: true },
    runs: RUNS,
  }
}

function runBoth(workload: Workload, ids: readonly string[], peer: PeerBook): [number, number] {
  const { resting, count } = workload
  const book = createBareBook()
  runOurs(book, workload, 0, resting)
  runPeer(peer, workload, ids, { from: 0, to: resting })
  const speeds = race(
    (from, to) => runOurs(book, workload, from, to),
    (from, to) => runPeer(peer, workload, ids, { from, to }),
    { from: resting, to: count, chunks: CHUNKS },
  )
  assertSameBook(book, peer.depth())
  process.stderr.write(`ours ${speeds[0].toFixed(2)} M/s, peer ${speeds[1].toFixed(4)} M/s\n`)
  return speeds
}

function runOurs(book: BareBook, workload: Workload, from: number, to: number): void {
  const { kind, side, price, size, target } = workload
  for (let i = from; i < to; i += 1) {
    const what = kind[i]
    if (what === CANCEL) book.cancel(target[i] ?? 0)
    else if (what === MARKET) book.market(side[i] ?? 0, size[i] ?? 0)
    else book.limit(i, side[i] ?? 0, price[i] ?? 0, size[i] ?? 0)
  }
}

function warmUp(workload: Workload): void {
  runOurs(createBareBook(), workload, 0, workload.resting * 10)
}

function latencies(workload: Workload): Record<string, number> {
  const book = createBareBook()
  runOurs(book, workload, 0, workload.resting)
  const each = new Float64Array(workload.count - workload.resting)
  for (let i = workload.resting; i < workload.count; i += 1) {
    const start = performance.now()
    runOurs(book, workload, i, i + 1)
    each[i - workload.resting] = performance.now() - start
  }
  return percentiles(each)
}

function bytes(workload: Workload): number {
  const book = createBareBook()
  let at = workload.count >> 1
  runOurs(book, workload, 0, at)
  return bytesPerStep(STRETCHES, STRETCH_COMMANDS, () => {
    runOurs(book, workload, at, at + STRETCH_COMMANDS)
    at += STRETCH_COMMANDS
  })
}

type Depth = readonly (readonly (readonly [number, number])[])[]

function assertSameBook(book: BareBook, depth: Depth): void {
  const theirs = depth.flat().reduce((sum, [, size]) => sum + size, 0)
  const openLots = book.openLots()
  if (openLots !== theirs) throw new Error(`books differ: ${openLots} and ${theirs} open lots`)
}
