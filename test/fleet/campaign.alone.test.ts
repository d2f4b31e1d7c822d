// The campaign of the fleet, small: how it is used, and a run of a few seconds without a violation.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'

function run(args: readonly string[]): Promise<{ code: unknown; said: string; out: string }> {
  return new Promise((resolve) => {
    const all = ['scripts/campaign.ts', 'fleet', ...args]
    execFile(process.execPath, all, (error, out, said) => resolve({ code: error?.code, said, out }))
  })
}

test('the campaign of the fleet says how it is used', async () => {
  for (const option of ['--bots=0', '--bots=56', '--seconds=0', '--seed=x', '--other', 'word']) {
    const { code, said } = await run([option])
    assert.deepEqual([code, said.startsWith('usage: campaign -- fleet')], [2, true], option)
  }
})

test('a few bots that are changed and killed at random end as they are wanted', async () => {
  const { code, said, out } = await run(['--bots', '3', '--seconds', '4', '--seed', '3', '--json'])
  assert.notEqual(out, '', said)
  const { cases, violations, reached } = JSON.parse(out)
  assert.deepEqual([code, violations], [undefined, 0], said)
  assert.ok(cases > 0 && reached.deployed >= 3 && reached.orders > 0, out)
})
