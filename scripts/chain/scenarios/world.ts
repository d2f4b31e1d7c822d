// World: what a scenario acts on: a development chain, its powers and what stands on it.
//
// Pools are named as in a deployment: 'ETH-USDC' is the pair of Uniswap V2, 'ETH-USDC:500' the pool
// of V3 with that fee.

import { createBalanceReader } from '#connectors/evm/balances.ts'
import { type Deployment, type Pair, tokenOf, type V3Pool } from '#connectors/evm/deployment.ts'
import { readHead } from '#connectors/evm/heads.ts'
import type { Rpc } from '#connectors/evm/provider.ts'
import { StartError } from '#kernel/start-error.ts'
import type { ChainControl } from '../control.ts'

export type World = {
  readonly rpc: Rpc
  readonly control: ChainControl
  readonly deployment: Deployment
}

/** A pool with a fee is one of V3. */
export type AnyPool = Pair | V3Pool

export type Side = 'base' | 'quote'

export function poolNames({ pairs, v3 }: Deployment): string[] {
  return [...Object.keys(pairs), ...Object.keys(v3.pools)]
}

export function poolOf(deployment: Deployment, name: string): AnyPool {
  const pool = deployment.pairs[name] ?? deployment.v3.pools[name]
  if (pool !== undefined) return pool
  throw new StartError(`there is no pool ${name}: ${poolNames(deployment).join(', ')}`)
}

export function isV3(pool: AnyPool): pool is V3Pool {
  return 'fee' in pool
}

/** The tokens of a trade that sells this side. */
export function tokensOf(deployment: Deployment, pool: AnyPool, sells: Side) {
  const [base, quote] = [tokenOf(deployment, pool.base), tokenOf(deployment, pool.quote)]
  const [tokenIn, tokenOut] = sells === 'base' ? [base, quote] : [quote, base]
  const [assetIn, assetOut] = sells === 'base' ? [pool.base, pool.quote] : [pool.quote, pool.base]
  return { tokenIn, tokenOut, assetIn, assetOut }
}

export async function balanceOf(rpc: Rpc, token: string, holder: string): Promise<bigint> {
  const { number } = await readHead(rpc, 'latest')
  const [balance = 0n] = await createBalanceReader(rpc)([{ token, holder }], number)
  return balance
}
