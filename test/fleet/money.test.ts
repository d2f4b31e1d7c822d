// What becomes of a bot's money, and what holds when its processes do not: stops, kills, hangs,
// breaches, crashes. Real processes, as in production.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createFleetUnderTest, until } from './fleet-under-test.ts'

const under = await createFleetUnderTest()
const { exchange, fleet } = under
const { deployments } = fleet
const ada = await under.deployer('ada')

const openOrders = (account: unknown) =>
  exchange.views.ordersOf(Number(account) as never).filter(({ status }) => status === 'open')
const pidOf = (id: string) => deployments.find(id)?.pid ?? 0
const runner = () => fleet.deployments.runnerPid() ?? 0

async function total(asset: string): Promise<number> {
  const { items } = (await ada.get('/v1/balances')).body
  const all = items.filter((row) => row['asset'] === asset)
  return all.reduce((sum, row) => sum + Number(row['total']), 0)
}

/** Buys once, then rests orders below and above. */
const BUYER = `import { defineStrategy, p } from 'crossbook/strategy'
export default defineStrategy({
  name: 'buyer',
  params: { market: p.market('internal:ETH-USDC') },
  state: { bought: 0 },
  setup(ctx, { market }) {
    const m = ctx.market(market)
    ctx.every(200, () => {
      if (m.price() === undefined || ctx.isPaused()) return
      if (ctx.state.bought === 0) {
        ctx.state.bought = 1
        m.place({ side: 'buy', size: 0.1 })
      }
      if (m.orders().length === 0) m.place({ side: 'buy', size: 0.01, price: 2_400 })
    })
  },
})
`
const deploy = async (id: string, more = {}) => {
  const answer = await ada.ask('POST', '/v1/bots', {
    ...{
      id,
      requestId: `deploy-${id}`,
      source: BUYER,
      budget: [{ asset: 'USDC', amount: '1000' }],
    },
    ...more,
  })
  assert.equal(answer.status, 201, answer.text)
  return Number(answer.body.bot?.account)
}
const ethOf = (account: number) => exchange.views.balance(account as never, 2 as never)?.cash ?? 0

function hasEnded(pid: number): boolean {
  try {
    return !process.kill(pid, 0)
  } catch {
    return true
  }
}

test('stopping cancels, closes positions if asked, and gives the money back', async () => {
  const before = await total('ETH')
  const account = await deploy('stops')
  await until(
    () => ethOf(account) > 0 && openOrders(account).length === 1 && pidOf('stops') > 0,
    () => `it has bought: ${deployments.find('stops')?.why}`,
  )
  const pid = pidOf('stops')
  const stopped = await ada.ask('POST', '/v1/bots/stops/stop', { flatten: true })
  assert.deepEqual([stopped.status, stopped.body.bot?.state], [200, 'stopped'], stopped.text)
  assert.equal(openOrders(account).length, 0)
  assert.equal(await total('ETH'), before, 'what it bought was sold')
  const { items } = (await ada.get('/v1/accounts')).body
  assert.equal(items.find(({ id }) => id === account)?.['closed'], true)
  assert.equal((await ada.get(`/v1/balances?account=${account}`)).body.items.length, 0)
  await until(
    () => hasEnded(pid),
    () => 'its strategy ends with its channel',
  )
  const keys = (await ada.get('/v1/auth/keys')).body.items
  assert.ok(
    keys.every(({ name }) => name !== 'bot stops'),
    'its key is gone',
  )
  const again = await ada.ask('POST', '/v1/bots/stops/stop', {})
  assert.equal(again.body.bot?.state, 'stopped')
  for (const [path, body] of [
    ['pause', undefined],
    ['resume', undefined],
    ['update', { requestId: 'u', params: {} }],
  ] as const) {
    const { status, body: told } = await ada.ask('POST', `/v1/bots/stops/${path}`, body)
    assert.deepEqual([status, told.code], [409, 'bot.stopped'], path)
  }
})

test('without being asked a stop keeps what was bought', async () => {
  const before = await total('ETH')
  const account = await deploy('keeps')
  await until(
    () => ethOf(account) > 0,
    () => 'it has bought',
  )
  await ada.ask('POST', '/v1/bots/keeps/stop', {})
  assert.equal(((await total('ETH')) - before).toFixed(4), '0.1000')
})

test('a runner that is killed or hangs comes again with every bot in its state', async () => {
  const account = await deploy('lives')
  await deploy('sleeps')
  await ada.ask('POST', '/v1/bots/sleeps/pause')
  await until(
    () => openOrders(account).length === 1,
    () => 'its order',
  )
  for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
    const before = runner()
    process.kill(before, signal)
    // A hanging runner is noticed when something is asked of it; the venue does not wait for it.
    const isHung = signal === 'SIGSTOP'
    if (isHung) {
      const paused = ada.ask('POST', '/v1/bots/lives/pause')
      await until(
        () => openOrders(account).length === 0,
        () => 'the venue cancels at once',
        2_000,
      )
      await paused
      await ada.ask('POST', '/v1/bots/lives/resume')
    }
    await until(
      () => runner() !== before && deployments.find('lives')?.state === 'running',
      () => `another runner after ${signal}`,
    )
    await until(
      () => openOrders(account).length === 1 && deployments.find('sleeps')?.state === 'paused',
      () => 'both as they are wanted',
    )
  }
  await sleep(300)
  assert.equal(openOrders(account).length, 1, 'nothing was sent twice')
  assert.equal(ethOf(account), 10_000_000, 'nothing was bought twice')
})

test('a bot that loses more than it may is paused, without orders, until resumed', async () => {
  const limits = { dailyLoss: 0.5, drawdown: 0.5, flatten: false }
  // Meanwhile another one crashes, once a second.
  const crash = "if (ctx.now() > 0) throw new Error('on purpose'); if (m.price()"
  await deploy('crashes', { source: BUYER.replace('if (m.price()', crash) })
  const account = await deploy('loses', { limits })
  await until(
    () => deployments.find('loses')?.wanted === 'paused',
    () => JSON.stringify(deployments.find('loses')),
  )
  assert.equal(openOrders(account).length, 0)
  assert.match(String(deployments.find('loses')?.why), /^halted: gate\.(daily_loss|drawdown)$/)
  const resumed = await ada.ask('POST', '/v1/bots/loses/resume')
  assert.equal(resumed.body.bot?.wanted, 'running')
})

test('a strategy that crashes again and again is given up, and an update mends it', async () => {
  const bot = () => deployments.find('crashes')
  await until(
    () => bot()?.state === 'failed',
    () => JSON.stringify(bot()),
    60_000,
  )
  assert.ok((bot()?.crashes ?? 0) > 5)
  assert.match(bot()?.crash ?? '', /on purpose/)
  const texts = (await deployments.log('crashes', 0, 1_000)).map(({ text }) => text)
  assert.ok(texts.some((text) => text.includes('on purpose')))
  const mend = { requestId: 'mend', source: BUYER }
  assert.equal((await ada.ask('POST', '/v1/bots/crashes/update', mend)).status, 200)
  await until(
    () => bot()?.state === 'running' && bot()?.crash === undefined,
    () => 'it runs',
  )
})

test('coins are conserved in the ledger, whatever the bots did', () => {
  const ledger = exchange.views.allBalances()
  for (const asset of [0, 1, 2]) {
    const sum = ledger.filter((row) => row.asset === asset).reduce((all, { cash }) => all + cash, 0)
    assert.equal(sum, 0, `asset ${asset}: system accounts included`)
  }
})
