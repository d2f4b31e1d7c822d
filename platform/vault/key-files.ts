// Keys of the platform in files: made at first start, readable by us alone.
//
// A key that others can read is as good as lost, so it refuses the start. A file appears under its
// name only when it is whole and on disk. Texts of errors name the file and never what is in it.

import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { StartError } from '#kernel/start-error.ts'

/** The text of a key file; `make` writes it when it is missing. Throws StartError. */
export function readOrMakeKey(folder: string, name: string, make: () => string): string {
  const file = join(folder, name)
  return orStartError(file, () => {
    if (!fs.existsSync(file)) writeKey(file, make())
    return readKey(file)
  })
}

/** The text of a key file that must be there. Throws StartError. */
export function readKey(file: string): string {
  return orStartError(file, () => {
    assertPrivate(file)
    return fs.readFileSync(file, 'utf8').trim()
  })
}

/** Writes a key file whole, in place of what is there. */
export function writeKey(file: string, text: string): void {
  fs.mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.${process.pid}`
  fs.writeFileSync(temporary, `${text}\n`, { mode: 0o600, flush: true })
  fs.renameSync(temporary, file)
}

/** The text of a key file of an earlier release; undefined when there is none. */
export function readOldKey(folder: string, name: string): string | undefined {
  const file = join(folder, name)
  return fs.existsSync(file) ? readKey(file) : undefined
}

/** Takes a file of an earlier release away, once its key is kept elsewhere. */
export function removeOldKey(folder: string, name: string): void {
  fs.rmSync(join(folder, name), { force: true })
}

function orStartError<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`cannot use the key file ${file}: ${String(error)}`)
  }
}

function assertPrivate(file: string): void {
  if ((fs.statSync(file).mode & 0o077) === 0) return
  throw new StartError(`the key file ${file} can be read by others: chmod 600 ${file}`)
}
