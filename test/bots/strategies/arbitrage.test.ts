// Arbitrage on the bench: when it sends, which leg first, and what it does when a leg fails.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import arbitrage from '#bots/strategies/arbitrage.ts'
import type { PoolSnapshot } from '#connectors/venue.ts'
import { type Bench, createBench, type Place, placed, reported } from '../strategy-bench.ts'

const PARAMS = { markets: ['BTC-USDC'] }
const HEDGE_TIMER = 0
const REBALANCE_TIMER = 1
const HASH = `0x${'ab'.repeat(32)}`
const REACH_UP = 1.001

function open(changes: Partial<{ params: object; saved: object; run: string }> = {}): Bench {
  const { params = {}, ...rest } = changes
  const bench = createBench(arbitrage, { params: { ...PARAMS, ...params }, ...rest })
  hold(bench, 'internal', { USDC: '1000000', BTC: '20' })
  hold(bench, 'uniswap-v2', { USDC: '300000', BTC: '7' })
  book(bench, 'ETH-USDC', 3_000)
  book(bench, 'BTC-USDC', 40_000)
  return bench
}

function hold(bench: Bench, venue: string, coins: Readonly<Record<string, string>>) {
  const balances = Object.entries(coins).map(([asset, available]) => {
    return { asset, available, held: '0' }
  })
  return bench.send({ kind: 'balances', venue, balances })
}

function book(bench: Bench, symbol: string, mid: number) {
  const levels = (sign: number) =>
    [4, 8, 14].map((bps) => {
      return { price: (mid * (1 + (sign * bps) / 10_000)).toFixed(1), size: '0.5' }
    })
  const update = { kind: 'book' as const, symbol, bids: levels(-1), asks: levels(1), at: 1 }
  return bench.update('internal', update)
}

function pool(bench: Bench, price: number, block: number) {
  const snapshot: PoolSnapshot = {
    reserveBase: String(Math.round((1_000_000 / price) * 1e8)),
    reserveQuote: '1000000000000',
    ...{ baseDecimals: 8, quoteDecimals: 6, feeNumerator: '997', feeDenominator: '1000' },
    ...{ block, at: 1 },
  }
  return bench.update('uniswap-v2', { kind: 'pool', symbol: 'BTC-USDC', ...snapshot })
}

/** The pool's leg of a pool that is too dear: base is sold to it. */
function poolLeg(bench: Bench, block = 1): Place {
  const [leg, ...others] = placed(pool(bench, 40_400, block))
  assert.ok(leg !== undefined && others.length === 0)
  return leg
}

function filled(bench: Bench, leg: Place, quote: number) {
  const { clientOrderId, symbol, side, quantity } = leg.request
  const gas = { asset: 'ETH', amount: '0.0002' }
  bench.send({
    ...{ kind: 'fill', venue: leg.venue },
    fill: {
      ...{ fillId: HASH, clientOrderId, symbol, side, base: quantity.amount, gas },
      ...{ quote: String(quote), fee: { asset: 'USDC', amount: '0' }, liquidity: 'taker', at: 1 },
    },
  })
  return bench.settle(leg, {
    ...{ state: 'filled', venueOrderId: HASH },
    ...{ filledBase: quantity.amount, filledQuote: String(quote) },
  })
}

function priceOf({ request }: Place): number {
  return Number(request.limitPrice)
}

/** A pool of V3 as its depth tells it: evenly spread liquidity of 1,000,000 USDC on each side. */
function v3Pool(bench: Bench, price: number) {
  const fee = 0.0005
  const bases = 1_000_000 / price
  const level = (sign: 1 | -1, at: number) => {
    const [from, to] = [at, at + 1].map((step) => Math.sqrt(1.001 ** (sign * step)))
    const base = bases * Math.abs(1 / (from ?? 0) - 1 / (to ?? 0))
    const average = price * (from ?? 0) * (to ?? 0)
    return sign === 1
      ? { price: (average / (1 - fee * fee)).toFixed(12), size: base.toFixed(8) }
      : { price: average.toFixed(12), size: (base / (1 - fee)).toFixed(8) }
  }
  const side = (sign: 1 | -1) => Array.from({ length: 25 }, (_, at) => level(sign, at))
  const update = { kind: 'book' as const, symbol: 'BTC-USDC-500', at: 1 }
  return bench.update('uniswap-v3', { ...update, bids: side(-1), asks: side(1) })
}

/** What the pool's leg brings at least, and what the book's takes at most: no loss between them. */
const DEAR = 40_400

test('sends the pool leg first, saved before it leaves, and bounded so that it cannot lose', () => {
  const bench = open()
  const leg = poolLeg(bench)
  assert.deepEqual([leg.venue, leg.request.symbol], ['uniswap', 'BTC-USDC'], 'the best route')
  assert.equal(leg.saved, true)
  assert.deepEqual([leg.request.side, leg.request.timeInForce], ['sell', 'FOK'])
  const base = Number(leg.request.quantity.amount)
  const bookCost = base * 40_016 * 1.0005 + 0.9
  assert.ok(priceOf(leg) * base > bookCost, 'the least it may bring pays the book, fees and gas')
})

test('the book leg is what the pool filled, at once, a little beyond its level', () => {
  const bench = open()
  const leg = poolLeg(bench)
  const base = Number(leg.request.quantity.amount)
  const [second, ...others] = placed(filled(bench, leg, base * 40_260))
  assert.ok(second !== undefined && others.length === 0)
  assert.equal(second.venue, 'internal')
  assert.deepEqual([second.request.side, second.request.timeInForce], ['buy', 'IOC'])
  assert.equal(Number(second.request.quantity.amount), base)
  assert.equal(second.saved, true)
  assert.ok(priceOf(second) > 40_016 && priceOf(second) <= 40_016 * REACH_UP + 0.1)
})

test('tells what was expected and what became of it, after fees and gas', () => {
  const bench = open()
  const leg = poolLeg(bench)
  const base = Number(leg.request.quantity.amount)
  const [second] = placed(filled(bench, leg, base * 40_260))
  assert.ok(second !== undefined)
  const filledQuote = String(base * 40_016)
  const actions = bench.settle(second, { state: 'filled', filledBase: String(base), filledQuote })
  const figures = reported(actions)
  const realised = base * 40_260 - base * 40_016 * 1.0005 - 0.0002 * 3_001.2
  assert.ok(Math.abs(Number(figures.realisedQuote) - realised) < 1e-6)
  assert.ok(Number(figures.expectedEdgeQuote) > 0)
  assert.deepEqual([figures.cause, figures.txHash, figures.market], [null, HASH, 'BTC-USDC'])
})

test('never sends what should not earn more than its fees and gas', () => {
  const bench = open()
  for (const [at, bps] of [0, 20, 39, 50, -20, -39, -50].entries()) {
    assert.deepEqual(placed(pool(bench, 40_000 * (1 + bps / 10_000), at + 1)), [])
  }
  const greedy = open({ params: { minEdgeQuote: 100 } })
  assert.deepEqual(placed(pool(greedy, DEAR, 1)), [], 'it asks for more than this one earns')
  const dearGas = open({ saved: { gasEth: 1 } })
  assert.deepEqual(placed(pool(dearGas, DEAR, 1)), [], 'gas of an ETH is dearer than the edge')
})

test('sends nothing before it knows the price of gas, the book and its own coins', () => {
  const bench = createBench(arbitrage, { params: PARAMS })
  assert.deepEqual(placed(pool(bench, DEAR, 1)), [])
  assert.deepEqual(placed(book(bench, 'BTC-USDC', 40_000)), [])
  assert.deepEqual(placed(book(bench, 'ETH-USDC', 3_000)), [])
  assert.deepEqual(placed(pool(bench, DEAR, 2)), [], 'without coins there is nothing to trade')
  hold(bench, 'internal', { USDC: '1000000' })
  hold(bench, 'uniswap-v2', { BTC: '7' })
  assert.equal(placed(pool(bench, DEAR, 3)).length, 1)
})

test('one arbitrage a pool at a time, and the next only on a pool seen after it', () => {
  const bench = open()
  const leg = poolLeg(bench, 5)
  assert.deepEqual(placed(pool(bench, 40_500, 6)), [], 'the first is not over')
  const base = Number(leg.request.quantity.amount)
  const late = open()
  const first = poolLeg(late, 5)
  const [second] = placed(filled(late, first, base * 40_260))
  assert.ok(second !== undefined)
  const filledQuote = String(base * 40_016)
  late.settle(second, { state: 'filled', filledBase: String(base), filledQuote })
  assert.deepEqual(placed(book(late, 'BTC-USDC', 40_000)), [], 'the pool is as it was before')
  assert.equal(placed(pool(late, DEAR, 6)).length, 1)
})

test('a pool leg that the pool has left behind costs nothing but is told', () => {
  const bench = open()
  const leg = poolLeg(bench)
  const actions = bench.settle(leg, { state: 'refused', code: 'swap.slippage' })
  const { realisedQuote, cause } = reported(actions)
  assert.deepEqual([realisedQuote, cause], [null, 'pool moved'])
  assert.deepEqual(placed(actions), [], 'there is no second leg')
  assert.deepEqual(placed(book(bench, 'BTC-USDC', 40_000)), [], 'the pool seen was an old one')
  assert.equal(placed(pool(bench, DEAR, 2)).length, 1, 'and it looks again')
})

test('a pool leg that failed on chain is a failed leg', () => {
  const bench = open()
  const leg = poolLeg(bench)
  const { cause } = reported(bench.settle(leg, { state: 'failed', code: 'swap.reverted' }))
  assert.equal(cause, 'leg failed')
})

test('a pool leg refused by the gate was never sent and is no arbitrage', () => {
  const bench = open()
  const actions = bench.settle(poolLeg(bench), { state: 'refused', code: 'gate.position' })
  assert.deepEqual(
    actions.map(({ kind }) => kind),
    ['halfDone', 'log'],
  )
  assert.deepEqual(placed(pool(bench, DEAR, 2)), [], 'it rests a second')
  bench.passMs(1_000)
  assert.equal(placed(pool(bench, DEAR, 3)).length, 1)
})

test('what the book leaves is tried again at once, then by the timer, ever further out', () => {
  const bench = open()
  const leg = poolLeg(bench)
  const base = Number(leg.request.quantity.amount)
  const [second] = placed(filled(bench, leg, base * 40_260))
  assert.ok(second !== undefined)
  const half = { filledBase: (base / 2).toFixed(5), filledQuote: String((base / 2) * 40_016) }
  const [third] = placed(bench.settle(second, { state: 'cancelled', ...half }))
  assert.ok(third !== undefined)
  assert.ok(Math.abs(Number(third.request.quantity.amount) - base / 2) < 2e-5)
  assert.ok(priceOf(third) > priceOf(second))
  assert.deepEqual(placed(bench.settle(third, { state: 'cancelled' })), [])
  const [fourth] = placed(bench.send({ kind: 'timer', timer: HEDGE_TIMER }))
  assert.ok(fourth !== undefined && priceOf(fourth) > priceOf(third))
  const rest = Number(fourth.request.quantity.amount)
  const figures = reported(
    bench.settle(fourth, {
      ...{ state: 'filled', filledBase: String(rest), filledQuote: String(rest * 41_000) },
    }),
  )
  assert.ok(Number(figures.realisedQuote) < 0)
  assert.equal(figures.cause, 'leg failed')
  assert.deepEqual(bench.send({ kind: 'timer', timer: HEDGE_TIMER }), [], 'both legs are whole')
})

test('a loss names the greatest of its shortfalls', () => {
  const lose = (poolPrice: number, bookPrice: number, gas: string) => {
    const bench = open()
    const leg = poolLeg(bench)
    const { clientOrderId, symbol, side, quantity } = leg.request
    const base = Number(quantity.amount)
    bench.send({
      ...{ kind: 'fill', venue: leg.venue },
      fill: {
        ...{ fillId: HASH, clientOrderId, symbol, side, base: quantity.amount },
        ...{ quote: '0', fee: { asset: 'USDC', amount: '0' }, gas: { asset: 'ETH', amount: gas } },
        ...{ liquidity: 'taker', at: 1 },
      },
    })
    const filledBase = quantity.amount
    const word = { state: 'filled', venueOrderId: HASH, filledBase } as const
    const answer = bench.settle(leg, { ...word, filledQuote: String(base * poolPrice) })
    const [second] = placed(answer)
    assert.ok(second !== undefined)
    const filledQuote = String(base * bookPrice)
    return reported(bench.settle(second, { state: 'filled', filledBase, filledQuote })).cause
  }
  assert.equal(lose(39_900, 40_016, '0.0002'), 'pool moved')
  assert.equal(lose(40_260, 40_300, '0.0002'), 'book moved')
  assert.equal(lose(40_260, 40_016, '0.1'), 'gas')
})

test('gas of the last leg is what the next one is expected to cost', () => {
  const bench = open()
  const leg = poolLeg(bench)
  filled(bench, leg, Number(leg.request.quantity.amount) * 40_260)
  assert.equal(Object(bench.state()).gasEth, 0.0002)
})

test('paused it begins nothing, but finishes what is half done', () => {
  const bench = open()
  const leg = poolLeg(bench)
  bench.send({ kind: 'pause' })
  const base = Number(leg.request.quantity.amount)
  const [second] = placed(filled(bench, leg, base * 40_260))
  assert.equal(second?.request.timeInForce, 'IOC')
  const idle = open()
  idle.send({ kind: 'pause' })
  assert.deepEqual(placed(pool(idle, DEAR, 1)), [])
  idle.send({ kind: 'resume' })
  assert.equal(placed(pool(idle, DEAR, 2)).length, 1)
})

test('after a crash it asks what became of the leg under way, and goes on', () => {
  const first = open()
  const leg = poolLeg(first)
  const saved = Object(first.state())
  const again = open({ saved, run: 'two' })
  const { clientOrderId: id, symbol } = leg.request
  const recovers = again.started.filter(({ kind }) => kind === 'recover')
  assert.deepEqual(recovers, [{ kind: 'recover', venue: 'uniswap', symbol, id }])
  assert.deepEqual(placed(pool(again, 40_500, 9)), [], 'nothing new before that is known')
  const [second] = placed(filled(again, leg, Number(leg.request.quantity.amount) * 40_260))
  assert.ok(second !== undefined)
  const third = open({ saved: Object(again.state()), run: 'three' })
  const asked = third.started.find(({ kind }) => kind === 'recover')
  const bookLeg = { kind: 'recover', venue: 'internal', symbol, id: second.request.clientOrderId }
  assert.deepEqual(asked, bookLeg)
  third.settle(second, { state: 'refused', code: 'not_found' })
  const [hedge] = placed(third.send({ kind: 'timer', timer: HEDGE_TIMER }))
  assert.equal(hedge?.request.quantity.amount, second.request.quantity.amount)
})

test('moves coins to the side that runs low, once, and under one id until it is known', () => {
  const bench = open()
  assert.deepEqual(bench.send({ kind: 'timer', timer: REBALANCE_TIMER }), [])
  hold(bench, 'uniswap-v2', { USDC: '50000', BTC: '16' })
  hold(bench, 'internal', { USDC: '1250000', BTC: '11' })
  const moves = bench.send({ kind: 'timer', timer: REBALANCE_TIMER })
  const transfers = moves.flatMap((one) => (one.kind === 'transfer' ? [one.transfer] : []))
  assert.deepEqual(
    transfers.map(({ way, asset, amount }) => [way, asset, amount]),
    [
      ['deposit', 'BTC', '9.250000'],
      ['withdraw', 'USDC', '275000.000000'],
    ],
  )
  const again = bench.send({ kind: 'timer', timer: REBALANCE_TIMER })
  assert.deepEqual(again, moves, 'asked again with the same ids')
  for (const { id } of transfers) {
    bench.send({ kind: 'transfer', result: { id, kind: 'done' } })
  }
  hold(bench, 'uniswap-v2', { USDC: '325000', BTC: '6.75' })
  hold(bench, 'internal', { USDC: '975000', BTC: '20.25' })
  assert.deepEqual(bench.send({ kind: 'timer', timer: REBALANCE_TIMER }), [])
})

test('of all pools of a market the one that should earn most is taken, from one wallet', () => {
  const bench = open({ params: { v3Fees: [500] } })
  const [small, ...none] = placed(v3Pool(bench, 40_160))
  assert.ok(small !== undefined && none.length === 0)
  assert.deepEqual([small.venue, small.request.symbol], ['uniswap', 'BTC-USDC'])
  assert.deepEqual([small.request.side, small.request.timeInForce], ['sell', 'FOK'])
  assert.equal(sizedBy(bench), 'uniswap-v3:BTC-USDC-500')
  const both = open({ params: { v3Fees: [500] } })
  both.send({ kind: 'pause' })
  v3Pool(both, 40_200)
  pool(both, 40_800, 1)
  both.send({ kind: 'resume' })
  const [dearer] = placed(book(both, 'BTC-USDC', 40_000))
  assert.ok(dearer !== undefined)
  assert.equal(sizedBy(both), 'uniswap-v2:BTC-USDC')
  both.settle(dearer, { state: 'refused', code: 'swap.slippage' })
  const [other] = placed(book(both, 'BTC-USDC', 40_000))
  assert.ok(other !== undefined)
  const own = 'the pair is left until it tells something new'
  assert.equal(sizedBy(both), 'uniswap-v3:BTC-USDC-500', own)
})

function sizedBy(bench: Bench): unknown {
  return Object(bench.state()).trades['BTC-USDC']?.pool
}

test('a leg on a pool of V3 is found again after a crash, and its pool is not asked twice', () => {
  const first = open({ params: { v3Fees: [500] } })
  const [leg] = placed(v3Pool(first, 40_200))
  assert.ok(leg !== undefined)
  const again = open({ params: { v3Fees: [500] }, saved: Object(first.state()), run: 'two' })
  const { clientOrderId: id, symbol } = leg.request
  const recovers = again.started.filter(({ kind }) => kind === 'recover')
  assert.deepEqual(recovers, [{ kind: 'recover', venue: 'uniswap', symbol, id }])
  const base = Number(leg.request.quantity.amount)
  const [second] = placed(filled(first, leg, base * 40_150))
  assert.ok(second !== undefined)
  first.settle(second, {
    ...{ state: 'filled', filledBase: String(base), filledQuote: String(base * 40_016) },
  })
  assert.deepEqual(placed(book(first, 'BTC-USDC', 40_000)), [], 'the pool is as it was before')
})

test('a leg that an earlier release sent to a single pool is asked for there', () => {
  const first = open({ params: { v3Fees: [500] } })
  const [leg] = placed(v3Pool(first, 40_200))
  assert.ok(leg !== undefined)
  const saved = structuredClone(Object(first.state()))
  delete saved.trades['BTC-USDC'].isRouted
  const again = open({ params: { v3Fees: [500] }, saved, run: 'two' })
  const recovers = again.started.filter(({ kind }) => kind === 'recover')
  const asked = { symbol: 'BTC-USDC-500', id: leg.request.clientOrderId }
  assert.deepEqual(recovers, [{ kind: 'recover', venue: 'uniswap-v3', ...asked }])
})

/** All pools as one book: crossed where the best bid lies above the best ask. */
function pools(bench: Bench, bid: number, ask: number) {
  const level = (price: number) => [{ price: price.toFixed(6), size: '0.5' }]
  const update = { kind: 'book' as const, symbol: 'BTC-USDC', at: 1 }
  return bench.update('uniswap', { ...update, bids: level(bid), asks: level(ask) })
}

test('where two pools differ they are traded against each other, with a floor', () => {
  const bench = open({ params: { minEdgeQuote: 1 } })
  hold(bench, 'uniswap', { USDC: '300000', BTC: '7' })
  assert.deepEqual(
    placed(pools(bench, 40_004, 40_000)),
    [],
    'two coins are less than gas and floor',
  )
  const [round, ...others] = placed(pools(bench, 40_100, 40_000))
  assert.ok(round !== undefined && others.length === 0)
  const { side, quantity, minProfit, timeInForce, limitPrice } = round.request
  assert.deepEqual(
    [round.venue, side, timeInForce, limitPrice],
    ['uniswap', 'sell', 'FOK', undefined],
  )
  assert.deepEqual([quantity, minProfit], [{ in: 'quote', amount: '40000.00' }, '1.00'])
  assert.equal(round.saved, true)
  assert.deepEqual(placed(pool(bench, DEAR, 1)), [], 'one at a time')
  const gas = { asset: 'ETH', amount: '0.001' }
  const { clientOrderId, symbol } = round.request
  const fill = { fillId: HASH, clientOrderId, symbol, side, base: '0', quote: '48', gas }
  const fee = { asset: 'USDC', amount: '0' }
  bench.send({ kind: 'fill', venue: 'uniswap', fill: { ...fill, fee, liquidity: 'taker', at: 1 } })
  const word = { state: 'filled', venueOrderId: HASH, filledQuote: '48' } as const
  const { realisedQuote, cause, txHash } = reported(bench.settle(round, word))
  assert.ok(Math.abs(Number(realisedQuote) - (48 - 3.0012)) < 1e-9)
  assert.deepEqual([cause, txHash], [null, HASH])
  const [next] = placed(book(bench, 'BTC-USDC', 40_000))
  assert.equal(next?.request.minProfit, undefined, 'all pools are as they were before it')
})

test('a pool and the book go first when they should earn more', () => {
  const bench = open()
  hold(bench, 'uniswap', { USDC: '300000', BTC: '7' })
  bench.send({ kind: 'pause' })
  pools(bench, 40_020, 40_000)
  pool(bench, 41_000, 1)
  bench.send({ kind: 'resume' })
  const [leg] = placed(book(bench, 'BTC-USDC', 40_000))
  assert.equal(leg?.request.minProfit, undefined)
  assert.equal(leg?.request.quantity.in, 'base')
})

test('a round that a pool has left behind is told, one that would not pay is none', () => {
  for (const [code, reports] of [
    ['swap.slippage', 1],
    ['swap.no_profit', 0],
  ] as const) {
    const bench = open()
    hold(bench, 'uniswap', { USDC: '300000', BTC: '7' })
    const [round] = placed(pools(bench, 40_100, 40_000))
    assert.ok(round !== undefined)
    const actions = bench.settle(round, { state: 'refused', code })
    assert.equal(actions.filter(({ kind }) => kind === 'report').length, reports)
    assert.equal(placed(pools(bench, 40_101, 40_000)).length, 1, 'and it looks again')
  }
})

test('a round is found again after a crash', () => {
  const first = open()
  hold(first, 'uniswap', { USDC: '300000', BTC: '7' })
  const [round] = placed(pools(first, 40_100, 40_000))
  assert.ok(round !== undefined)
  const again = open({ saved: Object(first.state()), run: 'two' })
  const { clientOrderId: id, symbol } = round.request
  const recovers = again.started.filter(({ kind }) => kind === 'recover')
  assert.deepEqual(recovers, [{ kind: 'recover', venue: 'uniswap', symbol, id }])
  assert.deepEqual(placed(pool(again, DEAR, 1)), [], 'nothing new before that is known')
})
