// The command line: exit codes, one clear line for what is refused, usage for what is wrong.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '#test/sequencer/sequencers.ts'

const CLI = resolve(import.meta.dirname, '../../scripts/cli.ts')

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('wrong usage answers 2 and lists the commands', () => {
  for (const args of [[], ['nonsense'], ['replay', '--nonsense'], ['toString']]) {
    const { status, stderr } = run(...args)
    assert.equal(status, 2, args.join(' '))
    assert.notEqual(stderr, '')
  }
})

test('help answers 0 with an example', () => {
  assert.match(run('--help').stdout, /verify-journal/)
  const { status, stdout } = run('verify-journal', '--help')
  assert.equal(status, 0)
  assert.match(stdout, /crossbook verify-journal --data/)
})

test('a folder that is not ours answers 1 with one line', (t) => {
  const folder = temporaryFolder(t)
  for (const command of ['replay', 'verify-journal']) {
    const { status, stderr, stdout } = run(command, '--data', folder)
    assert.equal(status, 1)
    assert.match(stderr, /^there is no Crossbook data in .*\n$/)
    assert.equal(stdout, '')
  }
})
