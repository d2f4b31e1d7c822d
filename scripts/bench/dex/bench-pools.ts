// Bench pools: the pool that quotes are measured on, as the mirror has it.

import { tokenOf, type V3Pool as V3Address } from '#connectors/evm/deployment.ts'
import { readHead } from '#connectors/evm/heads.ts'
import type { V3Pool } from '#connectors/evm/uniswap-v3/pool.ts'
import { readV3Pool } from '#connectors/evm/uniswap-v3/pool-state.ts'
import type { PoolChain } from '../../campaigns/chain/exchange-pools.ts'

export type BenchPools = {
  readonly pool: V3Pool
  readonly at: V3Address
  readonly token0: string
  readonly token1: string
  readonly baseIsToken0: boolean
}

const POOL = 'BTC-USDC:3000'

export async function openBenchPools({ chain, deployment }: PoolChain): Promise<BenchPools> {
  const at = deployment.v3.pools[POOL]
  if (at === undefined) throw new Error(`no pool ${POOL}`)
  const { hash } = await readHead(chain.rpc, 'latest')
  const { address, fee, tickSpacing, baseIsToken0 } = at
  const pool = await readV3Pool(chain.rpc, { address, feePips: BigInt(fee), tickSpacing }, hash)
  const [base, quote] = [at.base, at.quote].map((asset) => tokenOf(deployment, asset).address)
  const [token0 = '', token1 = ''] = baseIsToken0 ? [base, quote] : [quote, base]
  return { pool, at, token0, token1, baseIsToken0 }
}
