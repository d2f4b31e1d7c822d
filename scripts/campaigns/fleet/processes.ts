// Processes of the fleet, as the system lists them: the strategies below a runner.

import { readdirSync, readFileSync } from 'node:fs'

const STRATEGY = 'bots/runtime/strategy-process.ts'

/** Pids of the strategies whose parent is this runner. */
export function strategiesOf(runner: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === runner && commandOf(pid).includes(STRATEGY))
}

/** PSS in kibibytes: shared pages count in parts. */
export function memoryOf(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)
}

function parentOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`)
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // It ended while we looked.
  }
}
