// The embedded PostgreSQL: a real server on a unix socket in the data folder.
//
// The caller owns the data folder (it holds the platform's lock), except with `join`, where a
// server that runs already is used and left alone. A server that dies under us is started again;
// the pools reconnect by themselves.

import type { ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinaries } from './binaries.ts'
import {
  type Cluster,
  findPassword,
  openCluster,
  PORT,
  removeSocketFolder,
  SUPERUSER,
} from './cluster.ts'
import {
  findRunning,
  isTakingConnections,
  startPostmaster,
  stopByPid,
  stopLeftover,
} from './postmaster.ts'

/** What pg needs to reach the server. */
export type Address = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

export type Embedded = {
  readonly address: Address
  /** The server's process, for measurements and faults; undefined while it is being restarted. */
  pid(): number | undefined
  /** Fast shutdown; resolves when the process is gone. */
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  readonly dataFolder: string
  /** A server that runs there already: stop it and start our own, or use it as it is. */
  readonly whenRunning: 'replace' | 'join'
  readonly log: (line: string) => void
}

const RESTART_DELAY_MS = 200
const POLL_MS = 20

/** Starts (or joins) the server of a data folder. Throws StartError in one line. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const data = resolve(options.dataFolder, 'postgres', 'cluster')
  const running = findRunning(data)
  if (running !== undefined && options.whenRunning === 'join') {
    while (!isTakingConnections(data) && findRunning(data) !== undefined) await sleep(POLL_MS)
    const address = addressOf(running.socket, findPassword(options.dataFolder))
    return { address, pid: () => running.pid, stop: async () => {} }
  }
  await stopLeftover(data)
  const binaries = await findBinaries()
  return supervise(await openCluster(options.dataFolder, binaries), options.log)
}

type Supervised = {
  child: ChildProcess | undefined
  starting: Promise<void>
  stopping: boolean
}

async function supervise(cluster: Cluster, log: (line: string) => void): Promise<Embedded> {
  const state: Supervised = { child: undefined, starting: Promise.resolve(), stopping: false }
  const start = async (): Promise<void> => {
    const child = await startPostmaster(cluster)
    state.child = child
    child.once('exit', (code, signal) => {
      state.child = undefined
      if (!state.stopping) restart(`${signal ?? `code ${code}`}`)
    })
  }
  const restart = (reason: string): void => {
    log(`PostgreSQL ended (${reason}); it is started again`)
    state.starting = sleep(RESTART_DELAY_MS)
      .then(() => (state.stopping ? undefined : start()))
      .catch((error: unknown) => (state.stopping ? undefined : restart(String(error))))
  }
  await start()
  const stop = async (): Promise<void> => {
    state.stopping = true
    await state.starting
    if (state.child?.pid !== undefined) await stopByPid(state.child.pid)
    removeSocketFolder(cluster.socket)
  }
  const address = addressOf(cluster.socket, cluster.password)
  return { address, pid: () => state.child?.pid, stop }
}

function addressOf(socket: string, password: string): Address {
  return { host: socket, port: PORT, user: SUPERUSER, password, database: 'postgres' }
}
