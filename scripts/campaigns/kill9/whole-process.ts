// Whole process: `npm start` itself, with chain, bots and database, in a folder of its own.
//
// kill() hits the core alone, as a kernel out of memory would; every process it had started must
// end by itself afterwards, and who does not is named.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isGone } from './core-process.ts'

export type Whole = {
  readonly baseUrl: string
  readonly restartMs: number
  /** The end of what it has logged. */
  said(): string
  /** Looks which processes it has started; takes a moment, so not between load and kill. */
  noteChildren(): void
  /** False when it had ended by itself before. */
  kill(): Promise<boolean>
  /** Noted processes that outlive it. */
  orphans(): Promise<readonly string[]>
}

export const PLATFORM = resolve(import.meta.dirname, '../../../platform/main.ts')
const RUNNING = /crossbook is running: (http:\S+)/
const START_MS = 120_000

export async function startWhole(folder: string): Promise<Whole> {
  const begin = performance.now()
  const child = spawn(process.execPath, [PLATFORM], {
    env: environmentOf(folder),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const { promise, resolve: found, reject } = Promise.withResolvers<string>()
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-20_000)
    const url = RUNNING.exec(said)?.[1]
    if (url !== undefined) found(url)
  })
  child.once('exit', (code) => reject(new Error(`the platform ended (${code}): ${said}`)))
  const late = setTimeout(() => {
    reject(new Error(`the platform does not start: ${said}`))
    child.kill('SIGKILL')
  }, START_MS)
  const baseUrl = await promise.finally(() => clearTimeout(late))
  let children: readonly Started[] = []
  return {
    baseUrl,
    restartMs: performance.now() - begin,
    said: () => said,
    noteChildren() {
      children = startedBy(child.pid ?? 0)
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return false
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      return true
    },
    async orphans() {
      const gone = await Promise.all(children.map(({ pid }) => isGone(pid)))
      return children.filter((_, index) => !gone[index]).map(({ command }) => command)
    },
  }
}

/** Any free ports, and nothing of our own settings. */
export function environmentOf(folder: string): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env
  return { PATH, HOME, CROSSBOOK_DATA: folder, PORT: '0', CHAIN_PORT: '0' }
}

type Started = { readonly pid: number; readonly command: string }

/** All processes below one, children of children included. */
function startedBy(pid: number): Started[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It ended while we looked.
    }
  }
  const isBelow = (one: number | undefined): boolean =>
    one !== undefined && one !== 0 && (one === pid || isBelow(parents.get(one)))
  return [...parents.keys()]
    .filter((one) => one !== pid && isBelow(one))
    .map((one) => ({ pid: one, command: `${one} ${commandOf(one)}` }))
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 160)
  } catch {
    return ''
  }
}
