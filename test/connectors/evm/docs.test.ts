// docs/dex.md: the command gives the chain, the snippets are run as one program beside it, the
// other commands on that chain and on an exchange, the strategies on the bench.

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
import { grantCapability } from '#platform/auth/grant.ts'
import { createAuthStore } from '#platform/auth/store.ts'
import '#scripts/strategy-imports.ts'
import { call, createExchange, type Exchange, PASSWORD } from '#test/api/exchange.ts'
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
  assert.ok(lines.includes('uniswap BTC-ETH 0'), stdout)
  assert.match(stdout, /^BTC-USDC-500, ETH-USDC-500 2\.4\d{17} 0\.000\d+ ETH of gas$/m)
  assert.match(stdout, /^all pools: 39\d\d\.\d+ \/ 40\d\d\.\d+, 25 levels$/m)
  assert.match(stdout, /^gained \d{2,4}\.\d+ USDC$/m)
  assert.match(stdout, /^filled 0\.2\d+ ETH for 0\.000\d+ ETH of gas$/m)
  assert.match(stdout, /the pool has not that much/)
})

/** Each line of a block, as the page has it. */
async function give(fence: string, env: NodeJS.ProcessEnv): Promise<string> {
  const said: string[] = []
  for (const block of snippets(fence)) {
    for (const line of block.replaceAll('\\\n  ', '').trim().split('\n')) {
      const [program, ...args] = line.split(' ')
      assert.deepEqual([program, args.slice(0, 3)], ['npm', ['run', 'chain', '--']])
      const command = ['scripts/chain.ts', ...args.slice(3)]
      const { stdout } = await promisify(execFile)(process.execPath, command, {
        ...{ cwd: ROOT, env: { ...process.env, ...env }, timeout: 60_000 },
      })
      said.push(stdout)
    }
  }
  return said.join('')
}

test('the commands of the page put a token and a pool on the chain', async () => {
  const said = await give('sh chain', { CROSSBOOK_DATA: join(folder, '.crossbook') })
  assert.match(said, /^EURC-USDC:500 +0x[0-9a-fA-F]{40} 1\.0[78]\d*$/m)
})

test('the commands of the page put a market on the exchange', async () => {
  const exchange = await createExchange()
  for (const email of ['ada@example.com', 'bob@example.com']) {
    await exchange.auth.register({ email, password: PASSWORD })
    const store = createAuthStore(exchange.database)
    await grantCapability({ store, email, capability: 'admin', now: exchange.clock() })
  }
  const CROSSBOOK_URL = await exchange.app.listen({ host: '127.0.0.1', port: 0 })
  await untilStaff(exchange)
  const said = await give('sh exchange', {
    ...{ CROSSBOOK_URL, CROSSBOOK_PASSWORD: PASSWORD, CROSSBOOK_SECOND_PASSWORD: PASSWORD },
  })
  assert.match(said, /^EURC-USDC done, action /m)
  assert.ok(exchange.views.listing.marketBySymbol('EURC-USDC') !== undefined)
})

/** A running exchange notices new roles within seconds. */
async function untilStaff({ app }: Exchange): Promise<void> {
  for (const email of ['ada@example.com', 'bob@example.com']) {
    const login = await call(app, 'POST', '/v1/auth/login', {
      payload: { email, password: PASSWORD },
    })
    const headers = { authorization: `Bearer ${login.body.accessToken}` }
    while ((await call(app, 'GET', '/v1/admin/actions', { headers })).status !== 200) {
      await new Promise((next) => setTimeout(next, 50))
    }
  }
}

async function strategyOf(text: string, name: string): Promise<Strategy> {
  const path = join(folder, `${name}.ts`)
  writeFileSync(path, text)
  const cli = join(ROOT, 'scripts/cli.ts')
  const checked = execFileSync(process.execPath, [cli, 'check', path, '--json'], {
    ...{ cwd: folder, encoding: 'utf8' },
  })
  assert.equal(JSON.parse(checked).name, name)
  const { default: strategy }: { default: Strategy } = await import(pathToFileURL(path).href)
  return strategy
}

test('the strategy over all pools trades them against each other when they cross', async () => {
  const [, text = ''] = snippets('ts strategy')
  const bench = createBench(await strategyOf(text, 'pool-rounds'), { params: {} })
  const told = (bid: string, ask: string) => {
    const [bids, asks] = [bid, ask].map((price) => [{ price, size: '1' }])
    const update = { kind: 'book', symbol: 'ETH-USDC', bids: bids ?? [], asks: asks ?? [] } as const
    return placed(bench.update('uniswap', { ...update, at: 1 }))
  }
  assert.deepEqual(told('3990', '4000'), [])
  const [order] = told('4040', '4000')
  assert.ok(order !== undefined)
  const { quantity, minProfit } = order.request
  assert.deepEqual([quantity, minProfit], [{ in: 'quote', amount: '5000.00' }, '5.00'])
})

test('the strategy of the page is right, and buys from a pool that is cheap', async () => {
  const [text = ''] = snippets('ts strategy')
  const bench = createBench(await strategyOf(text, 'pool-dip'), { params: {} })
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
