// The chain that runs: found by chain.json of a data folder, for commands that act on it.
//
// Only one that npm run chain started. The demo writes chain.json too, but its deployer is its
// custody's own wallet: whoever sends in its name takes its nonces.

import { resolve } from 'node:path'
import { ChainUnavailable, createRpc, read } from '#connectors/evm/provider.ts'
import { list } from '#connectors/evm/quantity.ts'
import { StartError } from '#kernel/start-error.ts'
import { readChainFile } from './chain-file.ts'
import { createChainControl, programOf } from './control.ts'
import type { World } from './scenarios/world.ts'

export type RunningChain = {
  readonly folder: string
  readonly rpcUrl: string
  readonly world: World
}

/** What the chain refuses or does not answer is one line. */
export async function onRunningChain<T>(
  data: string | boolean | undefined,
  work: (chain: RunningChain) => Promise<T>,
): Promise<T> {
  const given = typeof data === 'string' ? data : process.env.CROSSBOOK_DATA
  const folder = resolve(given ?? '.crossbook')
  const { rpcUrl, deployment } = readChainFile(folder)
  const rpc = createRpc({ url: rpcUrl, chainId: deployment.chainId })
  try {
    const world = { rpc, deployment, control: createChainControl(rpc, await programOf(rpc)) }
    const accounts = list(await read(rpc, 'eth_accounts', []))
    if (accounts.length === 0) {
      throw new StartError(`the chain at ${rpcUrl} is not one that npm run chain started`)
    }
    return await work({ folder, rpcUrl, world })
  } catch (error) {
    if (!(error instanceof ChainUnavailable)) throw error
    throw new StartError(`the chain at ${rpcUrl} did not do it: ${error.message}`)
  }
}
