// Reads pools of every kind whole, all at one block.

import type { Rpc } from '../provider.ts'
import { readPair } from '../uniswap-v2/pool-state.ts'
import { readV3Pool } from '../uniswap-v3/pool-state.ts'
import type { PoolState, WatchedPool } from './pool.ts'

/** By market; throws ChainUnavailable when a pool does not answer. */
export async function readStates(
  rpc: Rpc,
  pools: readonly WatchedPool[],
  blockHash: string,
): Promise<ReadonlyMap<string, PoolState>> {
  const states = new Map<string, PoolState>()
  for (const pool of pools) states.set(pool.market, await readState(rpc, pool, blockHash))
  return states
}

async function readState(
  rpc: Rpc,
  { address, kind }: WatchedPool,
  blockHash: string,
): Promise<PoolState> {
  if (kind.name === 'v2') return readPair(rpc, { address, fee: kind.fee }, blockHash)
  return { kind: 'v3', pool: await readV3Pool(rpc, { address, ...kind }, blockHash) }
}
