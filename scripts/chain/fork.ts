// Fork: a chain of our own that goes on from what stands on another one.
//
// The other chain is only read. Its pools and tokens are there as they were; the executor is a new
// one, of this chain's first account, because the other chain's belongs to somebody else. The
// address of a node may hold a secret, so messages name its host alone.

import { readFileSync } from 'node:fs'
import type { Deployment } from '#connectors/evm/deployment.ts'
import { readHead } from '#connectors/evm/heads.ts'
import { createRpc, type Rpc, read } from '#connectors/evm/provider.ts'
import { index } from '#connectors/evm/quantity.ts'
import { StartError } from '#kernel/start-error.ts'
import { placeExecutor } from './executor.ts'
import { createPlace } from './placement.ts'
import { createSender, type Signer } from './sender.ts'
import type { ChainFork } from './settings.ts'

const PATIENCE_MS = 10_000

/** The chain id of what is to be forked; a StartError when it cannot be reached. */
export async function forkedChainId({ url }: ChainFork): Promise<number> {
  const rpc = createRpc({ url, chainId: 1, timeoutMs: PATIENCE_MS })
  const answer = await rpc.ask('eth_chainId', [])
  if (answer.kind === 'ok') return index(answer.result)
  const why = answer.kind === 'refused' ? answer.reason : 'it does not answer'
  throw new StartError(`the chain to fork at ${new URL(url).host} cannot be read: ${why}`)
}

/** A chain file's deployment without its executor, which is not ours. */
export function readForkedDeployment(path: string, chainId: number): Deployment {
  let deployment: Deployment
  try {
    const { rpcUrl: _, abis: __, ...found } = JSON.parse(readFileSync(path, 'utf8'))
    deployment = found
  } catch {
    throw new StartError(`${path} cannot be read as the addresses of a chain`)
  }
  if (deployment.chainId === chainId) return deployment
  throw new StartError(`${path} is of chain ${deployment.chainId}, the fork of chain ${chainId}`)
}

export type ForkPlan = {
  readonly rpc: Rpc
  readonly deployer: Signer
  readonly deployment: Deployment
  readonly operators: readonly string[]
}

/** Puts an executor for the file's tokens and pools on the fork. */
export async function deployOnFork(plan: ForkPlan): Promise<Deployment> {
  const { rpc, deployer, deployment, operators } = plan
  for (const [asset, { address }] of Object.entries(deployment.tokens)) {
    const code = await read(rpc, 'eth_getCode', [address, 'latest'])
    if (code === '0x') throw new StartError(`the fork has no token ${asset} at ${address}`)
  }
  const sender = await createSender(rpc, deployer)
  const { tokens, factory, pairs, v3 } = deployment
  const venues = { tokens, factory, pairs, v3, operators }
  const executor = await placeExecutor(sender, createPlace(sender), venues)
  await sender.settled()
  const { number: block } = await readHead(rpc, 'latest')
  return { ...deployment, executor, block }
}
