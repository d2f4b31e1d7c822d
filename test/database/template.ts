// Database template: a cluster with every table and nothing in it, made once and copied.
//
// One takes two seconds to make and another two to remove, because all of it was synced; a copy
// takes a tenth of that. It stands in .tools under a name that tells what it was made of, and gets
// the name when it is whole: of two who make it at once the second throws his away.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createDatabase } from '#database/connection.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const TEMPLATES = join(ROOT, '.tools', 'test-databases')
const MADE_OF = ['package-lock.json', 'platform/database/*.ts', 'platform/database/migrations/**/*']

/** Puts a cluster into a data folder that has none; the next start finds it as it was left. */
export async function putDatabase(dataFolder: string): Promise<void> {
  const template = join(TEMPLATES, templateName())
  if (!fs.existsSync(template)) await makeTemplate(template)
  copy(template, join(dataFolder, 'postgres'))
}

function templateName(): string {
  const sum = createHash('sha256').update(`${process.getuid?.()}`)
  for (const file of fs.globSync(MADE_OF, { cwd: ROOT }).sort()) {
    const path = join(ROOT, file)
    if (fs.statSync(path).isFile()) sum.update(file).update(fs.readFileSync(path))
  }
  return sum.digest('hex').slice(0, 16)
}

async function makeTemplate(template: string): Promise<void> {
  for (const old of fs.globSync(join(TEMPLATES, '*'))) {
    if (!old.startsWith(template)) fs.rmSync(old, { recursive: true, force: true })
  }
  // PostgreSQL's user may enter the temporary folder, and perhaps not ours.
  const folder = fs.mkdtempSync(join(tmpdir(), 'crossbook-template-'))
  fs.chmodSync(folder, 0o711)
  await (await createDatabase({ dataFolder: folder })).close()
  fs.mkdirSync(TEMPLATES, { recursive: true })
  const unfinished = `${template}.${process.pid}`
  copy(join(folder, 'postgres'), unfinished)
  fs.rmSync(folder, { recursive: true, force: true })
  try {
    fs.renameSync(unfinished, template)
  } catch (error) {
    if (!fs.existsSync(template)) throw error
    fs.rmSync(unfinished, { recursive: true, force: true })
  }
}

/** With owners and rights: PostgreSQL insists on them. */
function copy(from: string, to: string): void {
  execFileSync('cp', ['-Rp', from, to])
}
