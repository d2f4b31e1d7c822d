// docs/strategies: a page for every strategy of the box, and every number on it is true.

import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { test } from 'node:test'
import type { Param } from '#bots/params.ts'
import type { Strategy } from '#bots/strategy.ts'
import { NAMES as names } from './names.ts'
import { carryOut, HEAD, readRun } from './page-run.ts'
import { carryOutMaking, MAKING_HEAD } from './two-venues-run.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const DOCS = resolve(ROOT, 'docs/strategies')
const index = readFileSync(resolve(DOCS, 'README.md'), 'utf8')

const pageOf = (name: string) => readFileSync(resolve(DOCS, `${name}.md`), 'utf8')

async function strategyOf(name: string): Promise<Strategy> {
  const loaded: { default: Strategy } = await import(`#bots/strategies/${name}.ts`)
  return loaded.default
}

/** As the page writes it. */
function written(value: unknown): string {
  if (typeof value === 'number') return value.toLocaleString('en', { maximumFractionDigits: 6 })
  return Array.isArray(value) ? value.map(written).join(' ') || '–' : String(value)
}

function rowOf(name: string, { initial, min, max }: Param<unknown>): string {
  const bounds = [min, max].map((bound) => (bound === undefined ? '' : written(bound)))
  return `| \`${name}\` | ${[written(initial), ...bounds].join(' | ')} |`
}

test('the index has a line for every strategy, and every page is that of one', () => {
  assert.ok(names.length >= 12, `${names.length} strategies`)
  for (const name of names) {
    assert.ok(existsSync(resolve(DOCS, `${name}.md`)), `docs/strategies/${name}.md is missing`)
    assert.ok(index.includes(`(${name}.md)`), `${name} is not in docs/strategies/README.md`)
  }
  const pages = globSync('*.md', { cwd: DOCS }).map((path) => basename(path, '.md'))
  assert.deepEqual(
    pages.filter((page) => page !== 'README' && !names.includes(page)),
    [],
  )
})

for (const name of names) {
  test(`the page of ${name} has its parameters with their bounds`, async () => {
    const { params, name: own } = await strategyOf(name)
    const page = pageOf(name)
    assert.equal(own, name, 'a strategy is started by the name of its file')
    const rows = Object.entries(params).map(([param, of]) => rowOf(param, of))
    const missing = rows.filter((row) => !page.split('\n').some((line) => line.startsWith(row)))
    assert.deepEqual(missing, [], `the page should say:\n${rows.join('\n')}`)
    const lines = page.split('\n').filter((line) => line.startsWith('| `'))
    assert.equal(lines.length, rows.length, 'a parameter that it does not have')
  })

  test(`the page of ${name} says where it is from and when it loses money`, () => {
    const page = pageOf(name)
    assert.match(page, /^\*\*From\*\*: /m)
    assert.match(page, /^## When it loses money$/m)
  })
}

for (const name of names) {
  const planned = readRun(pageOf(name))
  if (planned === undefined) continue
  test(`the figures on the page of ${name} are those of the run`, async () => {
    const table = carryOut(await strategyOf(name), planned)
    const page = pageOf(name)
    assert.ok(planned.markets.length >= 3 && page.includes(HEAD))
    assert.ok(page.includes(table), `the page should say:\n${table}`)
  })
}

test('the figures on the page of cross-venue-making are those of the run', async () => {
  const table = carryOutMaking(await strategyOf('cross-venue-making'))
  const page = pageOf('cross-venue-making')
  assert.ok(page.includes(MAKING_HEAD) && page.includes(table), `the page should say:\n${table}`)
})
