// One server process of PostgreSQL: start, ready, stop, and what a killed Node left behind.
//
// The server lives in a process group of its own, so the terminal's Ctrl-C does not reach it, and
// never longer than we do: a watcher holds the other end of a pipe and stops the server when the
// pipe closes, kill -9 included.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from '#kernel/start-error.ts'
import {
  type Cluster,
  lastError,
  PORT,
  pathForServer,
  removeSocketFolder,
  SERVER_ENV,
  withFolder,
} from './cluster.ts'

/** A server that runs on a cluster. */
export type Running = { readonly pid: number; readonly socket: string }

/** For one machine that does other things too; fsync and full-page writes stay on. */
const SETTINGS = {
  listen_addresses: '',
  port: String(PORT),
  max_connections: '24',
  shared_buffers: '32MB',
  work_mem: '2MB',
  maintenance_work_mem: '24MB',
  temp_buffers: '1MB',
  autovacuum_max_workers: '1',
  autovacuum_worker_slots: '2',
  max_worker_processes: '1',
  max_parallel_workers: '0',
  max_logical_replication_workers: '0',
  io_method: 'sync',
  wal_level: 'minimal',
  max_wal_senders: '0',
  min_wal_size: '64MB',
  max_wal_size: '256MB',
  huge_pages: 'off',
  jit: 'off',
  fsync: 'on',
  unix_socket_permissions: '0700',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
} as const

// The shell becomes the server (same pid); the watcher is handed to init, so that the server does
// not find a child it never made. `read` ends when our end of the pipe is closed.
const START = `exec 3<&0 </dev/null
( (read -r line; kill -INT $$) <&3 3<&- >/dev/null 2>&1 & )
exec "$@" 3<&-`

const POLL_MS = 10
const SHARED_MEMORY_WAIT_MS = 30_000
const FAST_STOP_MS = 15_000
const HARD_STOP_MS = 5_000

/** Starts the server and waits until it answers. Throws StartError with the server's own words. */
export async function startPostmaster(cluster: Cluster): Promise<ChildProcess> {
  const deadline = Date.now() + SHARED_MEMORY_WAIT_MS
  for (;;) {
    const child = spawnServer(cluster)
    if (await isReady(cluster, child)) return child
    const said = fs.readFileSync(cluster.log, 'utf8')
    // Children of a server that was killed need a moment to notice it.
    const isLingering = /still in use|already exists/.test(said) && Date.now() < deadline
    if (!isLingering) throw new StartError(`PostgreSQL did not start: ${lastError(said)}`)
    await sleep(10 * POLL_MS)
  }
}

/** The server that runs on the cluster, or undefined. */
export function findRunning(data: string): Running | undefined {
  const [pid, , , , socket] = readPidFile(data)
  if (pid === undefined || socket === undefined || !isServerOf(Number(pid), data)) return undefined
  return { pid: Number(pid), socket }
}

/** Whether the server has said that it takes connections. */
export function isTakingConnections(data: string): boolean {
  return readPidFile(data)[7]?.trim() === 'ready'
}

/** Stops what an earlier process left running, so that none of its statements is still at work. */
export async function stopLeftover(data: string): Promise<void> {
  const leftover = findRunning(data)
  if (leftover !== undefined) {
    await stopByPid(leftover.pid)
    removeSocketFolder(leftover.socket)
    return
  }
  // After a restart of the machine the pid may belong to a stranger: PostgreSQL would refuse.
  const [pid] = readPidFile(data)
  if (pid !== undefined && isAlive(Number(pid))) fs.rmSync(join(data, 'postmaster.pid'))
}

/** Fast shutdown: running statements are rolled back; harder when that takes too long. */
export async function stopByPid(pid: number): Promise<void> {
  if (await endsAfter(pid, 'SIGINT', FAST_STOP_MS)) return
  if (await endsAfter(pid, 'SIGQUIT', HARD_STOP_MS)) return
  await endsAfter(pid, 'SIGKILL', HARD_STOP_MS)
}

function spawnServer(cluster: Cluster): ChildProcess {
  const log = fs.openSync(cluster.log, 'w', 0o600)
  const handle = fs.openSync(dirname(cluster.data), 'r')
  const data = pathForServer(cluster.data, cluster.owner)
  const given = { ...SETTINGS, unix_socket_directories: cluster.socket }
  const settings = Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(
    '/bin/sh',
    ['-c', START, 'crossbook-postgres', cluster.postgres, '-D', data, ...settings],
    {
      ...cluster.owner,
      cwd: cluster.data,
      env: SERVER_ENV,
      detached: true,
      stdio: withFolder(['pipe', log, log], handle),
    },
  )
  fs.closeSync(log)
  fs.closeSync(handle)
  child.stdin?.on('error', () => {}) // It only ever closes.
  child.unref()
  return child
}

async function isReady(cluster: Cluster, child: ChildProcess): Promise<boolean> {
  let failed = false
  child.once('error', () => {
    failed = true
  })
  while (!failed && child.exitCode === null && child.signalCode === null) {
    const [pid] = readPidFile(cluster.data)
    if (Number(pid) === child.pid && isTakingConnections(cluster.data)) return true
    await sleep(POLL_MS)
  }
  return false
}

function readPidFile(data: string): string[] {
  try {
    return fs.readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return []
  }
}

function isServerOf(pid: number, data: string): boolean {
  if (!isAlive(pid)) return false
  try {
    return commandOf(pid).includes(data) || folderOf(pid) === fs.realpathSync(data)
  } catch {
    return false // It ended while we looked.
  }
}

function commandOf(pid: number): string {
  if (fs.existsSync('/proc/self/cmdline')) return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
}

/** Where a process works; PostgreSQL works in its cluster. */
function folderOf(pid: number): string | undefined {
  const link = `/proc/${pid}/cwd`
  return fs.existsSync(link) ? fs.readlinkSync(link) : undefined
}

async function endsAfter(pid: number, signal: NodeJS.Signals, waitMs: number): Promise<boolean> {
  const deadline = Date.now() + waitMs
  if (isAlive(pid)) process.kill(pid, signal)
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false
    await sleep(POLL_MS)
  }
  return true
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !isZombie(pid)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** A process that has ended and whose parent has not asked yet; it stays so where init is lazy. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
