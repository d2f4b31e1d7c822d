// The files of the embedded PostgreSQL: folder, password, cluster, socket.
//
// `<data>/postgres` holds them and only its owner may enter. The password is random and readable
// by us alone; initdb gets it through a pipe. A cluster gets its final name only when it is whole,
// so a first start that was killed leaves nothing half made.

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { StartError } from '#kernel/start-error.ts'
import {
  type Binaries,
  chooseOwner,
  isReachable,
  type Owner,
  reachableBinaries,
} from './binaries.ts'

export type Cluster = {
  readonly data: string
  readonly log: string
  readonly socket: string
  readonly password: string
  readonly owner: Owner
  /** The server's program. */
  readonly postgres: string
}

export const SUPERUSER = 'crossbook'
export const PORT = 5432
/** The server inherits nothing of our environment. */
export const SERVER_ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

const MAJOR_VERSION = '18'
/** A unix socket's path holds 107 bytes on Linux and 103 on a Mac, its final zero not counted. */
const SOCKET_PATH_MAX = 103
const SHORT_SOCKET = join(tmpdir(), 'crossbook-postgres-')

/** Makes whatever is missing and returns the cluster, ready to be started. */
export async function openCluster(dataFolder: string, binaries: Binaries): Promise<Cluster> {
  const folder = resolve(dataFolder, 'postgres')
  const data = join(folder, 'cluster')
  const owner = chooseOwner(data)
  makeFolders(folder, owner)
  const password = readPassword(join(folder, 'password'), data)
  const programs = reachableBinaries(binaries, owner)
  const made = { folder, data, password, owner, binaries: programs }
  if (!fs.existsSync(data)) await createCluster(made)
  assertVersion(data)
  const socket = makeSocketFolder(folder, owner)
  const log = join(folder, 'server.log')
  return { data, log, socket, password, owner, postgres: programs.postgres }
}

/** The password and log of a cluster that another process of ours has opened. */
export function findPassword(dataFolder: string): string {
  return fs.readFileSync(resolve(dataFolder, 'postgres', 'password'), 'utf8').trim()
}

/** Removes a socket folder that was made outside the data folder; leaves any other alone. */
export function removeSocketFolder(socket: string): void {
  if (socket.startsWith(SHORT_SOCKET)) fs.rmSync(socket, { recursive: true, force: true })
}

function makeFolders(folder: string, owner: Owner): void {
  const parent = dirname(folder)
  try {
    fs.mkdirSync(parent, { recursive: true })
    // The data folder is ours to open; folders above it are not.
    if (owner !== null) fs.chmodSync(parent, fs.statSync(parent).mode | 0o011)
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (owner !== null) fs.chownSync(folder, owner.uid, owner.gid)
  } catch (error) {
    throw new StartError(`cannot write to the data folder ${parent}: ${text(error)}`)
  }
}

function readPassword(file: string, data: string): string {
  if (fs.existsSync(file)) return fs.readFileSync(file, 'utf8').trim()
  if (fs.existsSync(data)) throw new StartError(`the password of the database is gone: ${file}`)
  const password = randomBytes(32).toString('base64url')
  const temporary = `${file}.new`
  fs.writeFileSync(temporary, `${password}\n`, { mode: 0o600, flush: true })
  fs.renameSync(temporary, file)
  return password
}

type NewCluster = {
  readonly folder: string
  readonly data: string
  readonly password: string
  readonly owner: Owner
  readonly binaries: Binaries
}

async function createCluster(made: NewCluster): Promise<void> {
  const unfinished = `${made.data}.new`
  fs.rmSync(unfinished, { recursive: true, force: true })
  // A pipe, because the server's user may not read the password file.
  const script = 'cat | "$@" --pwfile=/dev/stdin'
  const options = ['--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', '--no-instructions']
  const handle = fs.openSync(made.folder, 'r')
  const path = pathForServer(unfinished, made.owner)
  const initdb = [made.binaries.initdb, '-D', path, '-U', SUPERUSER, ...options]
  const child = spawn('/bin/sh', ['-c', script, 'initdb', ...initdb], {
    ...made.owner,
    cwd: made.folder,
    env: SERVER_ENV,
    stdio: withFolder(['pipe', 'ignore', 'pipe'], handle),
  })
  fs.closeSync(handle)
  if (child.stdin === null || child.stderr === null) throw new Error('initdb has no pipes')
  const said: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  child.stdin.on('error', () => {}) // Its exit code says why it did not read.
  child.stdin.end(`${made.password}\n`)
  const code = await new Promise((done, fail) => child.on('error', fail).on('close', done))
  if (code !== 0)
    throw new StartError(`initdb failed: ${lastError(Buffer.concat(said).toString())}`)
  fs.renameSync(unfinished, made.data)
}

/** The descriptor at which the server inherits the folder of its cluster. */
const FOLDER_FD = 9

/** Standard streams, and the open folder of the cluster as descriptor 9. */
export function withFolder(streams: readonly StdioPart[], handle: number): StdioPart[] {
  const padding = Array<StdioPart>(FOLDER_FD - streams.length).fill('ignore')
  return [...streams, ...padding, handle]
}

type StdioPart = 'pipe' | 'ignore' | number

/**
 * The path by which the server finds a folder beside its cluster. The server's user may not be able
 * to enter the folders above; then it goes through the descriptor it inherited, which is Linux
 * only, as is lending PostgreSQL another user.
 */
export function pathForServer(path: string, owner: Owner): string {
  return isReachable(dirname(path), owner) ? path : `/proc/self/fd/${FOLDER_FD}/${basename(path)}`
}

function assertVersion(data: string): void {
  const file = join(data, 'PG_VERSION')
  const version = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : 'no'
  if (version === MAJOR_VERSION) return
  throw new StartError(`${data} holds ${version} PostgreSQL database; ${MAJOR_VERSION} is needed`)
}

function makeSocketFolder(folder: string, owner: Owner): string {
  const inside = join(folder, 'socket')
  const path = join(inside, `.s.PGSQL.${PORT}`)
  const fits = Buffer.byteLength(path) <= SOCKET_PATH_MAX && isReachable(folder, owner)
  if (fits) fs.mkdirSync(inside, { recursive: true, mode: 0o700 })
  const socket = fits ? inside : fs.mkdtempSync(SHORT_SOCKET)
  if (owner !== null) fs.chownSync(socket, owner.uid, owner.gid)
  return socket
}

/** The line of PostgreSQL's output that says what went wrong. */
export function lastError(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const reason = lines.filter((line) => /error:|FATAL:|PANIC:/.test(line)).at(-1)
  return (reason ?? lines.at(-1) ?? 'it said nothing').trim()
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
