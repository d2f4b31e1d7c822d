// The size and the edge of an arbitrage, against the connector's exact maths and brute force.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type ArbitrageInput,
  arbitrageOf,
  bestArbitrage,
  poolLimit,
} from '#bots/pricing/best-arbitrage.ts'
import { quoteUnitsFor } from '#bots/pricing/pool-maths.ts'
import { pricedBook, pricedReserves } from '#bots/pricing/priced-pool.ts'
import { swapAmounts } from '#connectors/evm/pools/amounts.ts'
import { getAmountIn, getAmountOut } from '#connectors/evm/uniswap-v2/maths.ts'
import type { PoolSnapshot } from '#connectors/venue.ts'

const FEE = { numerator: 997n, denominator: 1_000n }

/** About 1,000,000 USDC on each side, WBTC with 8 decimals. */
function poolAt(price: number): PoolSnapshot {
  return {
    reserveBase: String(Math.round((1_000_000 / price) * 1e8)),
    reserveQuote: '1000000000000',
    ...{ baseDecimals: 8, quoteDecimals: 6, feeNumerator: '997', feeDenominator: '1000' },
    ...{ block: 1, at: 1 },
  }
}

/** Levels of 20,000 USDC at 4, 8 and 14 bps from 40,000. */
function input(pool: PoolSnapshot, changes: Partial<ArbitrageInput> = {}): ArbitrageInput {
  const levels = (sign: number) =>
    [4, 8, 14].map((bps) => {
      return { price: (40_000 * (1 + (sign * bps) / 10_000)).toFixed(1), size: '0.5' }
    })
  return {
    ...{
      pool: pricedReserves(pool),
      bids: levels(-1),
      asks: levels(1),
      takerFee: 0.0005,
      lot: '0.00001',
    },
    ...{ gasQuote: 0.6, baseMax: { buy: 100, sell: 100 } },
    ...changes,
  }
}

const amount = fc.bigInt({ min: 1n, max: 10n ** 24n })

test('the pool maths of bots equals that of the connector bit for bit', () => {
  fc.assert(
    fc.property(amount, amount, amount, (reserveBase, reserveQuote, base) => {
      const pool = {
        ...poolAt(1),
        ...{ reserveBase: String(reserveBase), reserveQuote: String(reserveQuote) },
      }
      const bought = getAmountIn(base, { in: reserveQuote, out: reserveBase }, FEE)
      assert.equal(quoteUnitsFor(pool, { side: 'buy', base }), bought)
      const sold = getAmountOut(base, { in: reserveBase, out: reserveQuote }, FEE)
      assert.equal(quoteUnitsFor(pool, { side: 'sell', base }), sold)
    }),
  )
})

test('no size earns more than the one that is chosen', () => {
  const price = fc.double({ min: 39_000, max: 41_000, noNaN: true })
  fc.assert(
    fc.property(price, (at) => {
      const given = input(poolAt(at))
      const best = bestArbitrage(given)
      for (const side of ['buy', 'sell'] as const) {
        for (let size = 0.001; size < 1.5; size *= 1.03) {
          const other = arbitrageOf(given, side, size)
          const most = Math.max(best?.edge ?? 0, 0)
          // A lot less than the best size is worth less than this.
          if (other !== undefined) assert.ok(other.edge <= most + 1e-4, `${side} ${size}`)
        }
      }
    }),
    { numRuns: 60 },
  )
})

test('a pool inside fees and gas is left alone, one beyond them is not', () => {
  // 30 bps of the pool, 5 of the taker, 4 to the touch; gas is worth another 15.
  for (const bps of [0, 20, 38, 45, -38, -45]) {
    assert.equal(bestArbitrage(input(poolAt(40_000 * (1 + bps / 10_000)))), undefined)
  }
  const dear = bestArbitrage(input(poolAt(40_000 * 1.008)))
  const cheap = bestArbitrage(input(poolAt(40_000 * 0.992)))
  assert.equal(dear?.side, 'sell')
  assert.equal(cheap?.side, 'buy')
  assert.ok((dear?.edge ?? 0) > 2 && (cheap?.edge ?? 0) > 2)
})

test('the edge is what both legs and the gas leave, to the last unit', () => {
  const pool = poolAt(40_400)
  const found = bestArbitrage(input(pool))
  assert.ok(found !== undefined && found.side === 'sell')
  const units = BigInt(Math.round(Number(found.base) * 1e8))
  const reserves = { in: BigInt(pool.reserveBase), out: BigInt(pool.reserveQuote) }
  assert.equal(found.poolQuoteUnits, getAmountOut(units, reserves, FEE))
  const asks = [40_016, 40_032, 40_056]
  let left = Number(found.base)
  let paid = 0
  for (const price of asks) {
    paid += Math.min(left, 0.5) * price
    left -= Math.min(left, 0.5)
  }
  const edge = Number(found.poolQuoteUnits) / 1e6 - paid * 1.0005 - 0.6
  assert.ok(Math.abs(found.edge - edge) < 1e-6)
})

test('neither leg is larger than what it can be paid with, nor than the book', () => {
  const pool = poolAt(36_000)
  const capped = bestArbitrage(input(pool, { baseMax: { buy: 0.123456, sell: 0 } }))
  assert.equal(capped?.base, '0.12345')
  assert.ok(Number(bestArbitrage(input(pool))?.base) <= 1.5)
  assert.equal(bestArbitrage(input(pool, { baseMax: { buy: 0.000009, sell: 0 } })), undefined)
  assert.equal(bestArbitrage(input(pool, { bids: [] })), undefined)
})

test('the limit gives up what it may and not one unit more', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.02, max: 5, noNaN: true }), fc.boolean(), (give, isDear) => {
      const pool = poolAt(isDear ? 40_700 : 39_300)
      const found = bestArbitrage(input(pool))
      assert.ok(found !== undefined)
      const { side, base, poolQuoteUnits } = found
      const amounts = swapAmounts(
        { side, quantity: { in: 'base', amount: base }, limitPrice: poolLimit(found, pool, give) },
        { base: 8, quote: 6 },
      )
      const room = BigInt(Math.floor(give * 1e6))
      if (amounts?.kind === 'exact-out') assert.equal(amounts.maxIn, poolQuoteUnits + room)
      else assert.equal(amounts?.minOut, poolQuoteUnits - room)
    }),
    { numRuns: 60 },
  )
})

/** Levels of evenly spread liquidity, as a pool of V3 tells them, and the pair that it is. */
function spread(price: number, fee: number) {
  const bases = 1_000_000 / price
  const side = (sign: 1 | -1) =>
    Array.from({ length: 25 }, (_, at) => {
      const [from, to] = [1.001 ** ((sign * at) / 2), 1.001 ** ((sign * (at + 1)) / 2)]
      const size = bases * Math.abs(1 / from - 1 / to)
      const average = price * from * to
      return sign === 1
        ? { price: String(average / (1 - fee * fee)), size: String(size) }
        : { price: String(average), size: String(size / (1 - fee)) }
    })
  const pool = {
    ...{ reserveBase: String(Math.round(bases * 1e8)), reserveQuote: '1000000000000' },
    ...{ baseDecimals: 8, quoteDecimals: 6, block: 1, at: 1 },
    ...{ feeNumerator: String((1 - fee) * 10_000), feeDenominator: '10000' },
  }
  return { book: { bids: side(-1), asks: side(1) }, pool }
}

test('a pool told as a book is sized and quoted as the pair that it is like', () => {
  fc.assert(
    fc.property(fc.double({ min: -0.02, max: 0.02, noNaN: true }), (off) => {
      const { book, pool } = spread(40_000 * (1 + off), 0.0005)
      const priced = pricedBook(book, { takerFee: 0.0005, baseDecimals: 8 })
      assert.ok(priced !== undefined)
      const exact = bestArbitrage(input(pool))
      const found = bestArbitrage({ ...input(pool), pool: priced })
      assert.equal(found?.side, exact?.side)
      assert.ok(Math.abs(Number(found?.base ?? 0) - Number(exact?.base ?? 0)) <= 2e-5)
      assert.ok(Math.abs((found?.edge ?? 0) - (exact?.edge ?? 0)) < 1e-2)
    }),
    { numRuns: 200 },
  )
})

test('a pool with one side alone has no price, and none is traded beyond its last level', () => {
  const { book } = spread(40_000, 0.0005)
  const terms = { takerFee: 0.0005, baseDecimals: 8 }
  assert.equal(pricedBook({ ...book, bids: [] }, terms), undefined)
  const [level] = book.asks
  assert.ok(level !== undefined)
  const priced = pricedBook({ ...book, asks: [level] }, terms)
  const units = BigInt(Math.floor(Number(level.size) * 1e8))
  assert.ok((priced?.quoteUnits({ side: 'buy', base: units }) ?? 0n) > 0n)
  assert.equal(priced?.quoteUnits({ side: 'buy', base: units + 2n }), undefined)
})
