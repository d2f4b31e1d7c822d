// crossbook bot, as a person types it, against a running exchange: from new file to stopped bot.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { StartError } from '#kernel/start-error.ts'
import { main } from '#scripts/bot.ts'
import { PASSWORD } from '../api/exchange.ts'
import { createFleetUnderTest, until } from './fleet-under-test.ts'

const CLI = resolve(import.meta.dirname, '../../scripts/cli.ts')
const folder = mkdtempSync(join(tmpdir(), 'crossbook-cli-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const under = await createFleetUnderTest()
const ada = await under.deployer('ada')
const file = join(folder, 'key.json')

type Ended = { readonly code: number; readonly out: string; readonly err: string }

function bot(line: string, input = ''): Promise<Ended> {
  const args = [...line.split(' '), '--key-file', file]
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', CLI, 'bot', ...args],
      { cwd: folder },
      (error, out, err) => done({ code: Number(error?.code ?? 0), out, err }),
    )
    child.stdin?.end(input)
  })
}

async function shown(line: string): Promise<string> {
  const { code, out, err } = await bot(line)
  assert.equal(code, 0, err)
  return out
}

test('without a key one is told to sign in, and a wrong password is one clear line', async () => {
  const none = await bot('list')
  assert.deepEqual([none.code, none.out], [1, ''])
  assert.match(none.err, /sign in with crossbook bot login/)
  const wrong = await bot(`login --email ${ada.email} --url ${under.url}`, 'not this one')
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /^auth\.invalid: /)
})

test('signing in keeps a key that nobody else can read', async () => {
  const { code, err } = await bot(`login --email ${ada.email} --url ${under.url}`, PASSWORD)
  assert.equal(code, 0, err)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  chmodSync(file, 0o644)
  assert.match((await bot('list')).err, /can be read by others/)
  chmodSync(file, 0o600)
  assert.equal(await shown('list'), 'no bots\n')
})

test('a new strategy is deployed, watched, paused, updated, rolled back and stopped', async () => {
  const cli = (line: string) =>
    new Promise<void>((done) => {
      execFile(process.execPath, [CLI, ...line.split(' ')], { cwd: folder }, () => done())
    })
  await cli('new first.ts')
  const broken = readFileSync(join(folder, 'first.ts'), 'utf8').replace(
    'bars.atr(14)',
    'bars.atr()',
  )
  writeFileSync(join(folder, 'broken.ts'), broken)
  const noting = readFileSync(join(folder, 'first.ts'), 'utf8').replace(
    'ctx.plot(',
    "ctx.onStart(() => ctx.note('it begins'))\n    ctx.plot(",
  )
  writeFileSync(join(folder, 'first.ts'), noting)
  const refused = await bot('deploy broken.ts --budget USDC=500')
  assert.equal(refused.code, 1)
  assert.match(refused.err, /^bot\.strategy_invalid: [\s\S]*strategy\.ts\(\d+,\d+\): error TS/)
  const deploy = 'deploy first.ts --budget USDC=500 --limits {"drawdown":20}'
  assert.match(await shown(deploy), /^first {2}\w+.* version 1 of first/)
  assert.match(await shown(deploy), /version 1 of first/, 'the same words are the same request')
  assert.match(await shown('show first'), /has 500\.000000 USDC/)
  assert.match(await shown('logs first'), /deployed: first, version 1/)
  await until(
    async () => /\n {2}note 20\d\d-\S+ it begins$/m.test(await shown('show first')),
    () => 'the note of the start',
  )
  const { plots, notes } = JSON.parse(await shown('show first --json'))
  assert.deepEqual([plots, notes[0].text], [[], 'it begins'])
  assert.match(await shown('pause first'), /^first {2}paused/)
  assert.match(await shown('resume first'), /^first {2}/)
  assert.match(await shown('update first --params {"fast":5}'), /version 2 of first/)
  assert.match(await shown('rollback first'), /version 3 of first/)
  const [listed] = JSON.parse(await shown('list --json'))
  assert.deepEqual([listed.version.like, listed.version.limits.drawdown], [1, 20])
  assert.match(await shown('stop first --flatten'), /^first {2}stopped/)
})

test('the box is told, and one of it is deployed by its name', async () => {
  assert.match(await shown('box'), /^grid +Buys a step lower, sells a step higher/m)
  assert.match(
    await shown('box grid'),
    /\n {2}halfWidthPercent = 5 {2}from the centre to either edge/,
  )
  const { hash } = JSON.parse(await shown('box grid --json'))
  const deploy = 'deploy grid --id level --budget USDC=300 --params {"cells":4} --json'
  const { id, version } = JSON.parse(await shown(deploy))
  const { strategy, params } = version
  assert.deepEqual([id, strategy, version.hash, params], ['level', 'grid', hash, { cells: 4 }])
})

/** In this process, which is quicker: what it says of a wrong use, and how it ends. */
async function wrongly(t: TestContext, line: string): Promise<Ended> {
  const { mock } = t.mock.method(console, 'error', () => {})
  const words = line.split(' ').filter((word) => word !== '')
  try {
    const code = await main([...words, '--key-file', file])
    return { code, out: '', err: String(mock.calls.at(-1)?.arguments[0]) }
  } catch (error) {
    assert.ok(error instanceof StartError, String(error))
    return { code: 1, out: '', err: error.message }
  } finally {
    mock.restore()
  }
}

test('what is wrong is one clear line, and how it is used is told', async (t) => {
  const path = join(folder, 'first.ts')
  for (const [line, said] of [
    ['show nobody', /^not_found: /],
    ['box gird', /^not_found: /],
    ['deploy gird --budget USDC=1', /gird is not there, and not in the box/],
    ['deploy gone.ts --budget USDC=1', /gone\.ts is not there/],
    [`deploy ${path}`, /--budget USDC=1000/],
    [`deploy ${path} --budget USDC`, /is not like USDC=1000/],
    [`deploy ${path} --budget USDC=1 --params [`, /is no JSON object/],
  ] as const) {
    assert.match((await wrongly(t, line)).err, said, line)
  }
  for (const line of ['', 'dance', 'show', 'login']) {
    const { code, err } = await wrongly(t, line)
    assert.deepEqual([code, /^usage: /.test(err)], [2, true], line)
  }
})
