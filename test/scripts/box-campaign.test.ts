// The campaign of the box: how it is used, and two of its strategies on a real demo for a moment.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'

type Said = { readonly code: unknown; readonly said: string; readonly out: string }

function run(args: readonly string[]): Promise<Said> {
  const all = ['scripts/campaign.ts', 'box', ...args]
  return new Promise((resolve) => {
    execFile(process.execPath, all, (error, out, said) => resolve({ code: error?.code, said, out }))
  })
}

test('the campaign of the box says how it is used', async () => {
  for (const option of ['--seconds=0', '--only=dca,none', 'word']) {
    const { code, said } = await run([option])
    assert.deepEqual([code, said.startsWith('usage: campaign -- box')], [2, true], option)
  }
})

test('two strategies trade on a demo, nothing rests and nothing is wrong at the end', async () => {
  const { code, out, said } = await run(['--only', 'dca,grid', '--seconds', '15', '--json'])
  assert.equal(code, undefined, said)
  const { cases, violations, reached, extra } = JSON.parse(out)
  assert.deepEqual([cases, violations, extra.refused], [2, 0, 0])
  assert.ok(reached['dca: fills'] > 0 && reached['grid: orders'] > 0, out)
})
