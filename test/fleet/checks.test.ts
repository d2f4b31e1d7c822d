// What a text may import, and how many texts are looked at at a time.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createChecks } from '#platform/fleet/checks.ts'
import { ENVELOPE } from '#platform/fleet/envelope.ts'
import { CHECKS_AT_ONCE, CHECKS_WAITING_MAX } from '#platform/fleet/limits.ts'
import { GONE } from '#platform/fleet/supervisor.ts'

const TERMS = { hash: 'h', params: {}, venues: ['internal'], limits: ENVELOPE }
const GOOD = `import { defineStrategy } from 'crossbook/strategy'
export default defineStrategy({ name: 'x', params: {}, state: {}, setup() {} })`

function checksOf(answers: { types?: readonly string[]; setup?: string | null } = {}) {
  const { types = [], setup = null } = answers
  const workshop = { file: () => 'x.ts', wrongTypes: async () => types }
  return createChecks({ workshop, supervisor: { rehearse: async () => setup } })
}

async function codeOf(source: string, checks = checksOf()): Promise<string> {
  const answer = await checks.run({ ...TERMS, source })
  return answer.ok ? answer.value.name : answer.code
}

test('a text may import crossbook/strategy in any plain manner', async () => {
  for (const line of [
    "import { defineStrategy, p } from 'crossbook/strategy'",
    'import {\n  defineStrategy,\n  type Market,\n} from "crossbook/strategy";',
    "import type { Context } from 'crossbook/strategy'",
  ]) {
    assert.equal(await codeOf(`${line}\n${GOOD}\nArray.from([1])`), 'x', line)
  }
})

test('a strategy of the box that imports nothing else may be deployed as it stands', async () => {
  const folder = new URL('../../bots/strategies/', import.meta.url)
  const texts = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))
  const alone = texts.filter((text) => !/from '(\.|#)/.test(text))
  assert.ok(alone.length >= 8, `${alone.length}`)
  for (const text of alone) assert.match(await codeOf(text), /^[a-z-]+$/)
})

test('every other way to name a file is refused, however it is written', async () => {
  for (const line of [
    "import fs from 'node:fs'",
    "import 'node:fs'",
    "import fs from/**/'node:fs'",
    "import type { X } from '../../keys.json'",
    "export * from 'node:fs'",
    "export { a } from\n'node:fs'",
    "const x = await import('node:fs')",
    "type X = import('node:fs').Stats",
    "import x = require('node:fs')",
    '/// <reference path="/etc/passwd" />',
    "import { a } from 'crossbook/strategy' ; import b from 'c'",
    "import { a } from 'crossbook/strategy/../x'",
  ]) {
    assert.equal(await codeOf(`${line}\n${GOOD}`), 'bot.strategy_invalid', line)
  }
})

test('what compiler and set-up say is the answer; a lost runner is no verdict', async () => {
  const many = Array.from({ length: 50 }, (_, at) => `${at} ${'x'.repeat(1_000)}`)
  const answer = await checksOf({ types: many }).run({ ...TERMS, source: GOOD })
  assert.ok(!answer.ok)
  const lines = Object.values(answer.details ?? {})
  assert.deepEqual([lines.length, String(lines[0]).length <= 300], [8, true])
  assert.equal(await codeOf(GOOD, checksOf({ setup: 'no market' })), 'bot.strategy_invalid')
  assert.equal(await codeOf(GOOD, checksOf({ setup: GONE })), 'unknown')
})

test('the types of a text are looked at once, its set-up each time', async () => {
  const looked = { types: 0, setups: 0 }
  const wrongTypes = async () => {
    looked.types += 1
    return []
  }
  const rehearse = async () => {
    looked.setups += 1
    return null
  }
  const checks = createChecks({
    ...{ workshop: { file: () => 'x.ts', wrongTypes }, supervisor: { rehearse } },
  })
  for (const hash of ['a', 'a', 'b']) await checks.run({ ...TERMS, hash, source: GOOD })
  assert.deepEqual(looked, { types: 2, setups: 3 })
})

test('INV-17: so many are checked at once, so many wait, one more comes later', async () => {
  const gates: (() => void)[] = []
  const wait = () => new Promise<null>((resolve) => gates.push(() => resolve(null)))
  const workshop = { file: () => 'x.ts', wrongTypes: async () => [] }
  const checks = createChecks({ workshop, supervisor: { rehearse: wait } })
  const all = Array.from({ length: CHECKS_AT_ONCE + CHECKS_WAITING_MAX }, () =>
    codeOf(GOOD, checks),
  )
  assert.equal(await codeOf(GOOD, checks), 'capacity.exhausted')
  const over = Promise.all(all)
  const opening = setInterval(() => gates.shift()?.(), 1)
  assert.deepEqual(new Set(await over), new Set(['x']))
  const more = codeOf(GOOD, checks)
  assert.equal(await more, 'x')
  clearInterval(opening)
})
