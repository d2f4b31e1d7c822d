// Folder: the data folder and the mark that says it is ours.
//
// A folder that holds something but not our mark is refused, so that a mistyped path never mixes
// two programs' files. What the disk refuses at start is one clear line for the operator.

import { join } from 'node:path'
import { StartError } from '#kernel/start-error.ts'
import { chainFolder } from './segments.ts'
import { snapshotFolder } from './snapshots.ts'
import { isMissing, type Storage } from './storage.ts'

const MARK = 'crossbook.json'
const FORMAT = 1
/** What other parts of the project may have put there before the first start. */
const OURS = new Set(['chain.json', 'keys', 'keys.json', 'demo.json', 'postgres', 'bots'])

/**
 * Makes the folder ours at the first start and checks that it is at every later one. `created` is
 * the time in microseconds that is written down. Throws StartError.
 */
export function claimFolder(storage: Storage, folder: string, created: number): void {
  orStartError(`the data folder ${folder}`, () => {
    storage.makeFolder(folder)
    const names = storage.list(folder)
    if (names.includes(MARK)) checkMark(storage, folder)
    else if (names.every((name) => OURS.has(name))) writeMark(storage, folder, created)
    else throw new StartError(`the folder ${folder} holds other files and is not Crossbook's`)
    storage.makeFolder(chainFolder(folder, 'commands'))
    storage.makeFolder(chainFolder(folder, 'events'))
    storage.makeFolder(snapshotFolder(folder))
    storage.syncFolder(folder)
  })
}

/** Checks that a folder is ours without changing anything. Throws StartError. */
export function checkFolder(storage: Storage, folder: string): void {
  orStartError(`the data folder ${folder}`, () => checkMark(storage, folder))
}

/** Runs what may meet a full or closed disk; its errors become one line for the operator. */
export function orStartError<T>(what: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    if (error.code === 'ENOSPC') throw new StartError(`no space left on the disk for ${what}`)
    throw new StartError(`cannot use ${what}: ${error.message}`)
  }
}

function writeMark(storage: Storage, folder: string, created: number): void {
  const text = `${JSON.stringify({ format: FORMAT, createdAt: created })}\n`
  const file = storage.open(join(folder, MARK), 'durable')
  file.write(Buffer.from(text), 0)
  file.close()
}

function checkMark(storage: Storage, folder: string): void {
  const text = readText(storage, join(folder, MARK))
  if (text === null) throw new StartError(`there is no Crossbook data in ${folder}`)
  const format = /"format":(\d+)/.exec(text)?.[1]
  if (format === String(FORMAT)) return
  throw new StartError(`${join(folder, MARK)} says format ${format ?? '?'}; this is ${FORMAT}`)
}

function readText(storage: Storage, path: string): string | null {
  try {
    const file = storage.open(path, 'read')
    const bytes = new Uint8Array(file.size())
    file.read(bytes, 0)
    file.close()
    return Buffer.from(bytes).toString()
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
