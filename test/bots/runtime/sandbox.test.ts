// The sandbox's walls are the kernel's to give, wherever the platform stands.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'

const folder = mkdtempSync(join(tmpdir(), 'crossbook-stands-'))
after(() => rmSync(folder, { recursive: true }))

const SANDBOX = pathToFileURL(join(import.meta.dirname, '../../../bots/runtime/sandbox.ts')).href
const TOLD = `import(${JSON.stringify(SANDBOX)}).then((all) => {
  console.log(all.createSandbox([]).walls)
})`

function wallsIn(cwd: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', TOLD], { cwd, encoding: 'utf8' })
  return stdout.trim() || stderr
}

test('a platform in the folder of temporary files has the walls that any other has', () => {
  assert.match(wallsIn('/'), /^(namespaces|permissions)$/)
  assert.equal(wallsIn(folder), wallsIn('/'))
})
