// The whole runner: a real platform, a real chain with its pools, every process as in the demo.
//
// Swappers push the pools about, market making keeps the books, arbitrage earns on the difference;
// then the runner is paused, killed, started again and stopped.

import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FromRunner, RunnerSettings, ToRunner } from '#bots/runtime/messages.ts'
import { openStateStore } from '#bots/runtime/state-store.ts'
import { readHead } from '#connectors/evm/heads.ts'
import { v3Markets } from '#connectors/evm/pools/market.ts'
import { readStates } from '#connectors/evm/pools/read-states.ts'
import { asUnit } from '#kernel/amount.ts'
import { type AccountId, type AssetId, asId } from '#kernel/ids.ts'
import { type Customer, createCustomer, createExchange } from '../../api/exchange.ts'
import { POOLS, startDevChain } from '../../connectors/evm/dev-chain.ts'

const MAIN = join(import.meta.dirname, '../../../bots/runtime/main.ts')
const folder = mkdtempSync(join(tmpdir(), 'crossbook-bots-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** A per cent dearer than the pairs, and small, so that the book has enough to close it. */
const DEAR = POOLS.map(({ baseAmount, quoteAmount, ...pool }) => {
  const amounts = { baseAmount: baseAmount / 50n, quoteAmount: (quoteAmount * 101n) / 5_000n }
  return { ...pool, fee: 500 as const, ...amounts }
})
const [exchange, dev] = await Promise.all([createExchange(), startDevChain(DEAR)])
await exchange.app.listen({ host: '127.0.0.1', port: 0 })
const { port } = exchange.app.server.address() as AddressInfo // A TCP server has such an address.

/** 5,000,000 USDC, 90 BTC and 900 ETH on top of the faucet's. */
async function rich(name: string): Promise<Customer> {
  const customer = await createCustomer(exchange, name)
  const amounts = [5e12, 9e9, 9e10].map((amount, asset) => {
    return { asset: asId<AssetId>(asset), amount: asUnit<never>(amount) }
  })
  const account = asId<AccountId>(customer.account)
  const request = { requestId: `rich-${name}`, sentAt: exchange.clock(), sentAtGiven: false }
  await exchange.sequencer.submit({ kind: 'faucet', account, amounts, ...request })
  return customer
}

const [maker, arbitrageur, taker] = [await rich('maker'), await rich('arb'), await rich('taker')]

function synthetic(market: string, startPrice: number) {
  const source = { kind: 'synthetic', seed: 3, count: 500, startPrice, volatility: 1e-5 } as const
  return { market, source, position: 0, speed: 10 }
}

const settings: RunnerSettings = {
  ...{ apiUrl: `http://127.0.0.1:${port}`, stateFolder: join(folder, 'bots') },
  chain: { url: dev.chain.url, deployment: dev.deployment },
  prices: [synthetic('BTC-USDC', 60_000), synthetic('ETH-USDC', 2_500)],
  bots: [
    {
      ...{ id: 'maker', strategy: 'market-making', key: maker.key, state: 'running' },
      ...{ params: { markets: ['BTC-USDC', 'ETH-USDC'] }, privateKey: null },
    },
    {
      ...{ id: 'arbitrage', strategy: 'arbitrage', key: arbitrageur.key, state: 'running' },
      // Without a wallet in this platform nothing can be moved.
      params: { markets: ['BTC-USDC', 'ETH-USDC'], v3Fees: [500], walletLow: 0, walletHigh: 1 },
      privateKey: dev.keys.wallet('bots', 0).privateKey,
    },
  ],
  takers: [{ key: taker.key, seed: 5, markets: ['BTC-USDC', 'ETH-USDC'] }],
  swappers: ['BTC-USDC', 'ETH-USDC'].map((market, at) => ({
    ...{ market, privateKey: dev.keys.wallet('bots', 1 + at).privateKey, seed: 11 + at },
    ...{ everyMs: 500, impactStdBps: 100 },
  })),
}

type Started = {
  readonly child: ChildProcess
  readonly told: FromRunner[]
  tell(message: ToRunner | RunnerSettings): void
  heard(kind: FromRunner['kind'], count?: number): Promise<FromRunner[]>
  readonly ended: Promise<number | null>
}

function startRunner(): Started {
  const child = fork(MAIN, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const told: FromRunner[] = []
  child.on('message', (message: FromRunner) => void told.push(message))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  after(() => child.kill('SIGKILL'))
  const tell: Started['tell'] = (message) => void child.send(message)
  tell(settings)
  return {
    ...{ child, told, tell, ended },
    async heard(kind, count = 1) {
      for (let look = 0; look < 6_000; look += 1) {
        const found = told.filter((message) => message.kind === kind)
        if (found.length >= count) return found
        await sleep(10)
      }
      return assert.fail(`the runner never said ${kind}: ${JSON.stringify(told.at(-1))}`)
    },
  }
}

async function openOrders(customer: Customer): Promise<number> {
  const answer = await customer.get('/v1/orders?status=open')
  return answer.body.items.length
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (let look = 0; look < 1_500; look += 1) {
    if (await condition()) return
    await sleep(20)
  }
  assert.fail(`never: ${what}`)
}

function childrenOf(pid: number | undefined): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      const status = readFileSync(`/proc/${name}/stat`, 'utf8')
      return status.slice(status.lastIndexOf(')')).split(' ')[2] === String(pid)
    } catch {
      return false
    }
  })
}

const first = startRunner()

test('market making quotes both sides of every market, several levels deep', async () => {
  await first.heard('ready')
  await until(async () => (await openOrders(maker)) >= 12, 'three levels of two sides, two markets')
  const book = await maker.get('/v1/markets/BTC-USDC/book?depth=10')
  const [bid] = book.body.bids[0] ?? []
  const [ask] = book.body.asks[0] ?? []
  assert.ok(Number(bid) < 60_100 && Number(ask) > 59_900 && Number(bid) < Number(ask))
})

test('swappers move both pools, and arbitrage earns on it with both legs', async () => {
  const swaps = await first.heard('swap', 4)
  assert.deepEqual([...new Set(swaps.map((one) => one.kind === 'swap' && one.market))].sort(), [
    'BTC-USDC',
    'ETH-USDC',
  ])
  const reports = await first.heard('arbitrage', 4)
  for (const report of reports) {
    assert.ok(report.kind === 'arbitrage')
    assert.ok(report.expectedEdgeQuote > 0)
    const isLoss = report.realisedQuote === null || report.realisedQuote < 0
    assert.equal(report.cause !== null, isLoss, JSON.stringify(report))
  }
  const whole = reports.filter((one) => one.kind === 'arbitrage' && one.realisedQuote !== null)
  assert.ok(whole.length > 0)
  for (const one of whole) assert.match(String(Object(one).txHash), /^0x[0-9a-f]{64}$/)
})

test('pools of V3 that opened too dear are sold to until nobody earns on them', async () => {
  const pools = Object.values(dev.deployment.v3.pools)
  const openings = pools.map(({ market }) => DEAR.find((one) => one.market === market))
  await until(async () => {
    const { hash } = await readHead(dev.rpc, 'latest')
    const states = await readStates(dev.rpc, v3Markets(dev.deployment), hash)
    return pools.every(({ market, fee, baseIsToken0 }, at) => {
      const state = states.get(`${market}-${fee}`)
      const { baseAmount = 1n, quoteAmount = 0n } = openings[at] ?? {}
      if (state?.kind !== 'v3') return false
      const root = Number(state.pool.sqrtPriceX96) / 2 ** 96
      const price = baseIsToken0 ? root ** 2 : root ** -2
      const moved = price / (Number(quoteAmount) / Number(baseAmount)) - 1
      return moved < -0.005 && moved > -0.015
    })
  }, 'the pools of V3 are near the book')
})

test('the runner tells prices with their positions, and what each bot has earned', async () => {
  const prices = (await first.heard('prices', 2)).at(-1)
  assert.ok(prices?.kind === 'prices')
  assert.deepEqual(Object.keys(prices.positions), ['BTC-USDC', 'ETH-USDC'])
  assert.ok(Number(prices.positions['BTC-USDC']) > 0)
  const bots = (await first.heard('bots', 2)).at(-1)
  assert.ok(bots?.kind === 'bots')
  const [making, earning] = bots.items
  assert.deepEqual([making?.id, making?.state], ['maker', 'running'])
  assert.ok(Number(making?.equity) > 10_000_000 && Number(making?.gas) === 0)
  assert.ok(Number(earning?.gas) > 0 && Number(earning?.fees) > 0)
  assert.notEqual(earning?.pnl, '0.00')
})

test('pausing a bot takes its orders from the book, resuming puts them back', async () => {
  first.tell({ kind: 'pause', bot: 'maker' })
  const [paused] = await first.heard('state')
  assert.deepEqual(paused, { kind: 'state', bot: 'maker', state: 'paused' })
  assert.equal(await openOrders(maker), 0)
  await sleep(500)
  assert.equal(await openOrders(maker), 0)
  first.tell({ kind: 'resume', bot: 'maker' })
  const resumed = (await first.heard('state', 2))[1]
  assert.deepEqual(resumed, { kind: 'state', bot: 'maker', state: 'running' })
  await until(async () => (await openOrders(maker)) >= 12, 'its quotes again')
})

test('killed, it leaves no process; started again, it goes on with clean books', async () => {
  const pids = childrenOf(first.child.pid)
  assert.equal(pids.length, 2)
  first.child.kill('SIGKILL')
  await first.ended
  await until(async () => pids.every((pid) => !childrenOf(1).includes(pid)), 'its children ended')
  const before = openStateStore(join(folder, 'bots', 'arbitrage.json')).found
  assert.ok(before !== undefined && before.no > 0)
  const second = startRunner()
  await second.heard('ready')
  await until(async () => (await openOrders(maker)) === 12, 'its own quotes and no older ones')
  await second.heard('arbitrage', 1)
  second.tell({ kind: 'stop' })
  await second.heard('stopped')
  assert.equal(await second.ended, 0)
  assert.equal(await openOrders(maker), 0)
  assert.equal(await openOrders(arbitrageur), 0)
  const after_ = JSON.parse(readFileSync(join(folder, 'bots', 'arbitrage.json'), 'utf8'))
  assert.ok(after_.no > before.no)
  assert.deepEqual(after_.state.state.trades, {})
})

test('coins are conserved in the ledger, whatever the bots did', () => {
  const ledger = exchange.views.allBalances()
  for (const asset of [0, 1, 2]) {
    const sum = ledger.filter((row) => row.asset === asset).reduce((all, { cash }) => all + cash, 0)
    assert.equal(sum, 0, `asset ${asset}: system accounts included`)
  }
})
