// The campaign of the fleet, small: how it is used, and a run of a few seconds without a violation.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { campaign } from '#scripts/campaigns/fleet/campaign.ts'

function run(args: readonly string[]): Promise<{ code: unknown; said: string; out: string }> {
  return new Promise((resolve) => {
    const all = ['scripts/campaign.ts', 'fleet', ...args]
    execFile(process.execPath, all, (error, out, said) => resolve({ code: error?.code, said, out }))
  })
}

test('the campaign of the fleet says how it is used', async (t) => {
  const { mock } = t.mock.method(process.stderr, 'write', () => true)
  for (const option of ['--bots=0', '--bots=56', '--seconds=0', '--seed=x', '--other', 'word']) {
    assert.equal(await campaign([option]), null, option)
    assert.match(String(mock.calls.at(-1)?.arguments[0]), /^usage: campaign -- fleet/)
  }
})

test('a few bots that are changed and killed at random end as they are wanted', async () => {
  const { code, said, out } = await run(['--bots', '3', '--seconds', '4', '--seed', '3', '--json'])
  assert.notEqual(out, '', said)
  const { cases, violations, reached } = JSON.parse(out)
  assert.deepEqual([code, violations], [undefined, 0], said)
  assert.ok(cases > 0 && reached.deployed >= 3 && reached.orders > 0, out)
})
