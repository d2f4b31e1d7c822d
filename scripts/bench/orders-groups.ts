// Rows of bench orders with many orders a message: 20 a REST request, 16 a WebSocket message, each
// answered in full (`batch`, `websocket`) and by acknowledgements (`batch-ack`, `websocket-ack`).
//
// Durable, projector paused, over 64 connections, each placing a message full of orders and then
// cancelling them; `orders` counts both, as the row `single` does with requests. A run is 500,000,
// by a server that has done 200,000 before, as the others have run for seconds before they count.

import type { ChildProcess } from 'node:child_process'
import { median, round } from './measure.ts'
import type { GroupOrder, GroupReport } from './orders-group-load.ts'
import type { ServerReady, ServerStatus } from './orders-server.ts'
import type { BenchResult } from './result.ts'

const LANES = { batch: 20, websocket: 16 } as const
type LaneName = keyof typeof LANES
const CONNECTIONS = 64
const ORDERS_A_RUN = 500_000
const ORDERS_BEFORE = 200_000
const ORDERS_QUICK = 20_000

/** A platform of its own for one run: with the projector paused it takes a few million events. */
export type GroupServer = ServerReady & {
  readonly server: ChildProcess
  close(): Promise<void>
}

export type GroupSides = {
  readonly load: ChildProcess
  readonly open: () => Promise<GroupServer>
  readonly rounds: number
  readonly isQuick: boolean
  readonly ask: <T>(child: ChildProcess, message: object | string) => Promise<T>
}

type Row = NonNullable<BenchResult['rows']>[number]

/** What is asked of one row. */
type Asked = { readonly lane: LaneName; readonly answers: GroupOrder['answers'] }

/** All of them, one after the other. */
export async function runLanes(sides: GroupSides): Promise<Row[]> {
  const rows: Row[] = []
  for (const answers of ['full', 'ack'] as const) {
    for (const lane of ['batch', 'websocket'] as const) {
      rows.push(await runLane(sides, { lane, answers }))
    }
  }
  return rows
}

/** Orders a second, and what an order costs of the server's processor. */
async function runLane(sides: GroupSides, { lane, answers }: Asked): Promise<Row> {
  const name = answers === 'full' ? lane : `${lane}-ack`
  const reports: GroupReport[] = []
  const cpus: number[] = []
  for (let turn = 0; turn < sides.rounds; turn += 1) {
    const opened = await sides.open()
    const { server } = opened
    await sides.ask<ServerStatus>(server, 'pause')
    const [before, orders] = sides.isQuick
      ? [ORDERS_QUICK, ORDERS_QUICK]
      : [ORDERS_BEFORE, ORDERS_A_RUN]
    await drive(sides, opened, { lane, answers, orders: before })
    await sides.ask<ServerStatus>(server, 'status')
    const report = await drive(sides, opened, { lane, answers, orders })
    const { cpuMs } = await sides.ask<ServerStatus>(server, 'status')
    await opened.close()
    reports.push(report)
    cpus.push((cpuMs * 1_000) / report.orders)
  }
  const middle = (of: (report: GroupReport) => number) => round(median(reports.map(of)), 2)
  return {
    ...{ name, bench: 'orders', unit: 'orders/s', peers: {}, ratios: {} },
    ours: round(median(reports.map(({ orders, seconds }) => orders / seconds)), 0),
    extra: {
      ...{ connections: CONNECTIONS, ordersAMessage: LANES[lane], ordersARun: ORDERS_A_RUN },
      answers,
      p50Ms: middle((one) => one.p50Ms),
      p99Ms: middle((one) => one.p99Ms),
      loadCpu: middle((one) => one.loadCpu),
      cpuMicrosAnOrder: round(median(cpus), 2),
    },
    runs: reports.length,
  }
}

async function drive(
  { load, ask }: GroupSides,
  { port, keys }: GroupServer,
  { lane, answers, orders }: Asked & { readonly orders: number },
): Promise<GroupReport> {
  const common = { port, keys, connections: CONNECTIONS, orders, answers }
  const order: GroupOrder = { lane, perMessage: LANES[lane], ...common }
  const report = await ask<GroupReport>(load, order)
  if (report.wrong !== '') throw new Error(`bench orders: a wrong result: ${report.wrong}`)
  const perSecond = round(report.orders / report.seconds, 0)
  process.stderr.write(`${lane} ${answers}: ${perSecond}/s p99 ${round(report.p99Ms, 2)} ms\n`)
  return report
}
