// Pool state of V2: two reserves, told whole by every Sync log.

import type { Log } from '../logs.ts'
import type { V2State } from '../pools/pool.ts'
import { type Rpc, read } from '../provider.ts'
import { text, word } from '../quantity.ts'
import type { Fee } from './forks.ts'

export const SYNC = '0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1'
const GET_RESERVES = '0x0902f1ac'

/** A pair as it is at a block; throws ChainUnavailable. */
export async function readPair(
  rpc: Rpc,
  { address, fee }: { readonly address: string; readonly fee: Fee },
  hash: string,
): Promise<V2State> {
  const [reserve0, reserve1] = await readReserves(rpc, address, { hash })
  return { kind: 'v2', reserve0, reserve1, fee }
}

/** The two reserves in the pair's own order, at exactly one block. */
export async function readReserves(
  rpc: Rpc,
  address: string,
  { hash }: { readonly hash: string },
): Promise<readonly [bigint, bigint]> {
  const call = { to: address, data: GET_RESERVES }
  const data = text(await read(rpc, 'eth_call', [call, { blockHash: hash }]))
  return [word(data, 0), word(data, 1)]
}

export function applySync(state: V2State, { data }: Log): V2State {
  return { ...state, reserve0: word(data, 0), reserve1: word(data, 1) }
}
