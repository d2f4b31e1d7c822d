// Pool: what a pool is and what state it can be in, of every kind we trade on.
//
// A state is never changed: the next block has another one, so whoever holds a state can compute
// with it as long as it likes.

import type { Fee } from '../uniswap-v2/forks.ts'
import type { V3Pool } from '../uniswap-v3/pool.ts'

export type WatchedPool = {
  /** The symbol of the instrument: 'ETH-USDC', 'ETH-USDC-500'. */
  readonly market: string
  readonly address: string
  readonly baseIsToken0: boolean
  readonly kind: PoolKind
}

/** What never changes about a pool, beside its tokens. */
export type PoolKind =
  | { readonly name: 'v2'; readonly fee: Fee }
  | { readonly name: 'v3'; readonly feePips: bigint; readonly tickSpacing: number }

export type V2State = {
  readonly kind: 'v2'
  readonly reserve0: bigint
  readonly reserve1: bigint
  readonly fee: Fee
}

export type V3State = { readonly kind: 'v3'; readonly pool: V3Pool }

export type PoolState = V2State | V3State

/** The reserves of a pair by what they are to its market. */
export function reservesOf(
  { baseIsToken0 }: Pick<WatchedPool, 'baseIsToken0'>,
  { reserve0, reserve1 }: V2State,
) {
  return baseIsToken0
    ? { reserveBase: reserve0, reserveQuote: reserve1 }
    : { reserveBase: reserve1, reserveQuote: reserve0 }
}

export function sameState(a: PoolState, b: PoolState): boolean {
  if (a.kind === 'v2') {
    return b.kind === 'v2' && a.reserve0 === b.reserve0 && a.reserve1 === b.reserve1
  }
  return b.kind === 'v3' && (a.pool === b.pool || sameV3(a.pool, b.pool))
}

function sameV3(a: V3Pool, b: V3Pool): boolean {
  const sameSlots =
    a.sqrtPriceX96 === b.sqrtPriceX96 && a.tick === b.tick && a.liquidity === b.liquidity
  if (!sameSlots || a.ticks.length !== b.ticks.length) return false
  return a.ticks.every(({ index, net, gross }, at) => {
    const other = b.ticks[at]
    return other?.index === index && other.net === net && other.gross === gross
  })
}
