// docs/dex.md: the command gives the chain, the snippets are run as one program beside it.

import assert from 'node:assert/strict'
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Strategy } from '#bots/strategy.ts'
import '#scripts/strategy-imports.ts'
import { createBench, placed } from '#test/bots/strategy-bench.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const page = readFileSync(join(ROOT, 'docs/dex.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'crossbook-dex-'))
const children: ChildProcess[] = []
after(async () => {
  for (const child of children) {
    const ended = once(child, 'exit')
    child.kill()
    await ended
  }
  rmSync(folder, { recursive: true })
})

function snippets(fence: string): string[] {
  const blocks = page.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)
  return [...blocks].flatMap(([, tag, text = '']) => (tag === fence ? [text] : []))
}

/** The folder stands for the clone: what a program in it imports is the clone's own. */
function openFolder(): void {
  for (const name of ['connectors', 'platform', 'node_modules']) {
    symlinkSync(join(ROOT, name), join(folder, name))
  }
  const imports = { '#connectors/*': './connectors/*' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports }))
}

/** As the page's command does, on a free port and into this folder. */
async function startChain(): Promise<void> {
  const [command = ''] = snippets('sh')
  assert.equal(command, 'npm run chain\n')
  const data = join(folder, '.crossbook')
  const env = { ...process.env, CHAIN_PORT: '0', CROSSBOOK_DATA: data }
  const chain = spawn(process.execPath, ['scripts/chain.ts'], { cwd: ROOT, env, stdio: 'ignore' })
  children.push(chain)
  const isThere = () => existsSync(join(data, 'chain.json')) || chain.exitCode !== null
  while (!isThere()) await new Promise((next) => setTimeout(next, 50))
  assert.equal(chain.exitCode, null, 'the chain has ended')
}

test('the program of the page connects, quotes, routes, swaps and lists a pool', async () => {
  openFolder()
  await startChain()
  const program = snippets('ts')
  assert.ok(program.length >= 6, `${program.length} snippets`)
  writeFileSync(join(folder, 'program.ts'), program.join('\n'))
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['program.ts'], { cwd: folder, timeout: 60_000 })
  const lines = stdout.split('\n')
  assert.ok(lines.includes('uniswap-v2 ETH-USDC 0.003000'), stdout)
  assert.ok(lines.includes('uniswap-v3 ETH-USDC-500 0.000500'), stdout)
  assert.match(stdout, /^1\.5\d* ETH cost 60\d\d\.\d+ USDC$/m)
  assert.match(stdout, /^best ask 40\d\d\.\d+$/m)
  assert.match(stdout, /^BTC-USDC-500, ETH-USDC-500 24\d{17}n$/m)
  assert.match(stdout, /^filled 0\.2\d+ ETH for 0\.000\d+ ETH of gas$/m)
  assert.match(stdout, /the pool has not that much/)
})

test('the strategy of the page is right, and buys from a pool that is cheap', async () => {
  const [text = ''] = snippets('ts strategy')
  const path = join(folder, 'pool-dip.ts')
  writeFileSync(path, text)
  const cli = join(ROOT, 'scripts/cli.ts')
  const checked = execFileSync(process.execPath, [cli, 'check', path, '--json'], {
    ...{ cwd: folder, encoding: 'utf8' },
  })
  assert.equal(JSON.parse(checked).name, 'pool-dip')
  const { default: strategy }: { default: Strategy } = await import(pathToFileURL(path).href)
  const bench = createBench(strategy, { params: {} })
  const levels = (price: string) => [{ price, size: '1' }]
  const book = { bids: levels('3999'), asks: levels('4001'), at: 1 }
  bench.update('internal', { kind: 'book', symbol: 'ETH-USDC', ...book })
  const pool = (price: number) =>
    bench.update('uniswap-v2', {
      ...{ kind: 'pool', symbol: 'ETH-USDC', baseDecimals: 18, quoteDecimals: 6 },
      ...{ reserveBase: `1${'0'.repeat(21)}`, reserveQuote: `${price}000000000` },
      ...{ feeNumerator: '997', feeDenominator: '1000', block: 1, at: 1 },
    })
  assert.deepEqual(placed(pool(3_970)), [], 'three quarters of a per cent is no dip')
  const [order, ...others] = placed(pool(3_950))
  assert.ok(order !== undefined && others.length === 0)
  const { side, quantity, limitPrice } = order.request
  assert.deepEqual([side, quantity.amount, Number(limitPrice)], ['buy', '0.1', 3_980])
  assert.equal(order.venue, 'uniswap-v2')
})
