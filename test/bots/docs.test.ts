// docs/strategies.md: every snippet is type-checked and run.

import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { testStrategy } from '#bots/backtest/test-strategy.ts'
import type { Strategy } from '#bots/strategy.ts'
import '#scripts/strategy-imports.ts'
import { createExchange } from '../api/exchange.ts'
import { waves } from './backtest/waves.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'crossbook-docs-'))
after(() => rmSync(folder, { recursive: true }))

const page = readFileSync(join(ROOT, 'docs/strategies.md'), 'utf8')
const snippets = [...page.matchAll(/^```(\w+)( setup)?\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', setup, text = ''], index) => ({
    ...{ language, text, name: `snippet-${index + 1}` },
    kind: setup === undefined ? kindOf(language, text) : ('setup' as const),
  }),
)

function kindOf(language: string, text: string): 'sh' | 'test' | 'strategy' {
  if (language === 'sh') return 'sh'
  return text.includes('testStrategy(') ? 'test' : 'strategy'
}

function wholeOf(text: string, name: string): string {
  return `import { defineStrategy } from 'crossbook/strategy'
export default defineStrategy({
  name: '${name}', params: {}, state: {},
  setup(ctx) {
    const m = ctx.market('internal:ETH-USDC')
    const bars = m.bars('1m')
    ${text}
  },
})`
}

const files = snippets
  .filter(({ kind }) => kind !== 'sh')
  .map(({ name, kind, text }) => {
    const path = join(folder, kind === 'test' ? `${name}.test.ts` : `${name}.ts`)
    writeFileSync(path, kind === 'setup' ? wholeOf(text, name) : text)
    return { name, kind, path }
  })

function crossbook(args: readonly string[]): string {
  const cli = join(ROOT, 'scripts/cli.ts')
  return execFileSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' })
}

/** Beside the exchange of this process, which must go on. */
async function crossbookLater(args: readonly string[]): Promise<string> {
  const cli = join(ROOT, 'scripts/cli.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], { cwd: folder })
  return stdout
}

/** A command of the page; one that runs until Ctrl-C runs for a while, at an exchange of ours. */
async function carryOut(args: readonly string[], url: string): Promise<void> {
  if (args[0] !== 'dev') return void crossbook(args)
  const said = await crossbookLater([...args, '--url', url, '--seconds', '4'])
  assert.match(said, /^on paper at [\s\S]*started: my-strategy.ts[\s\S]*the end, on paper: 0 fills/)
}

test('the page has snippets of every kind', () => {
  const kinds = new Set(snippets.map(({ kind }) => kind))
  assert.deepEqual([...kinds].sort(), ['setup', 'sh', 'strategy', 'test'])
  assert.ok(snippets.length >= 8, `${snippets.length} snippets`)
})

test('the commands of the page make a strategy that is right and runs on paper', async () => {
  const exchange = await createExchange()
  await exchange.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = exchange.app.server.address() as AddressInfo // A TCP server has such an address.
  const commands = snippets
    .filter(({ kind }) => kind === 'sh')
    .flatMap(({ text }) => text.trim().split('\n'))
  assert.ok(commands.length >= 3)
  for (const command of commands) {
    const [, , , ...args] = command.split(' ')
    assert.match(command, /^npx --no-install crossbook /)
    await carryOut(args, `http://127.0.0.1:${port}`)
  }
})

for (const { name, kind, path } of files) {
  test(`${name} of the page is right and runs`, async () => {
    if (kind === 'test') {
      crossbook(['test', path])
      return
    }
    const { name: own } = JSON.parse(crossbook(['check', path, '--json']))
    const { default: strategy }: { default: Strategy } = await import(pathToFileURL(path).href)
    assert.equal(strategy.name, own)
    const { saved } = testStrategy(strategy, { bars: waves(600) })
    assert.ok(saved !== undefined)
  })
}

test('what is wrong is shown before anything starts, in one line and with exit code 1', () => {
  const good = join(folder, 'my-strategy.ts')
  const refused = (args: readonly string[]) => {
    try {
      crossbook(args)
      return assert.fail(`${args.join(' ')} was not refused`)
    } catch (error) {
      return error as { status: number; stderr: string } // What execFileSync adds.
    }
  }
  const params = refused(['check', good, '--params', '{"fast":1}'])
  assert.deepEqual([params.status, /fast does not fit/.test(params.stderr)], [1, true])
  const wrong = join(folder, 'wrong.ts')
  writeFileSync(wrong, readFileSync(good, 'utf8').replace('bars.atr(14)', "bars.atr('x')"))
  assert.match(refused(['check', wrong]).stderr, /TS2345/)
  const none = join(folder, 'none.ts')
  writeFileSync(none, 'export default 1\n')
  assert.match(refused(['check', none]).stderr, /defineStrategy/)
  assert.match(refused(['new', 'my-strategy.ts']).stderr, /is there already/)
  assert.match(refused(['check', 'gone.ts']).stderr, /is not there/)
})
