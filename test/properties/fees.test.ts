// Fees and rounding: nobody gains by how numbers are rounded, and no fee is lost or made up.
//
// On the engine alone, over random books: what the fee account has is what fills charged, going
// there and back never pays, and an amount to spend is a promise.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CommandBody } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import { createCore } from '#engine/instance.ts'
import { asId } from '#kernel/ids.ts'
import { limit, market, opening, stamp } from '#test/support/commands.ts'
import { createDriver } from '#test/support/engine-driver.ts'
import { feeOn } from '#test/support/model/fees.ts'

const RUNS = { seed: 20_260_102, numRuns: 150 }
const TRADER = 18
const FEES = 2
const FUNDS = 5_000_000

const side = fc.constantFrom('buy' as const, 'sell' as const)
/** Bids at 90 to 99 and asks at 101 to 110, of two makers, in both markets. */
const makers = fc.array(
  fc.record({
    side,
    account: fc.constantFrom(16, 17),
    market: fc.constantFrom(0, 1),
    away: fc.integer({ min: 1, max: 10 }),
    size: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 3_000 })),
  }),
  { minLength: 1, maxLength: 30 },
)
const trades = fc.array(
  fc.record({ side, market: fc.constantFrom(0, 1), size: fc.integer({ min: 1, max: 2_000 }) }),
  { minLength: 1, maxLength: 10 },
)

type Maker = {
  readonly side: 'buy' | 'sell'
  readonly account: number
  readonly market: number
  readonly away: number
  readonly size: number
}

/** An exchange whose book stands; submit answers the events. */
function exchangeWith(book: readonly Maker[]) {
  const driver = createDriver()
  let seq = 0
  const submit = (body: CommandBody): readonly Event[] => {
    seq += 1
    return driver.apply(stamp(body, seq)).events
  }
  for (const body of opening(FUNDS)) submit(body)
  for (const { away, ...maker } of book) {
    const price = maker.side === 'buy' ? 100 - away : 100 + away
    submit(limit(maker.side, { ...maker, price }))
  }
  const cash = (account: number, asset: number) =>
    driver.image().balances.find((row) => row.account === account && row.asset === asset)?.cash ?? 0
  return { submit, cash }
}

const fillsOf = (events: readonly Event[]) => events.filter((event) => event.kind === 'fill')
const lotsOf = (events: readonly Event[]) =>
  fillsOf(events).reduce((sum, { size }) => sum + size, 0)

test('INV-05: the fee account has exactly what the fills charged', () => {
  const property = fc.property(makers, trades, (book, orders) => {
    const { submit, cash } = exchangeWith(book)
    let charged = 0
    for (const order of orders) {
      const events = submit(market(order.side, { ...order, account: TRADER }))
      for (const fill of fillsOf(events)) charged += fill.makerFee + fill.takerFee
    }
    assert.equal(cash(FEES, 0), charged)
  })
  fc.assert(property, RUNS)
})

test('going there and back through a standing book never pays', () => {
  const property = fc.property(makers, trades, (book, orders) => {
    const { submit, cash } = exchangeWith(book)
    for (const order of orders) {
      const of = { account: TRADER, market: order.market }
      const before = cash(TRADER, 0)
      const back = order.side === 'buy' ? 'sell' : 'buy'
      const lots = lotsOf(submit(market(order.side, { ...of, size: order.size })))
      if (lots === 0) continue
      const returned = lotsOf(submit(market(back, { ...of, size: lots })))
      if (returned < lots) return
      assert.equal(cash(TRADER, order.market + 1), FUNDS, 'the base is what it was')
      assert.ok(cash(TRADER, 0) < before, `${before} became ${cash(TRADER, 0)}`)
    }
  })
  fc.assert(property, RUNS)
})

test('many small trades never pay less fee than one of their sum', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 20 })
  const property = fc.property(sizes, fc.integer({ min: 1, max: 300 }), (parts, price) => {
    const total = parts.reduce((sum, size) => sum + size, 0)
    const spend = (orders: readonly number[]) => {
      const { submit, cash } = exchangeWith([])
      submit(limit('sell', { account: 16, price, size: total, market: 1 }))
      for (const size of orders) submit(market('buy', { account: TRADER, size, market: 1 }))
      return FUNDS - cash(TRADER, 0)
    }
    assert.ok(spend(parts) >= spend([total]))
  })
  fc.assert(property, { ...RUNS, numRuns: 50 })
})

test('an order by quote amount never spends or sells for more than its amount', () => {
  const amount = fc.integer({ min: 10, max: 100_000 })
  const property = fc.property(makers, trades, amount, (book, orders, quoteAmount) => {
    const { submit, cash } = exchangeWith(book)
    for (const order of orders) {
      const before = cash(TRADER, 0)
      const of = { account: TRADER, market: order.market }
      const events = submit(market(order.side, { ...of, quoteAmount }))
      if (order.side === 'buy') {
        assert.ok(before - cash(TRADER, 0) <= quoteAmount)
      } else {
        const fees = fillsOf(events).reduce((sum, { takerFee }) => sum + takerFee, 0)
        const gained = cash(TRADER, 0) - before
        assert.ok(gained >= 0 && gained + fees <= quoteAmount)
      }
    }
  })
  fc.assert(property, RUNS)
})

test('a limit order never costs more than it held when it was accepted', () => {
  const property = fc.property(makers, trades, (book, orders) => {
    const { submit, cash } = exchangeWith(book)
    for (const { size, market: of } of orders) {
      const before = cash(TRADER, 0)
      const events = submit(limit('buy', { account: TRADER, market: of, price: 110, size }))
      const rows = events.filter((event) => event.kind === 'balance' && event.account === TRADER)
      const quote = rows.find((event) => event.kind === 'balance' && event.asset === 0)
      const accepted = events[0]
      if (accepted?.kind !== 'accepted' || quote?.kind !== 'balance') continue
      const notional = 110 * size * 3
      const most = notional + Math.ceil((notional * 50_000) / 1_000_000) + 1
      assert.ok(before - quote.cash + quote.held <= most, 'INV-03: spent and held within the hold')
      submit({ kind: 'cancelAll', account: asId(TRADER), market: null, side: null })
    }
  })
  fc.assert(property, RUNS)
})

test('the most that an amount buys is found exactly, up to 2^53', () => {
  const amounts = fc.oneof(
    fc.integer({ min: 0, max: 3_000_000 }),
    fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    fc.integer({ min: Number.MAX_SAFE_INTEGER - 3_000_000, max: Number.MAX_SAFE_INTEGER }),
  )
  const { notionalWithin } = createCore().calls
  const cost = (notional: bigint, rate: number) => notional + feeOn(notional, rate)
  const property = fc.property(amounts, fc.integer({ min: 0, max: 100_000 }), (amount, rate) => {
    const notional = BigInt(notionalWithin(amount, rate))
    assert.ok(cost(notional, rate) <= amount, 'INV-05: it can be paid')
    assert.ok(cost(notional + 1n, rate) > amount, 'one more cannot')
  })
  fc.assert(property, { ...RUNS, numRuns: 5_000 })
})
