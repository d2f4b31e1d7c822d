// Examples for engine and model: phases, halts, auctions, sessions, parameters, marks of accounts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommandBody } from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { caller, limit, market } from '#test/support/commands.ts'
import { createExample, order, phase, rules, trade } from '#test/support/example.ts'

test('a breach halts, and the market reopens by an auction', () => {
  const band = { bandBps: 500, bandWindowUs: 60_000_000, haltUs: 5_000, auctionUs: 7_000 }
  const example = createExample()
  trade(example, 100)
  example.run(rules(band))
  example.run(limit('sell', { account: 17, price: 105, size: 1 }))
  example.run(limit('sell', { account: 17, price: 106, size: 1 }))
  const told = example.run(limit('buy', { account: 18, price: 110, size: 3 }))
  assert.equal(told, 'accepted, fill 1@105, halted by band, rested 2@110')
  assert.equal(example.run(limit('buy')), 'market.halted')
  assert.deepEqual(example.ticks(5_000), ['auction by schedule'])
  assert.equal(example.run(market('buy', { size: 1 })), 'market.auction')
  assert.deepEqual(example.ticks(6_000), ['uncrossed 1@106, fill 1@106, continuous by uncross'])
})

test('an uncross has the largest volume, then the smallest surplus, then the nearest price', () => {
  const example = createExample()
  trade(example, 100)
  example.run(phase('auction', example.now() + 20_000))
  for (const [price, size] of [
    [103, 5],
    [101, 5],
  ] as const) {
    example.run(limit('buy', { account: 17, price, size }))
  }
  example.run(limit('sell', { account: 18, price: 98, size: 5 }))
  example.run(limit('sell', { account: 18, price: 104, size: 5 }))
  // 102 and 103 leave no surplus; 102 is nearer to 100.
  assert.deepEqual(example.ticks(20_000), ['uncrossed 5@102, fill 5@102, continuous by uncross'])
})

test('an indicative price is told when it changes, once a second', () => {
  const example = createExample()
  example.run(phase('auction'))
  example.run(limit('buy', { account: 17, price: 103, size: 5 }))
  example.run(limit('sell', { account: 18, price: 101, size: 4 }))
  assert.deepEqual(example.ticks(1_000_000), ['indicative 4@101'], 'nearest to no price at all')
  assert.deepEqual(example.ticks(1_000_000), [''], 'nothing new')
  const opened = example.run(phase('continuous'))
  assert.equal(opened, 'auction by operator', 'a crossed book opens by an auction')
  assert.deepEqual(example.ticks(), ['uncrossed 4@101, fill 4@101, continuous by uncross'])
})

test('a prevented match of an auction cancels who came later, at once', () => {
  const example = createExample()
  example.run(phase('auction', example.now() + 9_000))
  example.run(limit('buy', { price: 103, size: 5 }))
  example.run(limit('sell', { price: 101, size: 4 }))
  const [told] = example.ticks(9_000)
  assert.match(told ?? '', /^uncrossed .*, prevented, cancelled order self_trade, continuous/)
})

test('sessions close and open by themselves; an operator keeps what he set', () => {
  const example = createExample()
  const ofDay = example.now() % 86_400_000_000
  example.run(rules({ sessionCloseUs: ofDay + 10_000, sessionOpenUs: ofDay + 20_000 }))
  assert.deepEqual(example.ticks(8_000), [])
  assert.deepEqual(example.ticks(1_000), ['closed by session'])
  assert.equal(example.run(limit('buy'), 0), 'market.closed')
  assert.deepEqual(example.ticks(10_000), ['continuous by session'])
})

test('post-only takes only what waits, and opening again is at once', () => {
  const example = createExample([phase('post-only')])
  assert.equal(example.run(limit('buy')), 'market.post_only')
  assert.equal(example.run(limit('buy', { postOnly: true })), 'accepted, rested 10@100')
  assert.equal(example.run(phase('continuous')), 'continuous by operator')
})

test('a delisted market is emptied by ticks', () => {
  const example = createExample([limit('buy'), limit('sell', { price: 120 })])
  assert.equal(example.run({ kind: 'delistMarket', market: asId(0) }), 'marketDelisted')
  assert.equal(example.run(limit('buy')), 'market.delisted')
  const gone = 'cancelled market delisted'
  assert.deepEqual(example.ticks(), [`${gone}, ${gone}`])
})

test('tiers: 30 days of an owner decide what his next order pays; rebates come from takers', () => {
  const tiers = [
    {
      minNotional: asUnit<never>(0),
      makerRate: asUnit<never>(-30_000),
      takerRate: asUnit<never>(20_000),
    },
    { minNotional: asUnit<never>(3_000), makerRate: asUnit<never>(0), takerRate: asUnit<never>(0) },
  ]
  const example = createExample([{ kind: 'setFees', market: asId(0), tiers }])
  example.run(limit('sell', { account: 17 }))
  example.run(limit('buy', { account: 18 }))
  // 3,000 of notional: the taker pays 60, of which the maker gets all, though 90 were his.
  assert.equal(example.cash(17, 0), 1_000_000 + 3_000 + 60)
  assert.equal(example.cash(18, 0), 1_000_000 - 3_000 - 60)
  example.run(limit('sell', { account: 17 }))
  example.run(limit('buy', { account: 18 }))
  assert.equal(
    example.cash(18, 0),
    1_000_000 - 6_000 - 60,
    'his second order is of the second tier',
  )
})

test('a buyer may pay the fee in what he receives', () => {
  const example = createExample([limit('sell', { account: 17 })])
  example.run(order('buy', { account: 18 }, { feeIn: 'received' }))
  assert.equal(example.cash(18, 1), 1_000_000 + 30 - 2)
  assert.equal(example.cash(18, 0), 1_000_000 - 3_000)
})

test('a frozen account may only cancel; a closed one nothing', () => {
  const freeze = (account: number, frozen: boolean): CommandBody => ({
    kind: 'freezeAccount',
    account: asId(account),
    frozen,
  })
  const example = createExample([freeze(16, true)])
  assert.equal(example.run(limit('buy')), 'account.frozen')
  assert.equal(example.run(freeze(16, true)), '')
  assert.equal(example.run(freeze(16, false)), 'accountFrozen')
  const asking = { account: asId<never>(16), requestId: '', ...caller() }
  example.run({ kind: 'openSubAccount', name: 'bot', ...asking })
  const close = (closing: number) =>
    example.run({ kind: 'closeAccount', closing: asId(closing), ...asking })
  assert.equal(close(16), 'request.malformed')
  assert.equal(close(17), 'account.unknown')
  assert.equal(close(19), 'accountClosed')
  assert.equal(close(19), '')
  assert.equal(example.run(limit('buy', { account: 19 })), 'account.closed')
})
