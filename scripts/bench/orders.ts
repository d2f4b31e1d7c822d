// bench orders: POST and DELETE /v1/orders a second over 64 connections, durable, signed by API
// keys, beside a bare Fastify route with the same schemas and the same authentication.
//
// Ours and the bare route are processes of their own and take turns under the same load. Row
// `single`: projector paused; row `single-projector`: projector on, with its lag at the end and the
// time it takes to drain; the others: many orders a message, see orders-groups.ts.
// Any answer but 200 and 201 fails the run.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import manifest from '../../package.json' with { type: 'json' }
import { median, round } from './measure.ts'
import type { BareReady } from './orders-bare.ts'
import { type GroupSides, runLanes } from './orders-groups.ts'
import type { LoadOrder, LoadReport } from './orders-load.ts'
import type { ServerOrder, ServerReady, ServerStatus } from './orders-server.ts'
import type { BenchResult } from './result.ts'

const CONNECTIONS = 64
const PEER = 'fastify-bare'

type Setting = { readonly rounds: number; readonly seconds: number; readonly warmUp: number }
type Sides = {
  readonly setting: Setting
  readonly ours: { readonly port: number; readonly server: ChildProcess }
  readonly bare: { readonly port: number; readonly server: ChildProcess }
  readonly load: ChildProcess
  readonly keys: ServerReady['keys']
}
type Row = NonNullable<BenchResult['rows']>[number]

/** Requests a second: of the row `single`, and both rows under `rows`. */
export async function bench(args: readonly string[]): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-bench-'))
  chmodSync(folder, 0o711)
  const children: ChildProcess[] = []
  try {
    const sides = await start(folder, children, settingOf(args))
    const single = await runRow(sides, 'single')
    const projected = await runRow(sides, 'single-projector')
    const groups = await runGroups(sides.setting, children)
    const { name: _name, ...head } = single
    return { ...head, rows: [single, projected, ...groups] }
  } finally {
    await Promise.all(children.map(stop))
    rmSync(folder, { recursive: true, force: true })
  }
}

function settingOf(args: readonly string[]): Setting {
  const isQuick = args.includes('--quick')
  return isQuick ? { rounds: 1, seconds: 2, warmUp: 2 } : { rounds: 5, seconds: 4, warmUp: 8 }
}

async function start(folder: string, children: ChildProcess[], setting: Setting): Promise<Sides> {
  const spawn = spawnIn(children)
  const server = spawn('orders-server.ts', [folder])
  const { port, keys } = await message<ServerReady>(server)
  const peer = spawn('orders-bare.ts', [folder])
  const bare = await message<BareReady>(peer)
  const load = spawn('orders-load.ts')
  const sides = { setting, ours: { port, server }, bare: { ...bare, server: peer }, load, keys }
  await tell(server, 'pause')
  await drive(sides, port, setting.warmUp)
  await drive(sides, bare.port, setting.warmUp)
  return sides
}

function spawnIn(children: ChildProcess[]) {
  return (file: string, args: readonly string[] = []): ChildProcess => {
    const child = fork(join(import.meta.dirname, file), [...args], { execArgv: flagsOf(file) })
    child.setMaxListeners(0)
    children.push(child)
    return child
  }
}

/** Many orders a message, over REST and the stream; every run begins with an empty exchange. */
async function runGroups({ rounds }: Setting, children: ChildProcess[]): Promise<Row[]> {
  const spawn = spawnIn(children)
  const sides: GroupSides = {
    ...{ load: spawn('orders-group-load.ts'), rounds, isQuick: rounds === 1 },
    open: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'crossbook-bench-'))
      chmodSync(folder, 0o711)
      const server = spawn('orders-server.ts', [folder])
      const close = async (): Promise<void> => {
        await stop(server)
        rmSync(folder, { recursive: true, force: true })
      }
      return { ...(await message<ServerReady>(server)), server, close }
    },
    ask: async (child, body) => {
      child.send(body)
      return message(child)
    },
  }
  return runLanes(sides)
}

/** As npm start runs. CROSSBOOK_BENCH_PROFILE=FOLDER: a processor profile of our server, too. */
function flagsOf(file: string): string[] {
  if (file === 'orders-load.ts' || file === 'orders-group-load.ts') return []
  const flags = manifest.scripts.start.split(' ').filter((word) => word.startsWith('--'))
  const folder = process.env['CROSSBOOK_BENCH_PROFILE']
  if (folder === undefined || file !== 'orders-server.ts') return flags
  return [...flags, '--cpu-prof', `--cpu-prof-dir=${folder}`]
}

async function runRow(sides: Sides, name: 'single' | 'single-projector'): Promise<Row> {
  const { setting, ours, bare } = sides
  const reports: LoadReport[] = []
  const bares: LoadReport[] = []
  const statuses: ServerStatus[] = []
  const [drains, bareCpus]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < setting.rounds; turn += 1) {
    await tell(bare.server, 'status')
    bares.push(await drive(sides, bare.port, setting.seconds))
    bareCpus.push((await tell(bare.server, 'status')).cpuMs)
    await tell(ours.server, name === 'single' ? 'pause' : 'resume')
    if (name !== 'single') await drained(ours.server)
    await tell(ours.server, 'status')
    reports.push(await drive(sides, ours.port, setting.seconds))
    statuses.push(await tell(ours.server, 'status'))
    if (name !== 'single') drains.push(await drained(ours.server))
  }
  return rowOf(name, { reports, bares, statuses, drains, bareCpus })
}

type Measured = {
  readonly reports: readonly LoadReport[]
  readonly bares: readonly LoadReport[]
  readonly statuses: readonly ServerStatus[]
  readonly drains: readonly number[]
  readonly bareCpus: readonly number[]
}

function rowOf(name: string, { reports, bares, statuses, drains, bareCpus }: Measured): Row {
  const ours = median(reports.map(perSecond))
  const peer = median(bares.map(perSecond))
  const middle = (values: readonly number[], digits = 2) => round(median(values), digits)
  return {
    ...{ name, bench: 'orders', unit: 'requests/s', ours: round(ours, 0) },
    peers: { [PEER]: round(peer, 0) },
    // Turn by turn, because the two of a turn met the same noise.
    ratios: {
      [PEER]: middle(
        reports.map((one, turn) => ratioOf(one, bares[turn])),
        3,
      ),
    },
    extra: {
      connections: CONNECTIONS,
      p50Ms: middle(reports.map((one) => one.p50Ms)),
      p99Ms: middle(reports.map((one) => one.p99Ms)),
      bareP50Ms: middle(bares.map((one) => one.p50Ms)),
      bareP99Ms: middle(bares.map((one) => one.p99Ms)),
      commitP50Ms: middle(statuses.map((one) => one.commitP50Ms)),
      commitP99Ms: middle(statuses.map((one) => one.commitP99Ms)),
      cpuMicros: middle(statuses.map((one, turn) => micros(one.cpuMs, reports[turn]))),
      bareCpuMicros: middle(bareCpus.map((cpuMs, turn) => micros(cpuMs, bares[turn]))),
      loadCpu: middle(reports.map((one) => one.loadCpu)),
      serverMb: middle(
        statuses.map((one) => one.rssMb),
        0,
      ),
      ...(drains.length === 0
        ? {}
        : {
            lagEvents: middle(
              statuses.map((one) => one.backlog),
              0,
            ),
            drainSeconds: middle(drains),
          }),
    },
    runs: reports.length,
  }
}

/** Of the server's processor, a request: what the noise of a machine moves least. */
function micros(cpuMs: number, report: LoadReport | undefined): number {
  return (cpuMs * 1_000) / (report?.requests ?? 1)
}

function ratioOf(ours: LoadReport, bare: LoadReport | undefined): number {
  return bare === undefined ? 0 : perSecond(ours) / perSecond(bare)
}

function perSecond({ requests, seconds }: LoadReport): number {
  return requests / seconds
}

async function drive({ load, keys }: Sides, port: number, seconds: number): Promise<LoadReport> {
  const order: LoadOrder = { port, keys, connections: CONNECTIONS, seconds }
  load.send(order)
  const report = await message<LoadReport>(load)
  if (report.wrong !== '') throw new Error(`bench orders: a wrong answer: ${report.wrong}`)
  process.stderr.write(
    `${port}: ${round(perSecond(report), 0)}/s p99 ${round(report.p99Ms, 2)} ms\n`,
  )
  return report
}

/** Seconds until the projector has nothing left to do. */
async function drained(server: ChildProcess): Promise<number> {
  const start = performance.now()
  while ((await tell(server, 'status')).backlog > 0) await sleep(50)
  return (performance.now() - start) / 1_000
}

async function tell(server: ChildProcess, order: ServerOrder): Promise<ServerStatus> {
  server.send(order)
  return message<ServerStatus>(server)
}

/** The next message of a child, or its end as an error. */
async function message<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`bench orders: ${child.spawnargs[2]} ended with ${code}`)
  })
  const [value] = await Promise.race([once(child, 'message'), ended])
  return value
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || !child.connected) return
  child.disconnect()
  await once(child, 'exit')
}
