// Keys of the platform in files: made at first start, readable by us alone.
//
// A key that others can read is as good as lost, so it refuses the start. A file appears under its
// name only when it is whole and on disk; nothing here ever overwrites one.

import * as fs from 'node:fs'
import { join } from 'node:path'
import { StartError } from '#kernel/start-error.ts'

/** The text of a key file; `make` writes it when it is missing. Throws StartError. */
export function readOrMakeKey(folder: string, name: string, make: () => string): string {
  const file = join(folder, name)
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (!fs.existsSync(file)) writeKey(file, make())
    assertPrivate(file)
    return fs.readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`cannot use the key file ${file}: ${String(error)}`)
  }
}

function writeKey(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`
  fs.writeFileSync(temporary, `${text}\n`, { mode: 0o600, flush: true })
  fs.renameSync(temporary, file)
}

function assertPrivate(file: string): void {
  if ((fs.statSync(file).mode & 0o077) === 0) return
  throw new StartError(`the key file ${file} can be read by others: chmod 600 ${file}`)
}
