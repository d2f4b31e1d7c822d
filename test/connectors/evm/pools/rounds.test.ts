// Rounds in memory: no input gains more than the one that is found.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { PoolState } from '#connectors/evm/pools/pool.ts'
import { quotePool } from '#connectors/evm/pools/quoting.ts'
import { bestRound } from '#connectors/evm/pools/rounds.ts'
import { poolStates } from './random-pools.ts'

test('no input gains more than the best one, and pools that agree gain nothing', () => {
  const reached = { none: 0, gains: 0 }
  const states = fc.array(poolStates, { minLength: 2, maxLength: 4 })
  fc.assert(
    fc.property(states, fc.bigInt({ min: 10n ** 8n, max: 10n ** 21n }), (all, amountMax) => {
      const pools = all.map((_, at) => {
        return { market: `m${at}`, address: `0x${at}`, token0: '0xA0', token1: '0xB1' }
      })
      const stateOf = (market: string) => all[Number(market.slice(1))]
      const request = { token: '0xA0', amountMax, costOf: () => 0n }
      const best = bestRound({ pools, stateOf }, request)
      reached[best === undefined ? 'none' : 'gains'] += 1
      const gained = best?.net ?? 0n
      assert.ok(gained >= 0n && (best?.amountIn ?? 0n) <= amountMax)
      for (const amountIn of inputs(amountMax)) {
        if (amountIn <= amountMax >> 20n) continue
        const other = mostGained(all, amountIn)
        // The best input is found to a ten-thousandth, and rounding is a unit a pool.
        const slack = gained / 10_000n + 4n
        assert.ok(other <= gained + slack, `${amountIn} gains ${other}, the best ${gained}`)
      }
    }),
    { seed: 51, numRuns: 150 },
  )
  assert.ok(reached.none > 5 && reached.gains > 5, JSON.stringify(reached))
})

function inputs(most: bigint): bigint[] {
  return Array.from({ length: 40 }, (_, at) => most / 3n ** BigInt(at)).filter((one) => one > 0n)
}

/** Of every way over two pools. */
function mostGained(states: readonly PoolState[], amountIn: bigint): bigint {
  const gains = states.flatMap((first, at) =>
    states.map((second, to) => {
      const bought = quotePool(first, { way: 'down', exact: 'in', amount: amountIn })
      if (bought === undefined || at === to) return 0n
      const sold = quotePool(second, { way: 'up', exact: 'in', amount: bought.amountOut })
      return (sold?.amountOut ?? 0n) - amountIn
    }),
  )
  return gains.toSorted((a, b) => (a < b ? 1 : -1))[0] ?? 0n
}
