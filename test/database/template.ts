// Database template: a cluster with every table and nothing in it, made once and copied.
//
// One takes two seconds to make and another two to remove, because all of it was synced; a copy
// takes a tenth of that. It stands in .tools, in a folder of its user, under a name that tells what
// it was made of, and gets the name when it is whole: of two who make it at once the second throws
// his away.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createDatabase, type Database } from '#database/connection.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const TEMPLATES = join(ROOT, '.tools', 'test-databases', `${process.getuid?.()}`)
const MADE_OF = [
  'package-lock.json',
  'platform/database/*.ts',
  'platform/database/migrations/**/*',
  'test/database/template.ts',
]
const OLD_MS = 24 * 60 * 60 * 1_000

/** Puts a cluster into a data folder that has none; the next start finds it as it was left. */
export async function putDatabase(dataFolder: string): Promise<void> {
  const template = join(TEMPLATES, templateName())
  if (!fs.existsSync(template)) await makeTemplate(template)
  const target = join(dataFolder, 'postgres')
  assert.ok(!fs.existsSync(target), `${target} is there already`)
  copy(template, target)
}

function templateName(): string {
  const sum = createHash('sha256').update(`${process.platform} ${process.arch}`)
  for (const file of fs.globSync(MADE_OF, { cwd: ROOT }).sort()) {
    const path = join(ROOT, file)
    if (fs.statSync(path).isFile()) sum.update(file).update(fs.readFileSync(path))
  }
  return sum.digest('hex').slice(0, 16)
}

async function makeTemplate(template: string): Promise<void> {
  fs.mkdirSync(TEMPLATES, { recursive: true })
  removeOld()
  const unfinished = fs.mkdtempSync(join(TEMPLATES, 'unfinished-'))
  // PostgreSQL's user may enter the temporary folder, and perhaps not ours.
  const folder = fs.mkdtempSync(join(tmpdir(), 'crossbook-template-'))
  fs.chmodSync(folder, 0o711)
  try {
    const database = await createDatabase({ dataFolder: folder })
    await dropOthers(database)
    await database.close()
    copy(join(folder, 'postgres'), join(unfinished, 'postgres'))
    fs.renameSync(join(unfinished, 'postgres'), template)
  } catch (error) {
    if (!fs.existsSync(template)) throw error
  } finally {
    for (const one of [folder, unfinished]) fs.rmSync(one, { recursive: true, force: true })
  }
}

/** Two of three files belong to databases that new ones would be made of; here none is made. */
async function dropOthers(database: Database): Promise<void> {
  const pool = database.pool('template', 1)
  await pool.query('UPDATE pg_database SET datistemplate = false')
  for (const name of ['template0', 'template1']) await pool.query(`DROP DATABASE ${name}`)
}

/** Nobody copies those any more. One that is half removed has no name that is asked for. */
function removeOld(): void {
  for (const name of fs.readdirSync(TEMPLATES)) {
    const path = join(TEMPLATES, name)
    const stat = fs.statSync(path, { throwIfNoEntry: false })
    if (stat === undefined || stat.mtimeMs > Date.now() - OLD_MS) continue
    const gone = fs.mkdtempSync(join(TEMPLATES, 'gone-'))
    try {
      fs.renameSync(path, join(gone, name))
    } catch (error) {
      // Somebody else has just removed it.
      if (fs.existsSync(path)) throw error
    }
    fs.rmSync(gone, { recursive: true, force: true })
  }
}

/** With owners and rights: PostgreSQL insists on them. */
function copy(from: string, to: string): void {
  execFileSync('cp', ['-Rp', from, to])
}
