// Act limits: at each limit less one, at it and beyond it, and anew a second later.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createActLimits } from '#bots/runtime/act-limits.ts'
import type { Action } from '#bots/runtime/channel.ts'

const ACTIONS: Readonly<Record<string, Action>> = {
  timer: { kind: 'timer', timer: 0, everyMs: 100 },
  subscribe: { kind: 'subscribe', venue: 'internal', symbol: 'BTC-USDC' },
  history: { kind: 'history', venue: 'internal', symbol: 'BTC-USDC', lengthUs: 1, count: 1 },
  amend: { kind: 'amend', venue: 'internal', id: 'a', amendment: { size: '1' } },
  cancel: { kind: 'cancel', venue: 'internal', id: 'a' },
  cancelAll: { kind: 'cancelAll', venue: 'internal', symbol: 'BTC-USDC' },
  recover: { kind: 'recover', venue: 'internal', symbol: 'BTC-USDC', id: 'a' },
  log: { kind: 'log', text: 'a' },
  note: { kind: 'note', text: 'a' },
}

function judged(name: string, count: number, nowMs = () => 0) {
  const limits = createActLimits(nowMs)
  const action = ACTIONS[name] ?? assert.fail(name)
  return Array.from({ length: count }, () => limits.judge(action))
}

for (const [name, max] of [
  ['timer', 64],
  ['subscribe', 64],
  ['history', 256],
] as const) {
  test(`a process may ask for ${max} times ${name} in its life`, () => {
    const verdicts = judged(name, max + 1)
    assert.deepEqual(new Set(verdicts.slice(0, max)), new Set(['allow']))
    assert.deepEqual(verdicts[max], { excess: `too many: ${name}` })
  })
}

for (const [name, max] of [
  ['amend', 500],
  ['cancel', 500],
  ['cancelAll', 500],
  ['recover', 1_000],
] as const) {
  test(`a process may ask for ${max} times ${name} in a second`, () => {
    const verdicts = judged(name, max + 1)
    assert.deepEqual(new Set(verdicts.slice(0, max)), new Set(['allow']))
    assert.deepEqual(verdicts[max], { excess: `too many a second: ${name}` })
    let calls = 0
    const later = judged(name, max + 1, () => (calls++ < max ? 0 : 1_000))
    assert.equal(later[max], 'allow')
  })
}

for (const name of ['log', 'note'] as const) {
  test(`more than 100 times ${name} in a second is left out and ends nobody`, () => {
    const verdicts = judged(name, 101)
    assert.deepEqual(new Set(verdicts.slice(0, 100)), new Set(['allow']))
    assert.equal(verdicts[100], 'drop')
  })
}
