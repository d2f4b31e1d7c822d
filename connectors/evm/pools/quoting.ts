// Quoting: what a pool of any kind takes for an output, or gives for an input, exactly.
//
// Undefined when the pool cannot make the whole of it. The gas is an estimate for comparing routes:
// what a hop adds to a swap through SwapExecutor. Hops and ticks are fitted to what
// test/contracts/gas.json has measured, and a test holds them within a twentieth of it.

import { getAmountIn, getAmountOut } from '../uniswap-v2/maths.ts'
import type { Way } from '../uniswap-v3/path.ts'
import { swap } from '../uniswap-v3/swap-maths.ts'
import type { PoolState, V2State } from './pool.ts'

export type PoolQuote = {
  readonly amountIn: bigint
  readonly amountOut: bigint
  readonly gas: bigint
}

export type ExactAmount = {
  /** Down: token0 comes in. Up: token1 does. */
  readonly way: Way
  readonly exact: 'in' | 'out'
  readonly amount: bigint
}

/** What a swap through the executor uses beside its pools. */
export const GAS_BASE = 60_000n
export const GAS_V2 = 64_000n
export const GAS_V3 = 70_000n
export const GAS_TICK = 25_000n
/** Of a token's exact approval, a transaction of its own. */
export const GAS_APPROVAL = 47_000n

export function quotePool(state: PoolState, request: ExactAmount): PoolQuote | undefined {
  if (state.kind === 'v2') return quotePair(state, request)
  const { amountIn, amountOut, crossed, isWhole } = swap(state.pool, request)
  if (!isWhole || amountIn === 0n || amountOut === 0n) return undefined
  return { amountIn, amountOut, gas: GAS_V3 + GAS_TICK * BigInt(crossed) }
}

function quotePair(state: V2State, { way, exact, amount }: ExactAmount): PoolQuote | undefined {
  const reserves =
    way === 'down'
      ? { in: state.reserve0, out: state.reserve1 }
      : { in: state.reserve1, out: state.reserve0 }
  const [amountIn, amountOut] =
    exact === 'in'
      ? [amount, getAmountOut(amount, reserves, state.fee)]
      : [getAmountIn(amount, reserves, state.fee), amount]
  if (amountIn === undefined || amountIn === 0n || amountOut === 0n) return undefined
  return { amountIn, amountOut, gas: GAS_V2 }
}
