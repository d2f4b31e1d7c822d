// The import table: what it forbids is found, what it allows passes, and reading nothing fails.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, describe, it } from 'node:test'

const PROJECT = resolve(import.meta.dirname, '../..')
const CHECK = join(PROJECT, 'scripts/check/imports.ts')

const ALLOWED = {
  'platform/kernel/amount.ts': 'export type Amount = number\nexport const zero: Amount = 0\n',
  'platform/engine/event.ts': 'export type Event = { a: number }\nexport const EVENTS = 1\n',
  'platform/engine/book.ts': "import { zero } from '#kernel/amount.ts'\nexport const book = zero\n",
  'platform/views/live.ts':
    "import type { Event } from '#engine/event.ts'\nexport type L = Event\n",
  'platform/orders/store.ts': "import type { Pool } from 'pg'\nexport type P = Pool\n",
  'platform/orders/port.ts': 'export type Orders = number\n',
  'platform/orders/routes.ts': "import './service.ts'\n",
  'platform/orders/service.ts': 'export const service = 1\n',
  'platform/wallet/service.ts':
    "import type { Orders } from '#platform/orders/port.ts'\nexport type O = Orders\n",
  'platform/main.ts': "import './orders/routes.ts'\nimport '#engine/book.ts'\n",
}

/** Each plants one file into the allowed tree: [path, text, the rule that must find it]. */
const FORBIDDEN = [
  ['platform/kernel/bad.ts', "import '#engine/book.ts'", 'imports of'],
  ['platform/engine/bad.ts', "import 'node:crypto'", 'no input or output'],
  ['platform/journal/frame.ts', "import 'node:fs'", 'one file touches the disk'],
  ['platform/views/bad.ts', "import '#engine/book.ts'", 'imports of'],
  ['platform/views/bad.ts', "import { EVENTS } from '#engine/event.ts'\nEVENTS", 'types for'],
  ['platform/wallet/bad.ts', "import '#platform/orders/service.ts'", 'imports of'],
  ['platform/http/bad.ts', "import '#platform/orders/service.ts'", 'imports of'],
  ['bots/strategies/bad.ts', "import '#platform/orders/port.ts'", 'imports of'],
  ['platform/orders/bad.ts', "import 'ethers'", 'chain packages'],
  ['platform/orders/bad.ts', "import 'pg'", 'database packages'],
  ['platform/views/bad.ts', "import { Pool } from 'pg'\nPool", 'types of database packages'],
  ['platform/orders/bad.ts', "import '#kernel/gone.ts'", 'nothing missing'],
  ['platform/orders/bad.ts', "import './bad12.ts'", 'no cycles'],
  ['platform/orders/bad.ts', "import '../../test/a.ts'", 'nobody imports tests'],
] as const

describe('import rules', () => {
  const roots: string[] = []
  after(() => {
    for (const root of roots) rmSync(root, { recursive: true, force: true })
  })

  const check = (files: Readonly<Record<string, string>>) => {
    const root = mkdtempSync(join(tmpdir(), 'crossbook-imports-'))
    roots.push(root)
    for (const name of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json']) {
      copyFileSync(join(PROJECT, name), join(root, name))
    }
    symlinkSync(join(PROJECT, 'node_modules'), join(root, 'node_modules'))
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    return spawnSync(process.execPath, [CHECK], { cwd: root, encoding: 'utf8' })
  }

  it('let a tree pass that keeps to the table', () => {
    const { status, stdout } = check(ALLOWED)
    assert.deepEqual({ status, stdout }, { status: 0, stdout: '' })
  })

  it('fail when no file was read', () => {
    const { status, stdout, stderr } = check({ 'platform/readme.txt': '', 'a.ts': '' })
    assert.equal(status, 1)
    assert.match(stdout + stderr, /no module was read/)
  })

  it('find every import that the table forbids', () => {
    const planted = FORBIDDEN.map(([path, text], index) => [
      path.replace('bad', `bad${index}`),
      text,
    ])
    const files = { ...ALLOWED, 'test/a.ts': '', ...Object.fromEntries(planted) }
    const { status, stdout } = check(files)
    assert.equal(status, 1)
    const lines = stdout.split('\n')
    for (const [index, [path, , rule]] of FORBIDDEN.entries()) {
      const from = path.replace('bad', `bad${index}`)
      const found = lines.some(
        (line, at) => line.startsWith(`${from} ->`) && lines[at + 1]?.trim().startsWith(rule),
      )
      assert.ok(found, `${from}: ${rule}\n${stdout}`)
    }
  })
})
