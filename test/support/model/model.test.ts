// The naive model by itself: the rules of the contract as worked examples with numbers.
//
// Market 0: lot 3 base units, 1 tick x 1 lot = 3 quote units, maker 2 %, taker 5 %.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandBody } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import { asId } from '#kernel/ids.ts'
import { limit, market, opening, stampAll } from '#test/support/commands.ts'
import { createModel } from './model.ts'

/** Runs the opening, then the bodies; answers of the bodies only. */
function run(bodies: readonly CommandBody[]) {
  const model = createModel()
  const before = opening()
  const answers = stampAll([...before, ...bodies]).map((command) => model.apply(command))
  return { model, first: before.length + 1, answers: answers.slice(before.length) }
}

const kinds = (events: readonly Event[]) => events.map(({ kind }) => kind).join(' ')

function balance(model: ReturnType<typeof createModel>, account: number, asset: number) {
  const row = model.image().balances.find((b) => b.account === account && b.asset === asset)
  return { cash: row?.cash ?? 0, held: row?.held ?? 0 }
}

test('the opening funds three customers from the house and adds up to zero', () => {
  const { model } = run([])
  assert.deepEqual(balance(model, 17, 0), { cash: 1_000_000, held: 0 })
  const cash = model.image().balances.filter(({ asset }) => asset === 0)
  assert.equal(
    cash.reduce((sum, row) => sum + row.cash, 0),
    0,
    'INV-01',
  )
})

test('a resting buy holds its notional, its highest fee and one unit', () => {
  const { model, answers } = run([limit('buy')])
  assert.equal(kinds(answers[0]?.events ?? []), 'accepted rested balance')
  assert.deepEqual(balance(model, 16, 0), { cash: 1_000_000, held: 3_000 + 150 + 1 })
})

test('a fill happens at the price of the maker and charges both sides in quote', () => {
  const { model, answers } = run([
    limit('sell', { account: 17, price: 90 }),
    limit('buy', { size: 4 }),
  ])
  assert.equal(
    kinds(answers[1]?.events ?? []),
    'accepted fill balance balance balance balance balance',
  )
  const fill = answers[1]?.events[1]
  assert.ok(fill?.kind === 'fill')
  assert.equal(fill.price, 90)
  assert.deepEqual([fill.makerFee, fill.takerFee], [22, 54])
  assert.deepEqual([fill.makerRemaining, fill.takerRemaining], [6, 0])
  assert.deepEqual(balance(model, 16, 0), { cash: 1_000_000 - 1_080 - 54, held: 0 })
  assert.deepEqual(balance(model, 17, 0), { cash: 1_000_000 + 1_080 - 22, held: 0 })
  assert.deepEqual(balance(model, 17, 1), { cash: 1_000_000 - 12, held: 18 })
  assert.deepEqual(balance(model, 2, 0), { cash: 76, held: 0 })
})

test('an order by quote amount buys as many lots as the amount pays, fees included', () => {
  const { answers } = run([limit('sell', { account: 17 }), market('buy', { quoteAmount: 1_000 })])
  assert.equal(kinds(answers[1]?.events ?? []).slice(0, 21), 'accepted fill balance')
  const fill = answers[1]?.events[1]
  assert.ok(fill?.kind === 'fill')
  assert.equal(fill.size, 3, '3 lots cost 900 and 45 of fee; 4 would cost 1,260')
})

test('an immediate order without anybody to trade with is cancelled: no liquidity', () => {
  const { answers } = run([limit('buy', { timeInForce: 'IOC' }), market('sell', { size: 5 })])
  for (const answer of answers) {
    assert.equal(kinds(answer.events), 'accepted cancelled')
    const cancelled = answer.events[1]
    assert.ok(cancelled?.kind === 'cancelled')
    assert.equal(cancelled.reason, 'order.no_liquidity')
  }
})

test('meeting an own order cancels the taker unless it says otherwise', () => {
  const rest = limit('sell')
  const { answers } = run([
    rest,
    limit('buy', { size: 4 }),
    limit('buy', { size: 4, selfTrade: 'decrement' }),
    limit('buy', { size: 9, selfTrade: 'cancel-maker' }),
  ])
  assert.deepEqual(
    answers.map(({ events }) => kinds(events)),
    [
      'accepted rested balance',
      'accepted prevented cancelled',
      'accepted prevented reduced reduced balance',
      'accepted prevented cancelled rested balance balance',
    ],
  )
})

test('fill-or-kill fills whole or changes nothing', () => {
  const { answers } = run([
    limit('sell', { account: 17, size: 4 }),
    limit('buy', { size: 5, timeInForce: 'FOK' }),
    limit('buy', { size: 4, timeInForce: 'FOK' }),
  ])
  assert.equal(answers[1]?.code, 'order.fok_unfillable')
  assert.equal(kinds(answers[1]?.events ?? []), 'refused')
  assert.equal(answers[2]?.code, null)
})

test('the same id and body gets the same answer, another body a mismatch', () => {
  const body = limit('buy', { clientOrderId: 'a', bodyHash: 'x' })
  const { first, answers } = run([body, body, { ...body, bodyHash: 'y'.repeat(24) }])
  assert.deepEqual(answers[1], { code: null, duplicate: true, seq: first, events: [] })
  assert.equal(answers[2]?.code, 'idempotency.mismatch')
})

test('only the account that placed an order can cancel it, once', () => {
  const { first, answers } = run([
    limit('buy'),
    ...[17, 16, 16].map(
      (account): CommandBody => ({
        kind: 'cancel',
        account: asId(account),
        orderId: asId(opening().length + 1),
      }),
    ),
  ])
  assert.equal(first, opening().length + 1)
  assert.deepEqual(
    answers.map(({ code }) => code),
    [null, 'not_found', null, 'not_found'],
  )
})
