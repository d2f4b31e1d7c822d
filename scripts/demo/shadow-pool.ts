// The shadow pool: what a pool would be if nobody arbitraged it.
//
// It begins with the real pool's reserves and takes every swap of the swappers, with the same
// amount in and the same maths, and none of the arbitrage. How far its price strays from the book
// is the measure that the arbitrage bot is held against.

import type { Fee } from '#connectors/evm/uniswap-v2/forks.ts'
import { getAmountOut, reservesAfter } from '#connectors/evm/uniswap-v2/maths.ts'

export type PoolReserves = { readonly base: bigint; readonly quote: bigint }

export type ShadowPool = {
  /** A swapper bought base with quote, or sold base for quote; exact amount in. */
  swap(input: { readonly side: 'buy' | 'sell'; readonly amountIn: bigint }): void
  reserves(): PoolReserves
}

export function createShadowPool(start: PoolReserves, fee: Fee): ShadowPool {
  let { base, quote } = start
  return {
    swap({ side, amountIn }) {
      const reserves = side === 'buy' ? { in: quote, out: base } : { in: base, out: quote }
      const amountOut = getAmountOut(amountIn, reserves, fee)
      const after = reservesAfter(reserves, { amountIn, amountOut })
      ;[base, quote] = side === 'buy' ? [after.out, after.in] : [after.in, after.out]
    },
    reserves: () => ({ base, quote }),
  }
}

/** The pool's price as a float: quote coins for one base coin. */
export function poolPrice(
  reserves: PoolReserves,
  decimals: { readonly base: number; readonly quote: number },
): number {
  const quote = Number(reserves.quote) / 10 ** decimals.quote
  return quote / (Number(reserves.base) / 10 ** decimals.base)
}
