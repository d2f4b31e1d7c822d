// Limits of orders and timers at limit - 1, limit and limit + 1: the places that brackets take, all
// timers together, amends near 2^53; and refusals that random commands seldom meet.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandBody } from '#engine/command.ts'
import {
  DEAD_MANS_MAX,
  DEAD_MANS_PER_ACCOUNT_MAX,
  OPEN_ORDERS_PER_ACCOUNT_MAX,
  ORDERS_MAX,
  SIZE_LOTS_MAX,
} from '#engine/limits.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { caller, limit, listAsset, listMarket, opening } from '#test/support/commands.ts'
import { amend, createExample, mark, order, trade } from '#test/support/example.ts'
import { createExchange } from '#test/support/exchange.ts'
import { createLockstep } from '#test/support/lockstep.ts'

const BRACKET = order(
  'buy',
  { price: 90, size: 10 },
  { takeProfitPrice: 110, triggerPrice: 80, stopPrice: 80 },
)
const MORE = limit('buy', { price: 90, size: 10 })

test('a bracket takes two places of OPEN_ORDERS_PER_ACCOUNT_MAX', () => {
  for (const [free, bracket, next] of [
    [3, 'done', 'done'],
    [2, 'done', 'order.too_many_open'],
    [1, 'order.too_many_open', 'done'],
    [0, 'order.too_many_open', 'order.too_many_open'],
  ] as const) {
    const { run } = createExchange(opening(1_000_000_000))
    for (let nth = free; nth < OPEN_ORDERS_PER_ACCOUNT_MAX; nth += 1) run(MORE)
    assert.equal(run(BRACKET), bracket, `${free} places are free`)
    assert.equal(run(MORE), next, `${free} places were free before the bracket`)
    assert.equal(run({ ...MORE, account: asId(17) }), 'done', 'of another account')
  }
})

test('a bracket takes two places of ORDERS_MAX', () => {
  for (const [free, bracket, next] of [
    [3, 'done', 'done'],
    [2, 'done', 'capacity.exhausted'],
    [1, 'capacity.exhausted', 'done'],
    [0, 'capacity.exhausted', 'capacity.exhausted'],
  ] as const) {
    const { run, engine } = createExchange(opening())
    engine.core.calls.setOpenOrders(ORDERS_MAX - free)
    assert.equal(run(BRACKET), bracket, `${free} places are free`)
    assert.equal(run(MORE), next, `${free} places were free before the bracket`)
  }
})

test('timers are set up to DEAD_MANS_MAX, and one that runs can be set again', () => {
  const { run, engine } = createExchange()
  const accounts = DEAD_MANS_MAX / DEAD_MANS_PER_ACCOUNT_MAX
  for (let nth = 0; nth <= accounts; nth += 1) run({ kind: 'openAccount', userId: `u${nth}` })
  const timer = (nth: number, cancelAfterMs = 86_400_000): CommandBody => {
    const account = asId<never>(16 + Math.floor(nth / DEAD_MANS_PER_ACCOUNT_MAX))
    return { kind: 'cancelAfter', account, key: 1 + (nth % 64), cancelAfterMs }
  }
  for (let nth = 0; nth < DEAD_MANS_MAX - 1; nth += 1) {
    run(timer(nth), 0)
    engine.events.length = 0
  }
  assert.equal(run(timer(DEAD_MANS_MAX - 1)), 'done', 'the last that fits')
  assert.equal(run(timer(DEAD_MANS_MAX)), 'capacity.exhausted')
  assert.equal(run(timer(5, 1_000_000)), 'done', 'a timer that is there')
  assert.equal(run(timer(6, 0)), 'done', 'one is taken away')
  assert.equal(run(timer(DEAD_MANS_MAX)), 'done')
  assert.equal(run(timer(6)), 'capacity.exhausted')
})

test('an amend keeps base, notional and hold of an order below 2^53', () => {
  const wide = listMarket('SOL-USD', 3, { lotUnits: 10_007 })
  const lockstep = createLockstep([...opening(), listAsset('SOL'), wide])
  const faucet = { asset: asId<never>(3), amount: asUnit<never>(1_000_000) }
  lockstep.submit({ kind: 'issue', ...faucet })
  const coins = { account: asId<never>(16), requestId: '', amounts: [faucet] }
  lockstep.submit({ kind: 'faucet', ...coins, ...caller() })
  const id = (body: CommandBody) => {
    const { code, command } = lockstep.submit(body)
    assert.equal(code, null)
    return command.seq
  }
  const tried = (orderId: number, change: Parameters<typeof amend>[1]) => {
    const before = lockstep.engine.businessDigest()
    const { code } = lockstep.submit(amend(orderId, change))
    assert.equal(lockstep.engine.businessDigest(), before, 'INV-10')
    return code
  }
  const lots = Math.floor(Number.MAX_SAFE_INTEGER / 10_007)
  const sale = id(limit('sell', { market: 2, price: 1, size: 2 }))
  assert.equal(tried(sale, { size: lots }), 'funds.insufficient')
  assert.equal(tried(sale, { size: lots + 1 }), 'order.too_large')
  const size = SIZE_LOTS_MAX
  const coarse = id(limit('sell'))
  assert.equal(tried(coarse, { size, price: 3_002 }), 'funds.insufficient')
  assert.equal(tried(coarse, { size, price: 3_003 }), 'order.too_large')
  assert.equal(tried(coarse, { size: size + 1 }), 'order.too_large')
  assert.equal(tried(coarse, { size: Number.MAX_SAFE_INTEGER }), 'order.too_large')
  const buy = id(limit('buy', { price: 50 }))
  assert.equal(tried(buy, { size, price: 2_859 }), 'funds.insufficient')
  assert.equal(tried(buy, { size, price: 2_860 }), 'order.too_large')
  assert.equal(tried(buy, { price: Number.MAX_SAFE_INTEGER }), 'order.price_out_of_band')
  assert.equal(tried(buy, { price: -1 + 2 ** 31 }), 'funds.insufficient')
  assert.equal(tried(buy, { price: 2 ** 31 }), 'order.price_out_of_band')
  assert.throws(() => tried(coarse, { size: 2 ** 53 }), /safe integers/)
})

test('a trailing stop needs a price to follow: of the last trade or of the mark', () => {
  const example = createExample()
  const trailing = (triggerBy: 'last' | 'mark') =>
    example.run(order('sell', { type: 'trailing-stop', size: 4 }, { trail: 5, triggerBy }))
  example.run({ kind: 'setMarket', ...RULES })
  assert.equal(trailing('last'), 'order.no_reference')
  assert.equal(trailing('mark'), 'order.no_reference')
  example.run(mark(100))
  assert.equal(trailing('last'), 'order.no_reference')
  assert.equal(trailing('mark'), 'accepted')
  trade(example, 100)
  assert.equal(trailing('last'), 'accepted')
})

const RULES = {
  ...{ market: asId<never>(0), minNotional: asUnit<never>(10), collarBps: 100, bandBps: 0 },
  ...{ bandWindowUs: 0, haltUs: 0, auctionUs: 0, sessionOpenUs: 0, sessionCloseUs: 0 },
}

test('a closed account asks for nothing and gets nothing but its deposits', () => {
  const sub = 19
  const example = createExample()
  const asked = { requestId: '', ...caller() }
  example.run({ kind: 'openSubAccount', account: asId(16), name: 'bot', ...asked })
  const close = (account: number, closing: number) =>
    example.run({ kind: 'closeAccount', account: asId(account), closing: asId(closing), ...asked })
  assert.equal(close(16, sub), 'accountClosed')
  assert.equal(close(16, sub), '', 'done already')
  const money = { asset: asId<never>(0), amount: asUnit<never>(5) }
  const from16 = { account: asId<never>(16), from: asId<never>(16), to: asId<never>(sub) }
  const out = { ...money, fee: asUnit<never>(0), address: '0x', account: asId<never>(sub) }
  const bodies: readonly CommandBody[] = [
    limit('sell', { account: sub }),
    { kind: 'closeAccount', account: asId(sub), closing: asId(sub), ...asked },
    { kind: 'transfer', ...from16, ...money, ...asked },
    { kind: 'transfer', ...from16, from: from16.to, to: from16.from, ...money, ...asked },
    { kind: 'faucet', account: asId(sub), amounts: [money], ...asked },
    { kind: 'requestWithdrawal', ...out, ...asked },
    { kind: 'openSubAccount', account: asId(sub), name: 'x', ...asked },
    { kind: 'freezeAccount', account: asId(sub), frozen: true },
  ]
  for (const body of bodies) assert.equal(example.run(body), 'account.closed', body.kind)
  const before = example.cash(16, 0)
  const source = { instance: 'i', txHash: '0x1', logIndex: 0 }
  const deposit = { kind: 'credit', account: asId<never>(sub), ...money, ...source } as const
  assert.equal(example.run(deposit), 'deposited')
  assert.equal(example.cash(16, 0), before + 5, 'it is posted to the main account')
})
