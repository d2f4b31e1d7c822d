// Bench of bots: events through one bot, an event's way to an order at the venue, an idle bot, and
// a whole fleet: npm run bench -- bots [--bots=50] [--scale=1].
//
// The bot is a whole one: sandboxed process, gate, and its record on disk before an order leaves.
// Beside each figure stands what this machine can do at best in the same run: the bare channel with
// nothing around it, one synced write, an empty Node process.

import { spawn } from 'node:child_process'
import { closeSync, constants, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pssMb } from '#scripts/demo/memory.ts'
import { type BenchBot, startBenchBot } from './bots/bench-bot.ts'
import { fleetRows, measureFleet } from './bots/fleet.ts'
import { type PingPong, startPingPong } from './bots/ping-pong.ts'
import { median, percentile, round } from './measure.ts'
import type { Bench, BenchResult } from './result.ts'

type Row = Omit<BenchResult, 'rows'> & { readonly name: string }

const RUNS = 5
const EVENTS = 4_000
const ORDERS = 300
const WRITE_BYTES = 600
const IDLE_MS = 1_500
const BOTS = 50

export const bench: Bench = async (args) => {
  const scale = Number(args.find((arg) => arg.startsWith('--scale='))?.slice(8) ?? 1)
  const bots = Number(args.find((arg) => arg.startsWith('--bots='))?.slice(7) ?? BOTS)
  const size = { events: Math.ceil(EVENTS * scale), orders: Math.ceil(ORDERS * scale) }
  const one = await measureOne(size, scale)
  const fleet = bots > 0 ? fleetRows(await measureFleet(bots)) : []
  const [{ name: _name, ...first }] = one
  return { ...first, bench: 'bots', rows: [...one, ...fleet] }
}

type Size = { readonly events: number; readonly orders: number }

async function measureOne(size: Size, scale: number) {
  const [counting, ordering, bare] = [
    await startBenchBot(0),
    await startBenchBot(1),
    await startPingPong(),
  ]
  try {
    await sleep(IDLE_MS * scale)
    const memory = await memoryRow(counting)
    const events = await eventsRow(counting, bare, size.events)
    const orders = await ordersRow(ordering, size.orders)
    return [events, orders, memory] as const
  } finally {
    await Promise.all([counting.end(), ordering.end(), bare.end()])
  }
}

async function eventsRow(bot: BenchBot, bare: PingPong, count: number): Promise<Row> {
  const [ours, peers]: [number[], number[]] = [[], []]
  await bot.trades(Math.ceil(count / 4))
  for (let run = 0; run < RUNS; run += 1) {
    ours.push(count / (await bot.trades(count)))
    peers.push(await bare.perSecond(count))
  }
  const [own, peer] = [round(median(ours), 0), round(median(peers), 0)]
  return {
    ...{ name: 'events', bench: 'bots', unit: 'events per second', ours: own, runs: RUNS },
    ...{ peers: { 'bare channel': peer }, ratios: { 'bare channel': round(own / peer, 2) } },
    extra: { events: count },
  }
}

/** From the event to the venue's hands, with the record on disk in between. */
async function ordersRow(bot: BenchBot, count: number): Promise<Row> {
  const writer = createWriter()
  const [ours, writes]: [number[], number[]] = [[], []]
  for (let at = 0; at < count; at += 1) {
    ours.push(await bot.order())
    writes.push(writer.write())
    // What became of it is handled before the next one.
    await sleep(2)
  }
  writer.close()
  const [own, bare] = [sorted(ours), sorted(writes)]
  const [p50, peer] = [round(percentile(own, 0.5), 3), round(percentile(bare, 0.5), 3)]
  return {
    ...{ name: 'order latency', bench: 'bots', unit: 'ms', ours: p50, runs: count },
    ...{
      peers: { 'one synced write': peer },
      ratios: { 'one synced write': round(p50 / peer, 2) },
    },
    extra: {
      ...{ p50Ms: p50, p99Ms: round(percentile(own, 0.99), 3) },
      ...{ syncP50Ms: peer, syncP99Ms: round(percentile(bare, 0.99), 3) },
    },
  }
}

async function memoryRow(bot: BenchBot): Promise<Row> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'], { stdio: 'ignore' })
  await sleep(500)
  const [own, peer] = [round(pssMb(bot.pid), 1), round(pssMb(child.pid ?? 0), 1)]
  child.kill()
  return {
    ...{ name: 'memory of an idle bot', bench: 'bots', unit: 'MB', ours: own, runs: 1 },
    ...{ peers: { 'empty Node': peer }, ratios: { 'empty Node': round(own / peer, 2) } },
    extra: { counted: 'proportional set size of the strategy process' },
  }
}

function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort()
}

/** Writes as the record of the bot is written, and nothing else. */
function createWriter() {
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-bench-write-'))
  const { O_RDWR, O_CREAT, O_DSYNC } = constants
  const fd = openSync(join(folder, 'log'), O_RDWR | O_CREAT | (O_DSYNC ?? 0), 0o600)
  writeSync(fd, Buffer.alloc(1_048_576))
  fsyncSync(fd)
  const line = Buffer.alloc(WRITE_BYTES, 'x')
  let at = 0
  return {
    write() {
      const begin = performance.now()
      writeSync(fd, line, 0, line.length, at)
      at = (at + line.length) % (1_048_576 - WRITE_BYTES)
      return performance.now() - begin
    },
    close() {
      closeSync(fd)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
