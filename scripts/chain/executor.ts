// The executor on a development chain: SwapExecutor with every token and pool of the deployment.
//
// The deployer owns it. What is not listed here cannot be traded with, as on any other chain.

import { Interface } from 'ethers'
import { readArtifact } from '#connectors/evm/artifacts.ts'
import type { Pair, V3Deployment } from '#connectors/evm/deployment.ts'
import type { Place } from './placement.ts'
import type { Sender } from './sender.ts'
import { type Tokens, tokenIn } from './token-supply.ts'

export type ExecutorVenues = {
  readonly tokens: Tokens
  /** Of Uniswap V2. */
  readonly factory: string
  readonly pairs: Readonly<Record<string, Pair>>
  readonly v3: V3Deployment
  readonly operators: readonly string[]
}

/** What a pair of Uniswap V2 keeps of an input, in hundredths of a basis point. */
const PAIR_FEE = 3_000

export async function placeExecutor(sender: Sender, place: Place, venues: ExecutorVenues) {
  const { tokens, operators } = venues
  const addresses = Object.values(tokens).map(({ address }) => address)
  const to = await place('SwapExecutor', [sender.address, operators, addresses])
  await listPools(sender, to, venues)
  return to
}

/** Its owner tells the executor at `to` which pools it may use. */
export async function listPools(
  sender: Sender,
  to: string,
  { tokens, factory, pairs, v3 }: Omit<ExecutorVenues, 'operators'>,
): Promise<void> {
  const abi = new Interface([...readArtifact('SwapExecutor').abi])
  const list = async (name: 'listPair' | 'listPool', of: string, pool: Pair, fee: number) => {
    const [base, quote] = [tokenIn(tokens, pool.base), tokenIn(tokens, pool.quote)]
    const data = abi.encodeFunctionData(name, [of, base.address, quote.address, fee])
    await sender.send({ to, data })
  }
  for (const pair of Object.values(pairs)) await list('listPair', factory, pair, PAIR_FEE)
  for (const pool of Object.values(v3.pools)) await list('listPool', v3.factory, pool, pool.fee)
}
