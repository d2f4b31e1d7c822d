// Sdk pool: the same pool in Uniswap's own v3-sdk, and its quotes.
//
// The pool is made once; what is measured is the quote alone, with amounts made beforehand as the
// sdk wants them. The sdk quotes nothing that empties the pool, and throws instead.

import type { V3Pool } from '#connectors/evm/uniswap-v3/pool.ts'
import type { SwapRequest } from '#connectors/evm/uniswap-v3/swap-maths.ts'
import { requirePeer } from '../peers.ts'

/** A quote that is ready to be asked again and again. */
export type SdkQuote = () => Promise<bigint>

export type SdkPool = { prepare(request: SwapRequest): SdkQuote }

type Amount = { readonly quotient: { toString(): string } }

export function createSdkPool(pool: V3Pool): SdkPool {
  const { Token, CurrencyAmount } = requirePeer('@uniswap/sdk-core')
  const { Pool, TickListDataProvider } = requirePeer('@uniswap/v3-sdk')
  const token = (byte: string) => new Token(1, `0x${byte.repeat(20)}`, 18)
  const [token0, token1] = [token('11'), token('22')]
  const ticks = pool.ticks.map(({ index, net, gross }) => {
    return { index, liquidityNet: String(net), liquidityGross: String(gross) }
  })
  const price = [String(pool.sqrtPriceX96), String(pool.liquidity), pool.tick]
  const provider = new TickListDataProvider(ticks, pool.edges.tickSpacing)
  const sdk = new Pool(token0, token1, Number(pool.feePips), ...price, provider)
  return {
    prepare({ way, exact, amount }) {
      const given = (way === 'down') === (exact === 'in') ? token0 : token1
      const wanted = CurrencyAmount.fromRawAmount(given, String(amount))
      const answer: () => Promise<[Amount]> =
        exact === 'in' ? () => sdk.getOutputAmount(wanted) : () => sdk.getInputAmount(wanted)
      return async () => BigInt((await answer())[0].quotient.toString())
    },
  }
}
