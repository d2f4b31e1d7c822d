// The house rules: everything about the text of the tree that a formatter and a linter cannot say.
//
// It reads every source file of the clone; generated files are not ours. Each rule is one test, and
// each finding names file and line and says what to do instead. A rule is changed here, in a commit
// that says why, and never switched off for one file.

import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { test } from 'node:test'
import { REFUSALS } from '#kernel/refusals.ts'
import { LINE_RULES } from '#test/support/line-rules.ts'

const ROOT = resolve(import.meta.dirname, '..')
const FILE_LINES_MAX = 500
const HEADER_LINES = { min: 3, max: 8, minOfSmallFile: 1 }
const SMALL_FILE_LINES = 60
const BANNED_NAMES = /^(base|types?|index)[.]|(^|-)(utils?|helpers?|common|misc|manager)[.]/
const NOT_OURS = /(^|\/)(generated|node_modules|dist)\//

type Source = { readonly path: string; readonly text: string; readonly lines: readonly string[] }

function read(pattern: string): Source[] {
  const paths = globSync(pattern, { cwd: ROOT }).filter((path) => !NOT_OURS.test(path))
  return paths.sort().map((path) => {
    const text = readFileSync(resolve(ROOT, path), 'utf8')
    return { path, text, lines: text.split('\n') }
  })
}

const code = read('{platform,bots,connectors,scripts,test}/**/*.{ts,tsx,mjs}')
const product = code.filter(({ path }) => !path.startsWith('test/'))
const tests = code.filter(({ path }) => path.startsWith('test/') && !path.includes('tidy'))
const contracts = read('{contracts,test}/**/*.sol')
const texts = [...code, ...contracts, ...read('{platform/web,docs,contracts}/**/*.{css,md}')]

/** Fails with every finding on a line of its own. */
function none(findings: readonly string[], advice: string) {
  assert.equal(findings.length, 0, `${advice}\n${findings.join('\n')}`)
}

const mentions = (text: string) => (source: Source) => source.text.includes(text)

test('the tree is read: there are sources and tests to check', () => {
  assert.ok(product.length > 20 && tests.length > 5, `${product.length} and ${tests.length} files`)
})

for (const { name, where, except, pattern, raw, breaks, advice } of LINE_RULES) {
  test(`line rule: ${name}`, () => {
    assert.match(breaks, pattern, 'the rule does not find its own example')
    const files = texts.filter(({ path }) => where.test(path) && !except?.test(path))
    const findings = files.flatMap(({ path, lines }) =>
      lines.flatMap((line, index) => {
        const found = pattern.test(raw ? line : codeOf(line)) && !isExcused(lines, index, name)
        return found ? [`${path}:${index + 1}: ${line.trim().slice(0, 80)}`] : []
      }),
    )
    none(findings, advice)
  })
}

test('no file is longer than 500 lines', () => {
  const long = texts.filter(({ lines }) => lines.length > FILE_LINES_MAX + 1)
  none(
    long.map(({ path, lines }) => `${path}: ${lines.length} lines`),
    'It is more than one noun: move what can stand alone into a file with its own name.',
  )
})

test('every file is named after the one thing it holds', () => {
  const vague = code.filter(({ path }) => BANNED_NAMES.test(basename(path)))
  none(
    vague.map(({ path }) => path),
    'Name it after what it holds (holds.ts, rotate-refresh-token.ts); a type lives with its owner.',
  )
})

test('every file opens with a header that says what it is and what it must never do', () => {
  const findings = code.flatMap(({ path, lines }) => {
    const body = lines.filter((line) => !line.startsWith('#!'))
    const height = body.findIndex((line) => !line.startsWith('//'))
    const isSmall = path.startsWith('test/') || lines.length <= SMALL_FILE_LINES
    const min = isSmall ? HEADER_LINES.minOfSmallFile : HEADER_LINES.min
    const fits = height >= min && height <= HEADER_LINES.max
    return fits ? [] : [`${path}: a header of ${height} lines`]
  })
  none(findings, 'Begin with 3 to 8 lines of //: what this is, its invariant, what it never does.')
})

test('every contract states its licence and what it is for', () => {
  const ours = contracts.filter(({ path }) => !path.endsWith('.t.sol'))
  const bare = ours.filter(({ text }) => !/^\/\/ SPDX-[\s\S]*^\/\/\/ @(title|notice)/m.test(text))
  none(
    bare.map(({ path }) => path),
    'Begin with the SPDX line and give the contract a /// @title or @notice.',
  )
})

test('the names of tests are sentences', () => {
  const findings = tests.flatMap(({ path, text }) =>
    [...text.matchAll(/^\s*(?:test|it)\(\s*(['"`])(.+?)\1,/gm)]
      .filter(([, , name = '']) => name.trim().split(/\s+/).length < 3)
      .map(([, , name]) => `${path}: ${name}`),
  )
  none(findings, 'Say what holds: "a cancelled order releases exactly its remaining hold".')
})

test('a test file waits for nothing after its first test', () => {
  const findings = tests.flatMap(({ path, lines }) => {
    const first = lines.findIndex((line) => /^(await )?test\w*\(/.test(line))
    const later = lines.findIndex(
      (line, index) => index > first && /^(?=\S).*\bawait /.test(codeOf(line)),
    )
    return first === -1 || later === -1 ? [] : [`${path}:${later + 1}: ${lines[later]}`]
  })
  none(findings, 'Wait first: when the tests known so far are done, node:test closes all.')
})

test('every refusal code is produced by some test', () => {
  const untested = Object.keys(REFUSALS).filter((refusal) => {
    return !tests.some(({ text }) => new RegExp(`['"\`]${refusal}['"\`]`).test(text))
  })
  none(untested, 'Write the request that is refused with it, or remove the code.')
})

test('every limit is tested', () => {
  const limits = readFileSync(resolve(ROOT, 'platform/engine/limits.ts'), 'utf8')
  const names = [...limits.matchAll(/^export const (\w+_(?:MAX|US))\b/gm)].map(
    ([, name = '']) => name,
  )
  const untested = names.filter((name) => !tests.some(mentions(name)))
  assert.ok(names.length > 0, 'no limit was found in platform/engine/limits.ts')
  none(untested, 'Test it at limit - 1, limit and limit + 1, by its name.')
})

test('every cited invariant stands in ARCHITECTURE.md and in a test', () => {
  const page = resolve(ROOT, 'platform/ARCHITECTURE.md')
  const architecture = existsSync(page) ? readFileSync(page, 'utf8') : ''
  const cited = new Set(product.flatMap(({ text }) => text.match(/\bINV-\d\d\b/g) ?? []))
  assert.ok(cited.size > 0, 'no invariant is cited anywhere')
  none(
    [...cited].filter((id) => !architecture.includes(id)).sort(),
    'It has no rule: add it to the table of platform/ARCHITECTURE.md.',
  )
  none(
    [...cited].filter((id) => !tests.some(mentions(id))).sort(),
    'It has no proof: cite it in the name or the header of the test that shows it.',
  )
})

/** A line without its comment and its strings, so that words in them are not taken for code. */
function codeOf(line: string): string {
  if (/^\s*(\*|\/\*|\/\/)/.test(line)) return ''
  return line.replaceAll(/'(\\.|[^'\\])*'|"(\\.|[^"\\])*"/g, "''").replace(/\s\/\/ .*$/, '')
}

/** A cast may stand where a comment beside it or above it says why it is right. */
function isExcused(lines: readonly string[], index: number, rule: string): boolean {
  if (rule !== 'no bare casts') return false
  return / \/\/ /.test(lines[index] ?? '') || /^\s*(\/\/|\*)/.test(lines[index - 1] ?? '')
}
