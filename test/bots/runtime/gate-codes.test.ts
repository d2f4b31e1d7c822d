// What the runner itself refuses, whatever a strategy process answers: foreign ids, orders of a
// halted bot that close nothing, and amends to what no order may be.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AccountChange } from '#bots/runtime/bot-venue.ts'
import type { Action } from '#bots/runtime/channel.ts'
import { createBotRunner } from '#bots/runtime/runner.ts'
import { openStateStore } from '#bots/runtime/state-store.ts'
import type { StartStrategyChild } from '#bots/runtime/strategy-child.ts'
import type { Amendment, Fill, OrderRequest, PlaceAnswer } from '#connectors/venue.ts'
import { createFakeVenue } from './fake-venue.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossbook-gate-'))
after(() => rmSync(folder, { recursive: true }))

const LIMITS = {
  ...{ ordersPerSecond: 100, orderNotional: 1e6, openNotional: 1e6, position: 1e6 },
  ...{ priceBps: 10_000, dataAgeMs: 60_000, dailyLoss: 100, drawdown: 1e6, flatten: false },
}

const BOUGHT: Fill = {
  ...{ fillId: 'BTC-USDC/1', clientOrderId: 'a', symbol: 'BTC-USDC', side: 'buy', base: '5' },
  ...{ quote: '500', at: 1, fee: { asset: 'USDC', amount: '0' }, liquidity: 'taker' },
}

/** A process that answers each book with the orders that the test names. */
function setUp(limits: Partial<typeof LIMITS> = {}) {
  const fake = createFakeVenue()
  const prices = { btc: 100 }
  const told: (string | undefined)[] = []
  const halts: string[] = []
  const clock = { aheadUs: 0, stepUs: 0, realUs: () => Math.floor(performance.now() * 1_000) }
  const wished: { actions: Action[]; prefix: string } = { actions: [], prefix: '' }
  const account: { tell: (change: AccountChange) => void } = { tell: () => {} }
  const startChild: StartStrategyChild = ({ onHandled }) => ({
    ...{ pid: 1, kill: () => {} },
    send(message) {
      const first: Action = { kind: 'subscribe', venue: 'internal', symbol: 'BTC-USDC' }
      let actions: readonly Action[] = []
      if (message.kind === 'start') {
        wished.prefix = message.idPrefix
        actions = [first]
      } else if (message.event.kind === 'order') {
        const { order, amend = order } = message.event
        told.push(amend.code)
      } else if (message.event.kind === 'update') actions = wished.actions.splice(0)
      queueMicrotask(() => onHandled({ kind: 'handled', no: message.no, actions }))
    },
  })
  const runner = createBotRunner({
    settings: { id: 'bot', strategy: 'x', params: {}, state: 'running' },
    venues: [
      {
        venue: fake.venue,
        watch(listener) {
          account.tell = listener
          return () => {}
        },
      },
    ],
    ...{
      treasury: undefined,
      limits: { ...LIMITS, ...limits },
      startChild,
      onReport: () => {},
      log: () => {},
    },
    store: openStateStore(join(folder, randomUUID())),
    priceOf: (asset) => (asset === 'BTC' ? prices.btc : 1),
    onHalt: (code) => void halts.push(code),
    now() {
      clock.aheadUs += clock.stepUs
      return clock.realUs() + clock.aheadUs
    },
  })
  const ask = async (...requests: Partial<OrderRequest>[]) => {
    for (const changes of requests) {
      const request: OrderRequest = {
        ...{ clientOrderId: '', sentAt: 1, symbol: 'BTC-USDC', side: 'buy', timeInForce: 'IOC' },
        ...{ quantity: { in: 'base', amount: '1' }, ...changes },
      }
      wished.actions.push({ kind: 'place', venue: 'internal', request, saved: false })
    }
    await look()
  }
  const look = async () => {
    fake.tell({ kind: 'price', symbol: 'BTC-USDC', price: '100', at: 1 })
    await sleep(30)
  }
  const amend = (amendment: Amendment, no = 1) => {
    const id = `${wished.prefix}${no}`
    wished.actions.push({ kind: 'amend', venue: 'internal', id, amendment })
    return look()
  }
  /** Orders here never end: the seconds that a stop waits for them pass as often as it looks. */
  const end = () => {
    clock.stepUs = 1_000_000
    return runner.stop()
  }
  /** From now on no time passes. */
  const freeze = () => {
    const us = clock.realUs()
    clock.realUs = () => us
  }
  const codes = () => told.flatMap((code) => code ?? [])
  const prefix = () => wished.prefix
  return { fake, prices, halts, account, runner, ask, amend, codes, end, prefix, freeze }
}

test('an id that is not of this bot, is out already or is too long never leaves', async () => {
  const { fake, runner, end, ask, codes, prefix } = setUp()
  await runner.start()
  await ask({ clientOrderId: 'of-another-1' })
  assert.deepEqual(codes(), ['gate.client_id'])
  await ask({ clientOrderId: `${prefix()}1`, timeInForce: 'GTC', limitPrice: '99' })
  await ask({ clientOrderId: `${prefix()}1`, timeInForce: 'GTC', limitPrice: '99' })
  assert.deepEqual(codes(), ['gate.client_id', 'gate.client_id'])
  const room = 36 - prefix().length
  for (const length of [room - 1, room, room + 1]) {
    await ask({ clientOrderId: prefix() + 'z'.repeat(length) })
  }
  assert.equal(codes().length, 3, '36 characters are the most')
  assert.equal(fake.placed.length, 3)
  await end()
})

test('of a paused bot only what protects its position rests', async () => {
  const { fake, account, runner, end, ask, codes, prefix } = setUp()
  await runner.start()
  await runner.pause()
  account.tell({ kind: 'fill', fill: BOUGHT })
  const stop = { type: 'stop', triggerPrice: '90', side: 'sell', timeInForce: 'GTC' } as const
  const sized = (amount: string) => ({ quantity: { in: 'base', amount } as const })
  await ask(
    { ...stop, ...sized('5.1'), clientOrderId: `${prefix()}1` },
    { ...stop, ...sized('5'), side: 'buy', clientOrderId: `${prefix()}2` },
    { ...stop, ...sized('5'), clientOrderId: `${prefix()}3` },
    { ...stop, ...sized('0.1'), clientOrderId: `${prefix()}4` },
  )
  const sale = { side: 'sell', timeInForce: 'GTC', limitPrice: '110' } as const
  await ask({ ...sale, ...sized('0.1'), clientOrderId: `${prefix()}5` })
  assert.deepEqual(codes(), ['gate.paused', 'gate.paused', 'gate.paused', 'gate.paused'])
  assert.deepEqual(
    fake.placed.map(({ clientOrderId }) => clientOrderId),
    [`${prefix()}3`],
  )
  await end()
})

test('of a halted bot only what brings its position to nothing leaves', async () => {
  const { fake, prices, halts, account, runner, end, ask, codes, prefix } = setUp()
  await runner.start()
  await sleep(250)
  account.tell({ kind: 'fill', fill: BOUGHT })
  prices.btc = 80
  await sleep(250)
  assert.deepEqual(halts, [], 'at the limit')
  prices.btc = 79
  await sleep(250)
  assert.deepEqual(halts, ['gate.daily_loss'])
  assert.equal(runner.figures().halted, 'gate.daily_loss')
  await ask({ clientOrderId: `${prefix()}1` })
  await ask({
    clientOrderId: `${prefix()}2`,
    side: 'sell',
    quantity: { in: 'base', amount: '5.1' },
  })
  assert.deepEqual(codes(), ['gate.halted', 'gate.halted'])
  await ask({ clientOrderId: `${prefix()}3`, side: 'sell', quantity: { in: 'base', amount: '5' } })
  assert.equal(fake.placed.length, 1)
  runner.resume()
  assert.equal(runner.figures().halted, null)
  await end()
})

test('an amend is judged as the order it becomes, in the place of the one it is', async () => {
  const { fake, runner, end, ask, amend, codes, prefix } = setUp({ openNotional: 200 })
  await runner.start()
  const quote = { timeInForce: 'GTC', limitPrice: '80' } as const
  await ask(
    { ...quote, clientOrderId: `${prefix()}1` },
    { ...quote, clientOrderId: `${prefix()}2` },
  )
  await amend({ size: '1.5' })
  assert.deepEqual(codes(), [], '120 and 80: at the limit')
  await amend({ size: '1.6' })
  await amend({ limitPrice: '81' })
  assert.deepEqual(codes(), ['gate.open_notional', 'gate.open_notional'])
  assert.equal(fake.orders.get(`${prefix()}1`)?.size, '1.5')
  await amend({ size: '1' })
  await amend({ size: '9' }, 3)
  assert.equal(codes().length, 2, 'of an order that is not there nothing is told')
  await end()
})

test('until its amend is answered an order counts as the larger of what it may be', async () => {
  const { fake, runner, end, ask, amend, codes, prefix } = setUp({ openNotional: 200 })
  await runner.start()
  const quote = { timeInForce: 'GTC', limitPrice: '80' } as const
  await ask({ ...quote, clientOrderId: `${prefix()}1` })
  const answer = Promise.withResolvers<PlaceAnswer>()
  fake.onAmend = () => answer.promise
  await amend({ size: '2' })
  await ask({ ...quote, clientOrderId: `${prefix()}2` })
  await amend({ size: '1' })
  assert.deepEqual(codes(), ['gate.open_notional', 'order.not_amendable'], 'one at a time')
  answer.resolve({ kind: 'refused', code: 'funds.insufficient' })
  await sleep(1)
  await ask({ ...quote, clientOrderId: `${prefix()}3` })
  assert.deepEqual(codes().slice(2), ['funds.insufficient'])
  await runner.pause()
  await end()
})

test('of a paused bot no order is amended, and every amend counts as an order', async () => {
  const { runner, end, ask, amend, codes, prefix, freeze } = setUp({ ordersPerSecond: 3 })
  await runner.start()
  freeze()
  const stop = { type: 'stop', triggerPrice: '90', side: 'sell', timeInForce: 'GTC' } as const
  await ask({ ...stop, clientOrderId: `${prefix()}1` })
  await amend({ size: '2' })
  await amend({ size: '3' })
  assert.deepEqual(codes(), [])
  await amend({ size: '4' })
  assert.deepEqual(codes(), ['gate.order_rate'])
  await runner.pause()
  await amend({ size: '1' })
  assert.deepEqual(codes(), ['gate.order_rate', 'gate.paused'])
  await end()
})
