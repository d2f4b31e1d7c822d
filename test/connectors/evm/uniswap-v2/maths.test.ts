// The maths of a pool: equal to the router on chain, and the arbitrage size really is the best one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Interface } from 'ethers'
import fc from 'fast-check'
import { list, quantity, text } from '#connectors/evm/quantity.ts'
import { FORKS, localFork } from '#connectors/evm/uniswap-v2/forks.ts'
import {
  getAmountIn,
  getAmountOut,
  optimalAmountIn,
  reservesAfter,
  squareRootDown,
} from '#connectors/evm/uniswap-v2/maths.ts'
import { startDevChain } from '../dev-chain.ts'

const { chain, deployment } = await startDevChain()
const fork = localFork(deployment)
const router = new Interface([
  'function getAmountOut(uint256, uint256, uint256) pure returns (uint256)',
  'function getAmountIn(uint256, uint256, uint256) pure returns (uint256)',
])

const RESERVE_MAX = 2n ** 112n - 1n
const reserve = fc.bigInt({ min: 1n, max: RESERVE_MAX })
const small = fc.bigInt({ min: 1n, max: 10n ** 12n })
const either = fc.oneof(reserve, small)

type Case = readonly [amount: bigint, reserveIn: bigint, reserveOut: bigint]

/** The router's answers to many questions in one HTTP request; undefined where it reverts. */
async function onChain(method: string, cases: readonly Case[]) {
  const batch = cases.map((args, id) => {
    const call = { to: deployment.router, data: router.encodeFunctionData(method, [...args]) }
    return { jsonrpc: '2.0', id, method: 'eth_call', params: [call, 'latest'] }
  })
  const headers = { 'content-type': 'application/json' }
  const reply = await fetch(chain.url, { method: 'POST', headers, body: JSON.stringify(batch) })
  const answers = new Map(list(await reply.json()).map((answer) => [Object(answer).id, answer]))
  return cases.map((_, id) => {
    const { result } = Object(answers.get(id))
    return result === undefined ? undefined : quantity(text(result))
  })
}

test('getAmountOut equals the router on 600 random pools', async () => {
  const cases = fc.sample(fc.tuple(either, either, either), { numRuns: 600, seed: 11 })
  const expected = await onChain('getAmountOut', cases)
  const ours = cases.map(([amount, from, to]) => {
    return getAmountOut(amount, { in: from, out: to }, fork.fee)
  })
  assert.deepEqual(ours, expected)
})

test('getAmountIn equals the router on 600 random pools, refusals included', async () => {
  const cases = fc.sample(fc.tuple(either, either, either), { numRuns: 600, seed: 12 })
  const expected = await onChain('getAmountIn', cases)
  assert.ok(expected.includes(undefined) && expected.some((amount) => amount !== undefined))
  for (const [index, [amount, from, to]] of cases.entries()) {
    const ours = getAmountIn(amount, { in: from, out: to }, fork.fee)
    // The router subtracts without a check at amount = reserve, and divides by zero.
    assert.equal(ours, expected[index], `case ${index}: ${amount} of ${from} / ${to}`)
  }
})

test('paying getAmountIn gives at least what was asked, and two units less does not', () => {
  const pools = fc.tuple(small, small, small)
  fc.assert(
    fc.property(pools, fc.constantFrom(...FORKS), ([part, from, extra], { fee }) => {
      const reserves = { in: from, out: part + extra }
      const amountIn = getAmountIn(part, reserves, fee) ?? 0n
      assert.ok(getAmountOut(amountIn, reserves, fee) >= part)
      assert.ok(getAmountOut(amountIn - 2n, reserves, fee) < part)
    }),
    { seed: 13 },
  )
})

test('no swap makes the product of the reserves smaller', () => {
  fc.assert(
    fc.property(small, small, small, (amountIn, from, to) => {
      const before = { in: from, out: to }
      const amountOut = getAmountOut(amountIn, before, fork.fee)
      const after = reservesAfter(before, { amountIn, amountOut })
      assert.ok(after.in * after.out >= before.in * before.out)
    }),
    { seed: 14 },
  )
})

test('no other size earns more than the optimal one, beyond rounding', () => {
  const wide = fc.bigInt({ min: 10n ** 9n, max: 10n ** 24n })
  const price = fc.record({ numerator: wide, denominator: wide })
  const factor = fc.integer({ min: 1, max: 4_000 })
  fc.assert(
    fc.property(wide, wide, price, factor, (from, to, worth, permille) => {
      const reserves = { in: from, out: to }
      // Profit times the price's denominator, so that nothing is rounded away.
      const profit = (amountIn: bigint) =>
        getAmountOut(amountIn, reserves, fork.fee) * worth.numerator - amountIn * worth.denominator
      const best = optimalAmountIn(reserves, fork.fee, worth)
      const other = best === 0n ? BigInt(permille) * 10n ** 6n : (best * BigInt(permille)) / 1_000n
      // One unit of output lost to rounding is worth a price; one of input is worth itself.
      const rounding = worth.numerator * 2n + worth.denominator * 2n
      assert.ok(profit(other) <= profit(best) + rounding, `${other} beats ${best}`)
    }),
    { seed: 15 },
  )
})

test('after the optimal swap the pool stands at the target price, less the fee', () => {
  const reserves = { in: 2_500_000n * 10n ** 6n, out: 1_000n * 10n ** 18n }
  // 2,600 USDC a WETH elsewhere, 2,500 here: in smallest units of USDC for one of WETH.
  const price = { numerator: 2_600n * 10n ** 6n, denominator: 10n ** 18n }
  const amountIn = optimalAmountIn(reserves, fork.fee, price)
  const amountOut = getAmountOut(amountIn, reserves, fork.fee)
  const after = reservesAfter(reserves, { amountIn, amountOut })
  const [poolPrice, target] = [Number(after.in) / Number(after.out), 2_600e6 / 1e18]
  assert.ok(poolPrice < target && poolPrice > target * 0.996, `${poolPrice / target}`)
  assert.equal(optimalAmountIn(after, fork.fee, price) < amountIn / 1_000n, true)
})

test('a pool that is not cheaper than elsewhere, fee included, is left alone', () => {
  const reserves = { in: 10n ** 12n, out: 10n ** 12n }
  assert.equal(optimalAmountIn(reserves, fork.fee, { numerator: 1_003n, denominator: 1_000n }), 0n)
  assert.ok(optimalAmountIn(reserves, fork.fee, { numerator: 1_004n, denominator: 1_000n }) > 0n)
})

test('the square root is exact and rounds down', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 300n }), (value) => {
      const root = squareRootDown(value)
      assert.ok(root * root <= value && (root + 1n) * (root + 1n) > value)
    }),
    { seed: 16 },
  )
})

test('empty amounts and empty pools give nothing', () => {
  assert.equal(getAmountOut(0n, { in: 1n, out: 1n }, fork.fee), 0n)
  assert.equal(getAmountOut(1n, { in: 0n, out: 0n }, fork.fee), 0n)
  assert.equal(getAmountIn(0n, { in: 1n, out: 1n }, fork.fee), 0n)
  assert.equal(getAmountIn(1n, { in: 1n, out: 1n }, fork.fee), undefined)
})
