// Core process: the parent's hand on the process that is killed.
//
// A core that ends without being told to is an error. Whatever happens, end() leaves neither the
// core nor its PostgreSQL behind.

import { type ChildProcess, type ForkOptions, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Audit, AuditOrder } from './audit.ts'
import type { CoreOrder, CoreReady, CoreReport } from './core.ts'

export type Core = CoreReady & {
  readonly baseUrl: string
  /** Milliseconds from fork to listening. */
  readonly restartMs: number
  audit(order: AuditOrder): Promise<Audit>
  killDatabase(): void
  /** SIGKILL; answers when the process is gone. False when it had ended by itself before. */
  kill(): Promise<boolean>
  /** A clean stop, and the business digest it ended with. */
  close(): Promise<string>
}

const SCRIPT = join(import.meta.dirname, 'core.ts')
const FORK: ForkOptions = { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }
const POLL_MS = 20
const DATABASE_END_MS = 20_000

export type CoreOptions = {
  /** Any free one unless given. */
  readonly port?: number
  /** Beside the demo's, when the folder is new. */
  readonly markets?: number
}

/** Starts a core on a folder and waits until it listens. */
export async function startCore(folder: string, options: CoreOptions = {}): Promise<Core> {
  const begin = performance.now()
  const { port = 0, markets = 0 } = options
  const child = fork(SCRIPT, [folder, String(port), String(markets)], FORK)
  const ready = await report(child, 'ready')
  const restartMs = performance.now() - begin
  return {
    ...ready,
    restartMs,
    baseUrl: `http://127.0.0.1:${ready.port}`,
    audit: async (order) => (await ask(child, { kind: 'audit', ...order }, 'audit')).audit,
    killDatabase: () => killByPid(ready.databasePid),
    kill: () => kill(child),
    close: async () => {
      const { digest } = await ask(child, { kind: 'close' }, 'closed')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      return digest.business
    },
  }
}

/** Starts a core and kills it so many milliseconds later, listening or not. */
export async function killWhileStarting(folder: string, afterMs: number): Promise<void> {
  const child = fork(SCRIPT, [folder], FORK)
  await sleep(afterMs)
  await kill(child)
}

/** True when the process is gone within the time that its watcher needs. */
export async function isGone(pid: number): Promise<boolean> {
  const deadline = performance.now() + DATABASE_END_MS
  while (isAlive(pid)) {
    if (performance.now() > deadline) return false
    await sleep(POLL_MS)
  }
  return true
}

function killByPid(pid: number): void {
  if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL')
}

/** A process that has ended but whose parent, init, has not asked yet is not alive. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function kill(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return false
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  const [, signal] = await ended
  return signal === 'SIGKILL'
}

type ReportOf<Kind extends CoreReport['kind']> = Extract<CoreReport, { readonly kind: Kind }>

function ask<Kind extends CoreReport['kind']>(
  child: ChildProcess,
  order: CoreOrder,
  kind: Kind,
): Promise<ReportOf<Kind>> {
  const answer = report(child, kind)
  child.send(order)
  return answer
}

/** The next report of a kind; an error when the core ends before. */
function report<Kind extends CoreReport['kind']>(
  child: ChildProcess,
  kind: Kind,
): Promise<ReportOf<Kind>> {
  const { promise, resolve, reject } = Promise.withResolvers<ReportOf<Kind>>()
  const hear = (message: CoreReport): void => {
    if (message.kind === kind) resolve(message as ReportOf<Kind>) // Its kind was compared.
  }
  const ended = (code: number | null, signal: string | null): void =>
    reject(new Error(`the core ended by itself (${signal ?? code}) before '${kind}'`))
  child.on('message', hear)
  child.once('exit', ended)
  return promise.finally(() => {
    child.off('message', hear)
    child.off('exit', ended)
  })
}
