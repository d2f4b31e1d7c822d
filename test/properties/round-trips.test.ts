// A round trip never profits: after any two operations at one price nobody has more than before.
//
// A customer trades with another owner at one price only, so that his wealth at that price can only
// change by fees: whatever he does, whichever way he pays, as maker or taker. Fees never pay out,
// whatever is rebated. Every pair of operations is tried, at random prices, sizes and rates.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CommandBody } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import { asId } from '#kernel/ids.ts'
import { caller, limit, market, opening, stamp } from '#test/support/commands.ts'
import { createDriver } from '#test/support/engine-driver.ts'
import { amend, cancel, order } from '#test/support/example.ts'

const OTHER = 17
const TRADER = 18
const SUB = 19
const FEES = 2
const [QUOTE, BASE] = [0, 1]
/** Of market 0: quote units for a tick and a lot, and base units of a lot. */
const QUOTE_PER_TICK_LOT = 3
const LOT_UNITS = 3
const FUNDS = 300_000_000_000
const RUNS = { seed: 20_260_105, numRuns: 12 }

type Way = {
  readonly price: number
  readonly size: number
  readonly account: number
  readonly makerRate: number
  readonly takerRate: number
  readonly amount: number
}
type World = ReturnType<typeof createWorld>
type Operation = (world: World, way: Way) => void
type Side = 'buy' | 'sell'

const way: fc.Arbitrary<Way> = fc.record({
  price: fc.oneof(fc.integer({ min: 2, max: 50 }), fc.integer({ min: 51, max: 70_000 })),
  size: fc.oneof(fc.integer({ min: 4, max: 20 }), fc.integer({ min: 21, max: 1_000 })),
  account: fc.constantFrom(TRADER, SUB),
  makerRate: fc.constantFrom(-100_000, -20_000, -137, 0, 1, 500, 100_000),
  takerRate: fc.constantFrom(0, 1, 1_003, 50_000, 100_000),
  amount: fc.integer({ min: 1, max: 1_000_000 }),
})

function createWorld({ makerRate, takerRate }: Way) {
  const driver = createDriver()
  let seq = 0
  let rebates = 0
  const run = (body: CommandBody): readonly Event[] => {
    seq += 1
    const { code, events } = driver.apply(stamp(body, seq))
    assert.equal(code, null, `${JSON.stringify(body)} is done`)
    for (const event of events) {
      if (event.kind === 'fill' && event.makerAccount !== OTHER && event.makerFee < 0) {
        rebates -= event.makerFee
      }
    }
    return events
  }
  const tier = { minNotional: 0, makerRate, takerRate } as never
  for (const body of opening(FUNDS)) run(body)
  run({ kind: 'openSubAccount', account: asId(TRADER), name: 's', requestId: '', ...caller() })
  run({ kind: 'setFees', market: asId(0), tiers: [tier] })
  for (const asset of [QUOTE, BASE]) run(moved({ from: TRADER, to: SUB, asset }, FUNDS / 3))
  const cash = (account: number, asset: number) => {
    const rows = driver.image().balances
    return BigInt(rows.find((row) => row.account === account && row.asset === asset)?.cash ?? 0)
  }
  return {
    run,
    cash,
    lastSeq: () => seq,
    rebates: () => BigInt(rebates),
    tick() {
      while (driver.nextDue() === 0) run({ kind: 'tick' })
    },
  }
}

/** What the customer owns at a price, in quote units x LOT_UNITS, so that it is whole. */
function wealth({ cash }: World, price: number): bigint {
  const both = (asset: number) => cash(TRADER, asset) + cash(SUB, asset)
  return both(QUOTE) * BigInt(LOT_UNITS) + both(BASE) * BigInt(price * QUOTE_PER_TICK_LOT)
}

function moved(who: { from: number; to: number; asset: number }, amount: number): CommandBody {
  const body = { kind: 'transfer', account: TRADER, requestId: '', ...who, amount, ...caller() }
  return body as never // Brands only.
}

const back = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy')

/** The other one stands at the price, the customer takes. */
const takes =
  (side: Side, more: object, extra: object = {}): Operation =>
  ({ run }, { price, size, account }) => {
    run(limit(back(side), { account: OTHER, price, size }))
    run(order(side, { account, price, size, timeInForce: 'IOC', ...more }, extra))
  }

const takesByQuote =
  (side: Side, extra: object = {}): Operation =>
  ({ run }, { price, size, account }) => {
    run(limit(back(side), { account: OTHER, price, size: size * 2 }))
    const quoteAmount = price * size * QUOTE_PER_TICK_LOT + 7
    run({
      ...market(side, { account, quoteAmount }),
      ...order(side, { type: 'market' }, extra),
      ...{
        quoteAmount,
        account,
        size: 0,
        timeInForce: 'IOC',
      },
    } as never)
  }

/** The customer stands at the price, the other one takes; in two fills, to round twice. */
const makes =
  (side: Side, more: object = {}, extra: object = {}): Operation =>
  ({ run }, { price, size, account }) => {
    run(order(side, { account, price, size, ...more }, extra))
    for (const part of [1, size - 1]) {
      run(limit(back(side), { account: OTHER, price, size: part, timeInForce: 'IOC' }))
    }
  }

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'take a buy by size': takes('buy', {}),
  'take a buy paying in base': takes('buy', {}, { feeIn: 'received' }),
  'take a buy or kill it': takes('buy', { timeInForce: 'FOK' }),
  'take a sale by size': takes('sell', {}),
  'take a reduce-only sale': takes('sell', {}, { reduceOnly: true }),
  'market buy': takes('buy', { type: 'market', price: 0 }),
  'market buy paying in base': takes('buy', { type: 'market', price: 0 }, { feeIn: 'received' }),
  'market sale': takes('sell', { type: 'market', price: 0 }),
  'market buy by quote': takesByQuote('buy'),
  'market buy by quote paying in base': takesByQuote('buy', { feeIn: 'received' }),
  'market sale by quote': takesByQuote('sell'),
  'make a buy': makes('buy'),
  'make a buy paying in base': makes('buy', {}, { feeIn: 'received' }),
  'make a sale': makes('sell'),
  'make an iceberg': makes('sell', {}, { displaySize: 3 }),
  'make a post-only buy': makes('buy', { postOnly: true }),
  'make an oco': ({ run }, { price, size, account }) => {
    const extra = { triggerPrice: price - 1, stopPrice: price - 1 }
    run(order('sell', { type: 'oco', account, price, size }, extra))
    run(limit('buy', { account: OTHER, price, size, timeInForce: 'IOC' }))
  },
  'a bracket and its end': (world, { price, size, account }) => {
    world.run(limit('sell', { account: OTHER, price, size }))
    const extra = { takeProfitPrice: price + 2, triggerPrice: price - 1, stopPrice: price - 1 }
    world.run(order('buy', { account, price, size }, extra))
    world.tick()
  },
  'amend there and back': ({ run, lastSeq }, { price, size, account }) => {
    run(order('buy', { account, price, size }))
    const id = lastSeq()
    run(amend(id, { account, price: price - 1, size: size * 2 }))
    run(amend(id, { account, price, size }))
    run(limit('sell', { account: OTHER, price, size, timeInForce: 'IOC' }))
  },
  'place and cancel': ({ run, lastSeq }, { price, size, account }) => {
    run(order('sell', { account, price, size }))
    run(cancel(lastSeq(), account))
  },
  'transfer there': ({ run }, { amount }) => {
    run(moved({ from: TRADER, to: SUB, asset: QUOTE }, amount))
  },
  'transfer back': ({ run }, { amount }) => {
    run(moved({ from: SUB, to: TRADER, asset: QUOTE }, amount))
  },
  'deposit and withdraw': ({ run, lastSeq }, { amount }) => {
    const what = { account: asId<never>(TRADER), asset: asId<never>(BASE) }
    const source = { instance: 'i', txHash: `0x${lastSeq()}`, logIndex: 0 }
    run({ kind: 'credit', ...what, amount: (amount + 5) as never, ...source })
    run(withdrawal(amount))
    run({ kind: 'settleWithdrawal', withdrawalId: asId(lastSeq()), txHash: '0x1' })
  },
  'a withdrawal that fails': ({ run, lastSeq }, { amount }) => {
    run(withdrawal(amount))
    run({ kind: 'failWithdrawal', withdrawalId: asId(lastSeq()) })
  },
}

function withdrawal(amount: number): CommandBody {
  const how = { requestId: '', address: '0x', fee: 5, ...caller() }
  const body = { kind: 'requestWithdrawal', account: TRADER, asset: BASE, amount, ...how }
  return body as never // Brands only.
}

test('no pair of operations at one price leaves more than there was, and fees never pay', () => {
  const property = fc.property(way, (chosen) => {
    const world = createWorld(chosen)
    for (const first of Object.keys(OPERATIONS)) {
      for (const second of Object.keys(OPERATIONS)) tryPair(world, chosen, [first, second])
    }
  })
  fc.assert(property, RUNS)
})

function tryPair(world: World, chosen: Way, names: readonly string[]): void {
  const { price } = chosen
  const [wealthBefore, rebatesBefore] = [wealth(world, price), world.rebates()]
  const feesBefore = [QUOTE, BASE].map((asset) => world.cash(FEES, asset))
  for (const name of names) {
    OPERATIONS[name]?.(world, chosen)
    for (const account of [OTHER, TRADER, SUB]) {
      world.run({ kind: 'cancelAll', account: asId(account), market: null, side: null })
    }
  }
  const rebated = (world.rebates() - rebatesBefore) * BigInt(LOT_UNITS)
  const gained = wealth(world, price) - wealthBefore
  assert.ok(gained <= rebated, `${names.join(', then ')}: gained ${gained}, rebated ${rebated}`)
  for (const [at, asset] of [QUOTE, BASE].entries()) {
    const paid = (feesBefore[at] ?? 0n) - world.cash(FEES, asset)
    assert.ok(paid <= 0n, `${names.join(', then ')}: fees paid ${paid} of asset ${asset}`)
  }
}
