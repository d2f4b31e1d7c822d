// The fleet over REST, with real processes: deploy, look, pause, resume, update, roll back, stop.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Chart } from '#kernel/plots.ts'
import { DEPLOY_EXAMPLES, ROLL_BACK_EXAMPLES, UPDATE_EXAMPLES } from '#platform/fleet/examples.ts'
import { createFleetUnderTest, until } from './fleet-under-test.ts'

const under = await createFleetUnderTest()
const { exchange } = under
const [DEPLOY = assert.fail()] = DEPLOY_EXAMPLES
const ada = await under.deployer('ada')
const eve = await under.deployer('eve')

const bot = async (id = 'my-bot') => (await ada.ask('GET', `/v1/bots/${id}`)).body.bot
const openOrders = (account: unknown) =>
  exchange.views.ordersOf(Number(account) as never).filter(({ status }) => status === 'open')

async function cash(account: unknown): Promise<Record<string, string>> {
  const { body } = await ada.get(`/v1/balances?account=${account}`)
  return Object.fromEntries(body.items.map(({ asset, total }) => [asset, String(total)]))
}

test('a strategy that is wrong is refused before anything is opened, and says where', async () => {
  const deploy = async (source: string, more = {}) => {
    const { status, body } = await ada.ask('POST', '/v1/bots', { ...DEPLOY, source, ...more })
    return [status, body.code, Object.values(body.details ?? {}).join('\n')]
  }
  const types = await deploy(DEPLOY.source.replace('size: 0.01', 'size: true'))
  assert.deepEqual(types.slice(0, 2), [422, 'bot.strategy_invalid'])
  assert.match(String(types[2]), /^strategy\.ts\(\d+,\d+\): error TS2322/)
  const params = await deploy(DEPLOY.source, { params: { percent: 90 } })
  assert.match(String(params[2]), /percent does not fit/)
  const market = await deploy(DEPLOY.source, { params: { market: 'internal:NONE-USDC' } })
  assert.match(String(market[2]), /no market internal:NONE-USDC/)
  for (const more of ["import { readFileSync } from 'node:fs'", 'const x = await import("x")']) {
    assert.match(String((await deploy(`${more}\n${DEPLOY.source}`))[2]), /nothing else/)
  }
  const venue = await ada.ask('POST', '/v1/bots', { ...DEPLOY, venues: ['moon'] })
  assert.deepEqual([venue.status, venue.body.code], [422, 'bot.venue_unknown'])
  const poor = { ...DEPLOY, budget: [{ asset: 'USDC', amount: '100000.01' }] }
  assert.equal((await ada.ask('POST', '/v1/bots', poor)).body.code, 'funds.insufficient')
  assert.equal((await ada.ask('GET', '/v1/me/bots')).body.items.length, 0)
  const accounts = await ada.get('/v1/accounts')
  assert.equal(accounts.body.items.length, 1)
})

test('a bot trades its own account with its budget, and asking again changes nothing', async () => {
  const first = await ada.ask('POST', '/v1/bots', DEPLOY)
  assert.equal(first.status, 201, first.text)
  const { account, strategy, wanted, version } = first.body.bot ?? assert.fail()
  assert.deepEqual([strategy, wanted, version?.number], ['rests-below', 'running', 1])
  assert.deepEqual(await cash(account), { USDC: '1000.000000' })
  await until(
    () => openOrders(account).length === 1,
    () => 'an order of the bot',
  )
  assert.equal((await bot())?.state, 'running')
  const again = await ada.ask('POST', '/v1/bots', DEPLOY)
  assert.deepEqual([again.status, again.body.bot?.account], [201, account])
  const other = await ada.ask('POST', '/v1/bots', { ...DEPLOY, params: { percent: 4 } })
  assert.deepEqual([other.status, other.body.code], [409, 'idempotency.mismatch'])
  assert.equal((await ada.get('/v1/accounts')).body.items.length, 2)
})

test('what somebody else has deployed is not there', async () => {
  const paths = ['', '/versions', '/source', '/log', '/equity', '/plots', '/notes']
  for (const path of paths)
    assert.equal((await eve.ask('GET', `/v1/bots/my-bot${path}`)).status, 404)
  const bodies = { pause: undefined, resume: undefined, stop: {}, update: UPDATE_EXAMPLES[0] }
  for (const [name, body] of Object.entries(bodies)) {
    const { status, text } = await eve.ask('POST', `/v1/bots/my-bot/${name}`, body)
    assert.deepEqual([status, text.includes('not_found')], [404, true], name)
  }
  const taken = await eve.ask('POST', '/v1/bots', DEPLOY)
  assert.equal(taken.body.code, 'idempotency.mismatch')
  assert.equal((await eve.ask('GET', '/v1/me/bots')).body.items.length, 0)
  const { text } = await eve.ask('GET', '/v1/bots')
  assert.ok(!text.includes('my-bot'), 'everybody sees only the bots of the platform')
})

test('a paused bot has no order at the venue, and a resumed one has it again', async () => {
  const { account } = (await bot()) ?? assert.fail()
  const paused = await ada.ask('POST', '/v1/bots/my-bot/pause')
  assert.deepEqual([paused.body.bot?.state, paused.body.bot?.wanted], ['paused', 'paused'])
  assert.equal(openOrders(account).length, 0)
  assert.equal((await ada.ask('POST', '/v1/bots/my-bot/pause')).status, 200)
  const resumed = await ada.ask('POST', '/v1/bots/my-bot/resume')
  assert.equal(resumed.body.bot?.wanted, 'running')
  await until(
    () => openOrders(account).length === 1,
    () => 'its order again',
  )
})

test('an update runs with what is new, and a roll-back brings the old', async () => {
  const { account } = (await bot()) ?? assert.fail()
  const priceOf = () => openOrders(account)[0]?.price
  const before = priceOf()
  const updated = await ada.ask('POST', '/v1/bots/my-bot/update', UPDATE_EXAMPLES[0])
  assert.equal(updated.body.bot?.version?.number, 2, updated.text)
  await until(
    () => priceOf() !== undefined && priceOf() !== before,
    () => 'an order further away',
  )
  const again = await ada.ask('POST', '/v1/bots/my-bot/update', UPDATE_EXAMPLES[0])
  assert.equal(again.body.bot?.version?.number, 2)
  const wrong = { requestId: 'update-2', source: 'export default 1' }
  const refused = await ada.ask('POST', '/v1/bots/my-bot/update', wrong)
  assert.equal(refused.body.code, 'bot.strategy_invalid')
  const back = await ada.ask('POST', '/v1/bots/my-bot/rollback', ROLL_BACK_EXAMPLES[0])
  const { number, like, params } = back.body.bot?.version ?? assert.fail(back.text)
  assert.deepEqual([number, like, params], [3, 1, DEPLOY.params])
  await until(
    () => priceOf() === before,
    () => 'the order of the first version',
  )
  const none = { requestId: 'back-2', version: 9 }
  assert.equal((await ada.ask('POST', '/v1/bots/my-bot/rollback', none)).status, 404)
  const { items } = (await ada.ask('GET', '/v1/bots/my-bot/versions')).body
  assert.deepEqual(
    items.map(({ number: one }) => one),
    [3, 2, 1],
  )
  const source = await ada.ask('GET', '/v1/bots/my-bot/source?version=1')
  assert.equal(source.body.source, DEPLOY.source)
})

test('what cannot read the saved state is refused while the version before runs on', async () => {
  const { account } = (await bot()) ?? assert.fail()
  const second = (more: string) => DEPLOY.source.replace("below',", `below', version: 2, ${more}`)
  const update = async (requestId: string, source: string) => {
    const { body } = await ada.ask('POST', '/v1/bots/my-bot/update', { requestId, source })
    return Object.values(body.details ?? {}).join() || body.bot?.version?.number
  }
  const resting = () => openOrders(account).map(({ id }) => id)
  const before = resting()
  assert.match(String(await update('no-migrate', second(''))), /of version 1 and no migrate to 2/)
  const throws = "migrate() { throw new Error('no such field') },"
  assert.match(String(await update('bad-migrate', second(throws))), /\(\d+,\d+\): no such field/)
  assert.deepEqual([resting(), (await bot())?.version?.number], [before, 3], 'nothing happened')
  const migrate = 'migrate: (old: object) => ({ orders: 7, ...old }),'
  assert.equal(await update('good-migrate', second(migrate)), 4)
  const back = await ada.ask('POST', '/v1/bots/my-bot/rollback', { requestId: 'b', version: 1 })
  assert.match(Object.values(back.body.details ?? {}).join(), /of version 2, newer than 1/)
  await until(
    () => openOrders(account).length === 1,
    () => 'the fourth version trades',
  )
})

test('its log tells what was done to it, from any line on', async () => {
  const { items } = (await ada.ask('GET', '/v1/bots/my-bot/log')).body
  const texts = items.map(({ text }) => String(text))
  for (const said of ['deployed: rests-below, version 1', 'paused by a person', 'resumed']) {
    assert.ok(texts.includes(said), `${said} is not in ${texts.join('; ')}`)
  }
  const last = items.at(-1)?.number
  assert.deepEqual((await ada.ask('GET', `/v1/bots/my-bot/log?after=${last}`)).body.items, [])
})

/** Everything that a stream tells of one bot. */
async function streamOf(token: string, id: string) {
  const socket = new WebSocket(`${under.url.replace('http', 'ws')}/v1/stream`)
  const heard: string[] = []
  socket.addEventListener('message', ({ data }) => void heard.push(String(data)))
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  socket.send(JSON.stringify({ id: 'a', op: 'auth', token }))
  await until(
    () => heard.length > 0,
    () => 'the answer to auth',
  )
  socket.send(JSON.stringify({ id: 's', op: 'subscribe', channels: [{ name: 'bot', id }] }))
  return { heard, close: () => socket.close() }
}

test('a stream tells log and standing of a bot to whom it belongs and nobody else', async () => {
  const own = await streamOf(ada.token, 'my-bot')
  await until(
    () => own.heard.length > 2,
    () => own.heard.join(),
  )
  const [, answer, first] = own.heard.map((text) => JSON.parse(text))
  assert.deepEqual(
    [answer.ok, first.channel, first.type, first.id],
    [true, 'bot', 'state', 'my-bot'],
  )
  assert.equal(first.bot.strategy, 'rests-below')
  await ada.ask('POST', '/v1/bots/my-bot/pause')
  await until(
    () => own.heard.some((text) => text.includes('paused by a person')),
    () => 'the line of the pause',
  )
  await ada.ask('POST', '/v1/bots/my-bot/resume')
  const other = await streamOf(eve.token, 'my-bot')
  await until(
    () => other.heard.length > 1,
    () => 'a refusal',
  )
  assert.equal(JSON.parse(other.heard[1] ?? '').code, 'not_found')
  for (const stream of [own, other]) stream.close()
})

/** Trades once, so that there are bars of a second, and draws two charts of them. */
const PAINTER = `import { defineStrategy, p } from 'crossbook/strategy'
export default defineStrategy({
  name: 'painter',
  params: { chart: p.text('mean') },
  state: { closes: 0 },
  setup(ctx, { chart }) {
    const m = ctx.market('internal:ETH-USDC')
    const bars = m.bars('1s')
    ctx.onStart(() => void m.place({ side: 'buy', size: 0.01 }))
    bars.onClose(() => {
      ctx.state.closes += 1
      if (ctx.state.closes === 1) ctx.note('the first <b>close</b>')
    })
    ctx.plot(chart, { two: bars.sma(2), close: bars.close }, { over: m })
    ctx.plot('volumes', { volume: bars.volume })
  },
})
`

test('what its strategy plots and notes is told over REST and as it happens', async () => {
  const painter = { ...DEPLOY, id: 'painter', requestId: 'painter-1', source: PAINTER, params: {} }
  assert.equal((await ada.ask('POST', '/v1/bots', painter)).status, 201)
  const stream = await streamOf(ada.token, 'painter')
  const plots = async () => (await ada.ask('GET', '/v1/bots/painter/plots')).body.items
  const points = async () => Number((await plots()).map(({ at }) => at?.length)[0] ?? 0)
  await until(
    async () => (await points()) >= 3,
    () => stream.heard.join('\n'),
  )
  const { text } = await ada.ask('GET', '/v1/bots/painter/plots')
  const [mean, volumes]: Chart[] = JSON.parse(text).items
  assert.ok(mean !== undefined && volumes !== undefined)
  assert.deepEqual([mean.chart, mean.over, volumes.chart], ['mean', 'internal:ETH-USDC', 'volumes'])
  assert.equal(volumes.over, null)
  assert.deepEqual(
    mean.series.map(({ name, values }) => [name, values.at(-1)]),
    [
      ['two', 2_510],
      ['close', 2_510],
    ],
  )
  const { items, next } = (await ada.ask('GET', '/v1/bots/painter/notes')).body
  assert.deepEqual(
    items.map(({ number, text }) => [number, text]),
    [[1, 'the first <b>close</b>']],
  )
  assert.equal(next, 1)
  assert.deepEqual((await ada.ask('GET', '/v1/bots/painter/notes?after=1')).body.items, [])
  const heard = stream.heard.map((text) => JSON.parse(text))
  const plotted = heard.filter(({ type, plot }) => type === 'plot' && plot?.chart === 'mean')
  assert.ok(plotted.length > 1 && plotted.every(({ id }) => id === 'painter'))
  const note = heard.find(({ type }) => type === 'note')
  assert.deepEqual([note?.note.text, note?.note.at], ['the first <b>close</b>', items[0]?.at])
  stream.close()
})

test('another version draws its own charts and no longer those of the one before', async () => {
  const update = { requestId: 'painter-2', params: { chart: 'average' } }
  const stream = await streamOf(ada.token, 'painter')
  await ada.ask('POST', '/v1/bots/painter/update', update)
  const names = async () =>
    (await ada.ask('GET', '/v1/bots/painter/plots')).body.items.map(({ chart }) => String(chart))
  await until(
    async () => (await names()).length === 2,
    () => 'charts of the second version',
  )
  assert.deepEqual(await names(), ['average', 'volumes'])
  assert.ok(stream.heard.some((text) => text.endsWith('"type":"plot","plot":null}')))
  stream.close()
  await ada.ask('POST', '/v1/bots/painter/stop', {})
  assert.deepEqual(await names(), [], 'a bot that is over draws nothing')
})

test('a restart of the platform brings every bot to what is wanted of it', async () => {
  const second = { ...DEPLOY, id: 'sleeper', requestId: 'deploy-2' }
  assert.equal((await ada.ask('POST', '/v1/bots', second)).status, 201)
  await ada.ask('POST', '/v1/bots/sleeper/pause')
  const { account } = (await bot()) ?? assert.fail()
  const before = await under.fleet.deployments.log('my-bot', 0, 1_000)
  const { deployments } = await under.reopen()
  const after = await deployments.log('my-bot', 0, 1_000)
  assert.deepEqual(after.slice(0, before.length), before, 'its log goes on')
  assert.deepEqual(
    deployments.bots().map(({ id, wanted }) => [id, wanted]),
    [
      ['my-bot', 'running'],
      ['painter', 'stopped'],
      ['sleeper', 'paused'],
    ],
  )
  await until(
    () => deployments.find('my-bot')?.state === 'running' && openOrders(account).length === 1,
    () => 'the running one runs',
  )
  await until(
    () => deployments.find('sleeper')?.state === 'paused',
    () => 'the paused one is paused',
  )
  assert.equal(openOrders(deployments.find('sleeper')?.account).length, 0)
})
