// A bot on paper in the runner of a deployment: live data, no order at the exchange, books and tape
// of its own, and a restart that finds them.

import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { BotFigures, FromRunner, RunnerSettings } from '#bots/runtime/messages.ts'
import { replayTape } from '#bots/tape/replay.ts'
import { readTape } from '#bots/tape/tape-reader.ts'
import '#scripts/strategy-imports.ts'
import { createCustomer, createExchange } from '../../api/exchange.ts'

const MAIN = join(import.meta.dirname, '../../../bots/runtime/main.ts')
const folder = mkdtempSync(join(tmpdir(), 'crossbook-paper-bot-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'buys.ts')
const API = pathToFileURL(join(import.meta.dirname, '../../../bots/strategy.ts')).href
writeFileSync(
  path,
  `import { defineStrategy } from ${JSON.stringify(API)}
export default defineStrategy({
  name: 'buys', params: {}, state: { bought: 0, fills: 0 },
  setup(ctx) {
    const m = ctx.market('internal:ETH-USDC')
    m.onBook(() => {
      if (ctx.state.bought > 0) return
      ctx.state.bought += 1
      m.place({ side: 'buy', size: 1 })
      m.place({ side: 'buy', size: 2, price: 2400 })
    })
    m.onFill(() => { ctx.state.fills += 1 })
  },
})
`,
)

const exchange = await createExchange()
await exchange.app.listen({ host: '127.0.0.1', port: 0 })
const { port } = exchange.app.server.address() as AddressInfo // A TCP server has such an address.
const [maker, owner] = [
  await createCustomer(exchange, 'maker'),
  await createCustomer(exchange, 'o'),
]
for (const [side, price] of [
  ['buy', '2490.00'],
  ['sell', '2510.00'],
] as const) {
  const order = { market: 'ETH-USDC', side, type: 'limit', price, size: '4' }
  assert.equal((await maker.post('/v1/orders', { ...order, timeInForce: 'GTC' })).status, 201)
}

const source = { kind: 'synthetic', seed: 3, count: 50, startPrice: 2_500, volatility: 0 } as const
const settings: RunnerSettings = {
  ...{ apiUrl: `http://127.0.0.1:${port}`, stateFolder: join(folder, 'bots'), chain: null },
  prices: [{ market: 'ETH-USDC', source, position: 0, speed: 1 }],
  bots: [
    {
      ...{ id: 'try', strategy: path, key: owner.key, params: {}, privateKey: null },
      ...{ state: 'running', paper: { balances: { USDC: '10000' } } },
    },
  ],
  ...{ takers: [], swappers: [] },
}

async function runFor(isOver: (bot: BotFigures) => boolean): Promise<BotFigures> {
  const child = fork(MAIN, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  after(() => child.kill('SIGKILL'))
  const seen: { bot: BotFigures | undefined } = { bot: undefined }
  child.on('message', (message: FromRunner) => {
    if (message.kind === 'bots') seen.bot = message.items[0]
  })
  child.send(settings)
  for (let look = 0; look < 800 && !(seen.bot && isOver(seen.bot)); look += 1) await sleep(25)
  const { bot } = seen
  assert.ok(bot !== undefined && isOver(bot), JSON.stringify(bot))
  child.send({ kind: 'stop' })
  await new Promise((resolve) => child.once('exit', resolve))
  return bot
}

test('it trades on live data without an order at the exchange, also after a restart', async () => {
  const first = await runFor(({ fees }) => Number(fees) > 0)
  assert.equal(first.isPaper, true)
  assert.ok(Math.abs(Number(first.equity) - 10_000 - Number(first.pnl)) < 0.02, first.equity)
  for (const one of [owner, maker]) {
    const { body } = await one.get('/v1/orders?limit=10')
    assert.equal(body.items.length, one === maker ? 2 : 0)
  }
  const files = readdirSync(settings.stateFolder).sort()
  assert.deepEqual(files, [
    ...['tapes', 'try.paper.account', 'try.paper.json', 'try.paper.json.log'],
  ])
  const second = await runFor(({ state, equity }) => state === 'running' && Number(equity) > 0)
  assert.deepEqual([second.fees, second.equity], [first.fees, first.equity])
})

test('its tape replays to the same acts and the same state', async () => {
  const { default: strategy } = await import(pathToFileURL(path).href)
  const replayed = await replayTape(
    readTape(join(settings.stateFolder, 'tapes/try.paper')),
    strategy,
  )
  assert.deepEqual([replayed.starts, replayed.differences, replayed.missing], [2, [], 0])
  assert.ok(replayed.equal === replayed.answers && replayed.answers > 5)
  assert.equal(replayed.acts.place, 2)
  assert.deepEqual(Object(replayed.state).state, { bought: 1, fills: 1 })
})
