// Pool trade: a swap in one pool by Uniswap's own routers, as people outside do it.
//
// Our executor is not used: a scenario plays the others. Amounts are in smallest units; prices for
// people are quote coins for one base coin, as floating-point numbers that decide nothing.

import { Interface } from 'ethers'
import { type Deployment, tokenOf } from '#connectors/evm/deployment.ts'
import type { Call } from '#connectors/evm/gas.ts'
import { readHead } from '#connectors/evm/heads.ts'
import { type Rpc, read } from '#connectors/evm/provider.ts'
import { text, word } from '#connectors/evm/quantity.ts'
import { readReserves } from '#connectors/evm/uniswap-v2/pool-state.ts'
import { type AnyPool, isV3, type Side, tokensOf } from './world.ts'

const FOREVER = 2n ** 40n
const SLOT0 = '0x3850c7bd'

const v2 = new Interface([
  `function swapExactTokensForTokens(uint256 amountIn, uint256 minOut, address[] path, address to,
    uint256 deadline) returns (uint256[] amounts)`,
  'function getAmountsOut(uint256 amountIn, address[] path) view returns (uint256[] amounts)',
])
const v3 = new Interface([
  `function exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address to,
    uint256 deadline, uint256 amountIn, uint256 minOut, uint160 priceLimit))
    returns (uint256 amountOut)`,
  `function quoteExactInputSingle((address tokenIn, address tokenOut, uint256 amountIn, uint24 fee,
    uint160 priceLimit)) returns (uint256 amountOut, uint160, uint32, uint256)`,
])

export type Trade = {
  readonly sells: Side
  readonly amountIn: bigint
  readonly minOut: bigint
  readonly to: string
  /** Where a pool of V3 stops: a square root with 96 binary places. */
  readonly priceLimit?: bigint
}

/** Who takes the input, and so what must be approved. */
export function routerOf(deployment: Deployment, pool: AnyPool): string {
  return isV3(pool) ? deployment.v3.router : deployment.router
}

export function tradeCall(deployment: Deployment, pool: AnyPool, trade: Trade): Call {
  const { amountIn, minOut, priceLimit = 0n } = trade
  const { tokenIn, tokenOut } = tokensOf(deployment, pool, trade.sells)
  const path = [tokenIn.address, tokenOut.address]
  const to = routerOf(deployment, pool)
  if (!isV3(pool)) {
    const args = [amountIn, minOut, path, trade.to, FOREVER]
    return { to, data: v2.encodeFunctionData('swapExactTokensForTokens', args) }
  }
  const order = [...path, pool.fee, trade.to, FOREVER, amountIn, minOut, priceLimit]
  return { to, data: v3.encodeFunctionData('exactInputSingle', [order]) }
}

type Question = { readonly pool: AnyPool; readonly sells: Side; readonly amountIn: bigint }

/** What the chain itself says a swap in the next block would give. */
export async function quoteOf(rpc: Rpc, deployment: Deployment, question: Question) {
  const { pool, sells, amountIn } = question
  const { tokenIn, tokenOut } = tokensOf(deployment, pool, sells)
  const path = [tokenIn.address, tokenOut.address]
  const ask = async (to: string, data: string) =>
    text(await read(rpc, 'eth_call', [{ to, data }, 'latest']))
  if (!isV3(pool)) {
    const data = v2.encodeFunctionData('getAmountsOut', [amountIn, path])
    // An array: where it begins, its length, the input, the output.
    return word(await ask(deployment.router, data), 3)
  }
  const data = v3.encodeFunctionData('quoteExactInputSingle', [[...path, amountIn, pool.fee, 0n]])
  return word(await ask(deployment.v3.quoter, data), 0)
}

/** Reserves of base and quote; of a pair of V2. */
export async function reservesOf(rpc: Rpc, pool: AnyPool): Promise<readonly [bigint, bigint]> {
  const [first, second] = await readReserves(rpc, pool.address, await readHead(rpc, 'latest'))
  return pool.baseIsToken0 ? [first, second] : [second, first]
}

/** The square root of token1 / token0 with 96 binary places; of a pool of V3. */
export async function rootPriceOf(rpc: Rpc, pool: AnyPool): Promise<bigint> {
  const call = { to: pool.address, data: SLOT0 }
  return word(text(await read(rpc, 'eth_call', [call, 'latest'])), 0)
}

/** Quote coins for one base coin, in the middle. */
export async function priceOf(rpc: Rpc, deployment: Deployment, pool: AnyPool): Promise<number> {
  const [base, quote] = [tokenOf(deployment, pool.base), tokenOf(deployment, pool.quote)]
  if (!isV3(pool)) {
    const [ofBase, ofQuote] = await reservesOf(rpc, pool)
    return Number(ofQuote) / 10 ** quote.decimals / (Number(ofBase) / 10 ** base.decimals)
  }
  const ratio = (Number(await rootPriceOf(rpc, pool)) / 2 ** 96) ** 2
  return (pool.baseIsToken0 ? ratio : 1 / ratio) * 10 ** (base.decimals - quote.decimals)
}
