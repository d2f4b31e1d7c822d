// Takers and swappers: what they ask for, how often, to which side, and never more than they have.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createGauss, createUniform } from '#bots/random.ts'
import type { SwapReport } from '#bots/runtime/messages.ts'
import { inputFor, startSwapper } from '#bots/runtime/swappers.ts'
import { startTaker } from '#bots/runtime/takers.ts'
import type { OrderRequest, PoolSnapshot } from '#connectors/venue.ts'
import { createFakeVenue, type FakeVenue, orderOf } from './fake-venue.ts'

const now = () => 1

test('the same seed gives the same numbers, spread as they should be', () => {
  const [a, b] = [createUniform(7), createUniform(7)]
  const numbers = Array.from({ length: 20_000 }, () => a())
  assert.deepEqual(
    numbers,
    Array.from({ length: 20_000 }, () => b()),
  )
  const gauss = createGauss(createUniform(8))
  const normal = Array.from({ length: 20_000 }, () => gauss())
  const mean = normal.reduce((sum, one) => sum + one, 0) / normal.length
  const deviation = Math.sqrt(normal.reduce((sum, one) => sum + one ** 2, 0) / normal.length)
  assert.ok(Math.abs(mean) < 0.03 && Math.abs(deviation - 1) < 0.03, `${mean} ${deviation}`)
})

test('a swap of the size that is computed moves the price by exactly the impact', () => {
  const coins = { base: 25, quote: 1_000_000, fee: 0.997 }
  for (const impact of [0.0001, 0.01, 0.05]) {
    const paid = inputFor({ ...coins, side: 'buy', impact })
    const got = (coins.base * paid * 0.997) / (coins.quote + paid * 0.997)
    const after = (coins.quote + paid) / (coins.base - got)
    assert.ok(Math.abs(after / 40_000 - 1 - impact) < 1e-9)
    const sold = inputFor({ ...coins, side: 'sell', impact })
    const brought = (coins.quote * sold * 0.997) / (coins.base + sold * 0.997)
    const low = (coins.quote - brought) / (coins.base + sold)
    assert.ok(Math.abs(40_000 / low - 1 - impact) < 1e-9)
  }
})

function quoted(fake: FakeVenue) {
  const [bids, asks] = [[{ price: '39990.0', size: '5' }], [{ price: '40010.0', size: '5' }]]
  fake.tell({ kind: 'book', symbol: 'BTC-USDC', bids, asks, at: 1 })
}

async function takerOrders(coins: Readonly<Record<string, string>>, seed = 5) {
  const fake = createFakeVenue()
  fake.balances = Object.entries(coins).map(([asset, available]) => {
    return { asset, available, held: '0' }
  })
  const options = { venue: fake.venue, markets: ['BTC-USDC'], idPrefix: 't-', seed, now }
  const taker = await startTaker({ ...options, everyMs: 4 })
  quoted(fake)
  for (let look = 0; look < 400 && fake.placed.length < 60; look += 1) await sleep(5)
  await taker.stop()
  return fake.placed.slice(0, 60)
}

test('takers send small orders that never rest, within reach of the touch', async () => {
  const orders = await takerOrders({ USDC: '100000', BTC: '2.5' })
  assert.equal(orders.length, 60)
  for (const { side, quantity, limitPrice, timeInForce } of orders) {
    const notional = Number(quantity.amount) * (side === 'buy' ? 40_010 : 39_990)
    assert.equal(timeInForce, 'IOC')
    assert.ok(notional > 49 && notional <= 2_000, `${notional}`)
    const reach = side === 'buy' ? Number(limitPrice) / 40_010 : 39_990 / Number(limitPrice)
    assert.ok(reach > 1.0019 && reach < 1.0021, `${reach}`)
  }
  assert.equal(new Set(orders.map(({ clientOrderId }) => clientOrderId)).size, 60)
  const buys = orders.filter(({ side }) => side === 'buy').length
  assert.ok(buys > 12 && buys < 48, `both sides: ${buys}`)
})

test('the same seed wishes the same, and leans towards the coin that is lacking', async () => {
  const wish = ({ side, quantity }: OrderRequest) => `${side} ${quantity.amount}`
  const coins = { USDC: '100000', BTC: '2.5' }
  assert.deepEqual((await takerOrders(coins)).map(wish), (await takerOrders(coins)).map(wish))
  assert.ok((await takerOrders({ USDC: '1000' })).every(({ side }) => side === 'buy'))
  assert.ok((await takerOrders({ BTC: '1' })).every(({ side }) => side === 'sell'))
})

const POOL: PoolSnapshot = {
  ...{ reserveBase: '2500000000', reserveQuote: '1000000000000', block: 1, at: 1 },
  ...{ baseDecimals: 8, quoteDecimals: 6, feeNumerator: '997', feeDenominator: '1000' },
}

async function swaps(coins: Readonly<Record<string, string>>) {
  const fake = createFakeVenue('uniswap-v2')
  fake.balances = Object.entries(coins).map(([asset, available]) => {
    return { asset, available, held: '0' }
  })
  fake.onPlace = (request) => {
    const { amount } = request.quantity
    const order = { ...orderOf(request), state: 'filled' as const, venueOrderId: '0xabc' }
    const digits = request.side === 'buy' ? 6 : 8
    const paid = Number(amount).toFixed(digits)
    return { kind: 'accepted', order: { ...order, filledBase: paid, filledQuote: paid }, fills: [] }
  }
  const told: SwapReport[] = []
  const swapper = await startSwapper({
    ...{ venue: fake.venue, market: 'BTC-USDC', seed: 3, everyMs: 2, impactStdBps: 100 },
    ...{ idPrefix: 's-', now, onSwap: (swap: SwapReport) => void told.push(swap), log: () => {} },
  })
  fake.tell({ kind: 'pool', symbol: 'BTC-USDC', ...POOL })
  for (let look = 0; look < 400 && told.length < 200; look += 1) await sleep(5)
  await swapper.stop()
  return { told, placed: fake.placed }
}

test('swaps go both ways with a normal impact, and are told in smallest units', async () => {
  const { told, placed } = await swaps({ USDC: '1000000', BTC: '25' })
  assert.ok(told.length >= 200)
  const impacts = placed.map(({ side, quantity }) => {
    const share = Number(quantity.amount) / (side === 'buy' ? 1_000_000 : 25)
    return (1 + share) * (1 + 0.997 * share) - 1
  })
  const deviation = Math.sqrt(impacts.reduce((sum, one) => sum + one ** 2, 0) / impacts.length)
  assert.ok(deviation > 0.008 && deviation < 0.012, `${deviation}`)
  const buys = told.filter(({ direction }) => direction === 'buy').length / told.length
  assert.ok(buys > 0.35 && buys < 0.65, `${buys}`)
  const [first] = told
  const [order] = placed
  const decimals = order?.side === 'buy' ? 1e6 : 1e8
  assert.equal(Number(first?.amountIn), Math.round(Number(order?.quantity.amount) * decimals))
})

test('a swapper that has little gives a quarter of it at most', async () => {
  const { placed } = await swaps({ USDC: '100', BTC: '0' })
  assert.ok(placed.every(({ side }) => side === 'buy'))
  assert.ok(placed.every(({ quantity }) => Number(quantity.amount) <= 25))
})
