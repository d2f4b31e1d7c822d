// A data folder for one test file, and the database in it.
//
// The folder lies under the system's temporary folder, which PostgreSQL's user may enter, and goes
// when the process ends. Databases are closed after the tests of the file. What a file wants closed
// before them it says before it asks for the first: hooks run in the order in which they were set,
// and one that is set within a test runs after that test.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { createDatabase, type Database } from '#database/connection.ts'
import { putDatabase } from './template.ts'

const databases: Database[] = []
const folders: string[] = []
const users: (() => Promise<void>)[] = []

function closeAfterTests(): void {
  if (folders.length > 0) return
  after(async () => {
    for (const end of users.reverse()) await end()
    await Promise.all(databases.map((database) => database.close()))
  })
}

process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Ends what uses a database of this file before the database is closed. */
export function beforeDatabasesClose(end: () => Promise<void>): void {
  users.push(end)
}

/** A new folder, removed when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'crossbook-test-'))
  chmodSync(folder, 0o711)
  closeAfterTests()
  folders.push(folder)
  return folder
}

/** An embedded database with nothing in it, closed after the tests of the file. */
export async function temporaryDatabase(dataFolder: string = temporaryFolder()): Promise<Database> {
  await putDatabase(dataFolder)
  const database = await createDatabase({ dataFolder })
  databases.push(database)
  return database
}
