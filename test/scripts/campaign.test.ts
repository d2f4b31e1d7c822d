// The runner of campaigns: wrong usage is one line and exit code 2, before anything is started.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'

function run(args: readonly string[]): Promise<{ code: unknown; said: string; out: string }> {
  return new Promise((resolve) => {
    const all = ['scripts/campaign.ts', ...args]
    execFile(process.execPath, all, (error, out, said) => resolve({ code: error?.code, said, out }))
  })
}

test('a campaign that does not exist is refused with the names of those that do', async () => {
  for (const args of [[], ['no-such'], ['toString']]) {
    const { code, said } = await run(args)
    assert.equal(code, 2)
    const names = 'kill9, contracts, identity, auditor, bots, chain, box, fleet, rounding, cascade'
    assert.ok(said.startsWith('usage: ') && said.endsWith(`${names}, numbers\n`), said)
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

test('the campaign of the auditor says how it is used, and finds no difference', async () => {
  for (const option of ['--seeds=0', '--commands=x', '--seed=-1', '--other', 'word']) {
    const { code, said } = await run(['auditor', option])
    assert.deepEqual([code, said.startsWith('usage: campaign -- auditor')], [2, true], option)
  }
  const short = ['--seeds', '60', '--commands', '30', '--seed', '7', '--json']
  const { code, out } = await run(['auditor', ...short])
  const { cases, violations, reached, extra } = JSON.parse(out)
  assert.deepEqual([code, cases, violations], [undefined, 60, 0])
  assert.ok(reached['event fill'] > 0 && extra.commands > 60 * 30, out)
})

test('the campaign of the bots says how it is used', async () => {
  for (const option of ['--steps=x', '--kills=-1', '--other', 'word']) {
    const { code, said } = await run(['bots', option])
    assert.deepEqual([code, said.startsWith('options of bots: ')], [2, true], option)
  }
})

test('the campaign of the contracts says how it is used', async () => {
  for (const option of ['--runs=0', '--sequences=x', '--depth=-1', '--seed=']) {
    const { code, said } = await run(['contracts', option])
    assert.deepEqual([code, said.startsWith('usage: campaign -- contracts')], [2, true], option)
  }
})

test('the campaign of rounding says how it is used, and finds no profit', async () => {
  for (const option of ['--seeds=0', '--steps=x', '--seconds=-1', '--other', 'word']) {
    const { code, said } = await run(['rounding', option])
    assert.deepEqual([code, said.startsWith('usage: campaign -- rounding')], [2, true], option)
  }
  const { code, out } = await run(['rounding', '--seeds', '6', '--steps', '20', '--json'])
  const { cases, violations, reached, extra } = JSON.parse(out)
  assert.deepEqual([code, cases, violations], [undefined, 6 * 21, 0])
  assert.ok(reached.fill > 0 && extra.bestProfit <= 0, out)
})

test('the campaign of cascades says how it is used, and finds nothing wrong', async () => {
  for (const option of ['--seeds=0', '--stops=x', '--seconds=-1', '--other', 'word']) {
    const { code, said } = await run(['cascade', option])
    assert.deepEqual([code, said.startsWith('usage: campaign -- cascade')], [2, true], option)
  }
  const { code, out } = await run(['cascade', '--seeds', '3', '--stops', '900', '--json'])
  const { cases, violations, reached } = JSON.parse(out)
  assert.deepEqual([code, cases, violations], [undefined, 3, 0])
  assert.ok(reached.triggered > 0 && reached.fills > 0, out)
})

test('the campaign of numbers says how it is used, and finds no difference', async () => {
  for (const option of ['--seeds=0', '--texts=x', '--seconds=-1', '--other', 'word']) {
    const { code, said } = await run(['numbers', option])
    assert.deepEqual([code, said.startsWith('usage: campaign -- numbers')], [2, true], option)
  }
  const { code, out } = await run(['numbers', '--seeds', '5', '--texts', '99', '--json'])
  const { cases, violations, extra } = JSON.parse(out)
  assert.deepEqual([code, cases, violations], [undefined, 5, 0])
  assert.ok(extra.texts === 5 * 99 && extra.commands > 500, out)
})
