// npm test itself: what it counts, what it tells, and that nothing broken is counted as passed.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'

const RUNNER = resolve(import.meta.dirname, '../../scripts/test.ts')

const FILES = {
  'good.test.ts': "import { test } from 'node:test'\ntest('a b c', () => {})\ntest('d', () => {})",
  'skips.test.ts': "import { test } from 'node:test'\ntest('reads', (t) => t.skip('needs strace'))",
  'bad.test.ts': "import { test } from 'node:test'\ntest('a', () => { throw new Error('boom') })",
  'crash.test.ts': "throw new Error('at load')",
  'empty.test.ts': 'export const nothing = 1',
  'other.test.ts': "import { test } from 'node:test'\ntest('a', () => {})",
  'last.alone.test.ts': "import { test } from 'node:test'\ntest('a', () => {})",
}

describe('npm test', () => {
  let root = ''
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'crossbook-test-'))
    mkdirSync(join(root, 'test'))
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(root, 'test', name), text)
  })
  after(() => rmSync(root, { recursive: true, force: true }))

  const run = (parts: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { NODE_TEST_CONTEXT: _, CROSSBOOK_FORBID_SKIP: __, ...rest } = process.env
    const options = { cwd: root, encoding: 'utf8', env: { ...rest, ...env } } as const
    const { status, stdout } = spawnSync(process.execPath, [RUNNER, ...parts], options)
    const lines = stdout.trimEnd().split('\n')
    return { status, lines, last: lines.at(-1) }
  }

  it('counts what passed and ends with the total', () => {
    const { status, lines, last } = run(['good'])
    assert.deepEqual({ status, last }, { status: 0, last: '2 passed, 0 failed' })
    assert.equal(lines.length, 2)
    assert.match(lines[0] ?? '', /^ok +2 +\d+\.\d s +test\/good\.test\.ts$/)
  })

  it('shows everything of a file that failed, and fails', () => {
    const { status, lines, last } = run(['bad', 'good'])
    assert.deepEqual({ status, last }, { status: 1, last: '2 passed, 1 failed' })
    assert.ok(lines.some((line) => line.includes('Error: boom')))
    assert.ok(lines.includes('FAILED  test/bad.test.ts'))
  })

  it('fails for a file that crashes and for one without tests', () => {
    const { status, last } = run(['crash', 'empty'])
    assert.deepEqual({ status, last }, { status: 1, last: '0 passed, 2 failed' })
  })

  it('says loudly what was skipped and why, and counts it apart', () => {
    const { status, lines, last } = run(['skips', 'good'])
    assert.deepEqual({ status, last }, { status: 0, last: '2 passed, 0 failed, 1 skipped' })
    assert.ok(lines.includes('SKIPPED reads: needs strace'))
  })

  it('fails what was skipped where skipping is forbidden', () => {
    const { status, last } = run(['skips', 'good'], { CROSSBOOK_FORBID_SKIP: '1' })
    assert.deepEqual({ status, last }, { status: 1, last: '2 passed, 1 failed' })
  })

  it('runs the files that must be alone after all others', () => {
    const { lines } = run(['alone', 'other', 'good'])
    assert.match(lines[2] ?? '', /last\.alone\.test\.ts$/)
  })

  it('fails when no file is meant', () => {
    const { status, last } = run(['nowhere'])
    assert.deepEqual({ status, last }, { status: 1, last: '0 passed, 0 failed' })
  })
})
