// The runner of campaigns: wrong usage is one line and exit code 2, before anything is started.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'

function run(args: readonly string[]): Promise<{ code: unknown; said: string }> {
  return new Promise((resolve) => {
    const all = ['scripts/campaign.ts', ...args]
    execFile(process.execPath, all, (error, _out, said) => resolve({ code: error?.code, said }))
  })
}

test('a campaign that does not exist is refused with the names of those that do', async () => {
  for (const args of [[], ['no-such'], ['toString']]) {
    const { code, said } = await run(args)
    assert.equal(code, 2)
    assert.match(said, /^usage: .*kill9, contracts, identity\n$/)
  }
})

test('options that a campaign does not know are refused', async () => {
  for (const option of ['--cycles=0', '--cycles=many', '--seed=x', '--other', 'word']) {
    const { code, said } = await run(['kill9', option])
    assert.equal(code, 2, option)
    assert.match(said, /^options of kill9: .*\n$/)
  }
})

test('the campaign of identity says how it is used, and counts what it met', async () => {
  for (const option of ['--schedules=0', '--attacks=x', '--seed=-1']) {
    const { code, said } = await run(['identity', option])
    assert.deepEqual([code, said.startsWith('usage: campaign -- identity')], [2, true], option)
  }
})

test('the campaign of the contracts says how it is used', async () => {
  for (const option of ['--runs=0', '--sequences=x', '--depth=-1', '--seed=']) {
    const { code, said } = await run(['contracts', option])
    assert.deepEqual([code, said.startsWith('usage: campaign -- contracts')], [2, true], option)
  }
})
