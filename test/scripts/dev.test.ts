// crossbook dev: a strategy on paper against a real exchange, again at every save.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from '#kernel/start-error.ts'
import { main } from '#scripts/dev.ts'
import { createCustomer, createExchange } from '../api/exchange.ts'

const CLI = resolve(import.meta.dirname, '../../scripts/cli.ts')
const folder = mkdtempSync(join(tmpdir(), 'crossbook-dev-test-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'mine.ts')

const exchange = await createExchange()
await exchange.app.listen({ host: '127.0.0.1', port: 0 })
const { port } = exchange.app.server.address() as AddressInfo // A TCP server has such an address.
const maker = await createCustomer(exchange, 'maker')
for (const [side, price] of [
  ['buy', '2490.00'],
  ['sell', '2510.00'],
] as const) {
  const order = { market: 'ETH-USDC', side, type: 'limit', price, size: '4' }
  assert.equal((await maker.post('/v1/orders', { ...order, timeInForce: 'GTC' })).status, 201)
}

/** Buys once, and says which edition it is. */
function strategyOf(edition: string, market = 'internal:ETH-USDC'): string {
  return `import { defineStrategy, p } from 'crossbook/strategy'
export default defineStrategy({
  name: 'mine', params: { size: p.number(0, 2, 1) }, state: { bought: 0 },
  setup(ctx, { size }) {
    const m = ctx.market('${market}')
    ctx.plot('prices', { close: m.bars('1s').close }, { over: m })
    ctx.onStart(() => ctx.note('edition ${edition}, ' + ctx.state.bought + ' bought'))
    m.onBook(() => {
      if (ctx.state.bought > 0) return
      ctx.state.bought += 1
      m.place({ side: 'buy', size })
    })
  },
})
`
}

function start(...args: string[]) {
  const child = spawn(process.execPath, [CLI, 'dev', path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  after(() => child.kill('SIGKILL'))
  const told = { text: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      told.text += text
    })
  }
  return { child, told, heard: (what: RegExp) => heard(child, told, what) }
}

async function heard(child: ChildProcess, told: { text: string }, what: RegExp): Promise<void> {
  for (let look = 0; look < 2_400; look += 1) {
    if (what.test(told.text)) return
    if (child.exitCode !== null) break
    await sleep(25)
  }
  assert.fail(`never ${what}:\n${told.text}`)
}

test('a strategy trades on paper, again at every save, and harms no real book', async () => {
  writeFileSync(path, strategyOf('one'))
  const url = `http://127.0.0.1:${port}`
  const { child, told, heard: until } = start('--url', url, '--balance', 'USDC=5000', '--json')
  await until(/started: mine.ts/)
  await until(/place buy 1\.0000 ETH-USDC/)
  await until(/fill buy 1\.0000 ETH-USDC at 2510\.0000 as taker, fee \d/)
  const taken = { market: 'ETH-USDC', side: 'sell', type: 'market', size: '0.01' }
  const seller = await createCustomer(exchange, 'seller')
  assert.equal((await seller.post('/v1/orders', taken)).status, 201)
  await until(/plots prices: close 2490 at 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\n/)
  writeFileSync(path, strategyOf('two').replace('size: p.number', 'size: p.nothing'))
  await until(/TS2339[\s\S]*waiting for the next save/)
  writeFileSync(path, strategyOf('three', 'uniswap-v2:ETH-USDC'))
  await until(/uniswap-v2:ETH-USDC is not here; this exchange has internal:/)
  writeFileSync(path, strategyOf('four'))
  await until(/note: edition four, 1 bought/)
  child.kill('SIGINT')
  await new Promise((done) => child.once('exit', done))
  assert.equal(child.exitCode, 0, told.text)
  const end = JSON.parse(told.text.trimEnd().split('\n').at(-1) ?? '')
  assert.deepEqual([end.paper, end.fills, end.runs], [true, 1, 2])
  // Bought at the ask of 2,510 and worth the middle of the real book, which nobody touched.
  assert.ok(Math.abs(Number(end.pnl) + 10 + 2_510 * 0.0005) < 0.01, end.pnl)
  assert.ok(Math.abs(Number(end.equity) - 5_000 - Number(end.pnl)) < 0.011, end.equity)
  const book = await maker.get('/v1/markets/ETH-USDC/book?depth=5')
  assert.deepEqual(book.body.asks, [['2510.00', '4.0000']])
})

test('what cannot be is said in one line', async () => {
  writeFileSync(path, strategyOf('one'))
  const refused = (args: string[], message: RegExp) =>
    assert.rejects(
      main(args),
      (error) => error instanceof StartError && message.test(error.message),
    )
  await refused([path, '--url', 'http://127.0.0.1:1'], /^no exchange answers at http:[^\n]*$/)
  await refused(['gone.ts'], /^.*gone.ts is not there$/)
  await refused([path, '--balance', 'much'], /^--balance much is not like USDC=1000$/)
  const { child, heard: until } = start('--url', `http://127.0.0.1:${port}`, '--params', '{')
  await until(/--params { is no JSON object/)
  child.kill('SIGINT')
})
