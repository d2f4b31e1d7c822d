// bench worst-case: what a command of the engine costs in storms at its limits, ticks included.
//
// Every storm is played several times, and a command's time is the least of them: the engine does
// the same each time, so what is more is the machine's. `ours` is the worst p99.9 of all storms in
// microseconds a command. An event costs its share of its command; `eventRatio` is the p99.9 of all
// events over their median.

import { percentile, round } from './measure.ts'
import type { BenchResult } from './result.ts'
import { SCENARIOS, type Scenario, warmUp } from './worst/scenarios.ts'
import { createStage, type Timings } from './worst/stage.ts'

const ROUNDS = 4

type Row = NonNullable<BenchResult['rows']>[number]

/** `--scenario=NAME` plays one storm alone, `--scale=0.01` a small one, `--rounds=1` once. */
export async function bench(args: readonly string[]): Promise<BenchResult> {
  const scale = Number(optionOf(args, 'scale') ?? 1)
  const only = optionOf(args, 'scenario')
  const rounds = Number(optionOf(args, 'rounds') ?? ROUNDS)
  const rows = Object.entries(SCENARIOS).flatMap(([name, scenario]) =>
    only === undefined || only === name
      ? [rowOf(name, played(scenario, scale, rounds), rounds)]
      : [],
  )
  const worst = Math.max(...rows.map(({ ours }) => ours))
  const eventRatio = Math.max(...rows.map(({ extra }) => Number(extra['eventRatio'])))
  return {
    ...{ bench: 'worst-case', unit: 'us at p99.9', ours: worst, peers: {}, ratios: {} },
    extra: { eventRatio, scale },
    ...{ runs: rounds, rows },
  }
}

function optionOf(args: readonly string[], name: string): string | undefined {
  const start = `--${name}=`
  return args.find((arg) => arg.startsWith(start))?.slice(start.length)
}

/** The storm's commands with the least that each took. */
function played(scenario: Scenario, scale: number, length: number): Timings {
  const rounds = Array.from({ length }, () => {
    const stage = createStage(scale)
    warmUp(stage)
    scenario(stage)
    return stage.timings
  })
  const [first = { micros: [], events: [] }] = rounds
  const least = (_: number, i: number) => Math.min(...rounds.map(({ micros }) => micros[i] ?? 0))
  return { micros: first.micros.map(least), events: first.events }
}

function rowOf(name: string, { micros, events }: Timings, runs: number): Row {
  const sorted = Float64Array.from(micros).sort()
  const at = (share: number) => round(percentile(sorted, share), 2)
  const each = Float64Array.from(sharesOf({ micros, events })).sort()
  const [median, high] = [percentile(each, 0.5), percentile(each, 0.999)]
  const row: Row = {
    ...{ name, bench: 'worst-case', unit: 'us at p99.9', peers: {}, ratios: {} },
    ours: at(0.999),
    extra: {
      ...{ commands: micros.length, events: each.length },
      ...{ p50Us: at(0.5), p99Us: at(0.99), p999Us: at(0.999), maxUs: at(1) },
      ...{ eventP50Us: round(median, 3), eventP999Us: round(high, 3) },
      eventRatio: round(median === 0 ? 0 : high / median, 1),
    },
    runs,
  }
  process.stderr.write(`${name}: ${JSON.stringify(row.extra)}\n`)
  return row
}

/** Of every event, its share of what its command took. */
function sharesOf({ micros, events }: Timings): number[] {
  return micros.flatMap((took, i) => {
    const count = events[i] ?? 0
    return Array.from({ length: count }, () => took / count)
  })
}
