// crossbook/hardhat: our chain's pools, tokens and executor in somebody's own Hardhat project.
//
// It needs nothing of Hardhat but the provider of a simulated network, so the project's own Hardhat
// is the only one. The same contracts come to the same addresses every time: they depend on an
// account that nobody else uses. Its key is public, as is everything on such a chain.

import { id, Wallet } from 'ethers'
import { type Deployment, tokenOf } from '#connectors/evm/deployment.ts'
import { type Rpc, type RpcAnswer, read } from '#connectors/evm/provider.ts'
import { index, list, text } from '#connectors/evm/quantity.ts'
import { StartError } from '#kernel/start-error.ts'
import { contractAbis } from './chain-file.ts'
import { createChainControl } from './control.ts'
import { deploy, type PoolSeed } from './deploy.ts'
import { POOLS, pocketMoney, V3_POOLS } from './local-pools.ts'
import { createActor } from './scenarios/actor.ts'
import { createScenarios, type Scenarios } from './scenarios/scenarios.ts'
import { poolNames } from './scenarios/world.ts'
import type { V3PoolSeed } from './uniswap-v3.ts'

/** What `network.create()` gives as `provider`: EIP-1193. */
export type ChainProvider = {
  request(asked: { readonly method: string; readonly params?: unknown[] }): Promise<unknown>
}

export type DexOptions = {
  /** Of Uniswap V2; those of `npm run chain` when not given. */
  readonly pools?: readonly PoolSeed[]
  /** Of Uniswap V3; those of `npm run chain` when not given. */
  readonly v3Pools?: readonly V3PoolSeed[]
  /**
   * Who may swap through the executor and gets 1,000,000 USDC and 10 WBTC; the accounts of the
   * network when not given.
   */
  readonly accounts?: readonly string[]
}

export type Dex = {
  /** Addresses and decimals of everything, as in chain.json. */
  readonly deployment: Deployment
  readonly abis: ReturnType<typeof contractAbis>
  /** 'ETH-USDC' is a pair of Uniswap V2, 'ETH-USDC:500' a pool of V3. */
  readonly pools: readonly string[]
  readonly scenarios: Scenarios
  /** The address of the token of an asset: 'USDC', 'BTC', 'ETH'. */
  token(asset: string): string
  /** New tokens, in the smallest unit. */
  fund(address: string, asset: string, amount: bigint): Promise<void>
}

const DEPLOYER = new Wallet(id('crossbook/hardhat'))
const INSTANCE = id('crossbook/hardhat/instance')
const WEI_FOR_EVERYTHING = 10n ** 24n

/** Deploys everything on a simulated network that mines by itself; a second or two, once. */
export async function createDex(provider: ChainProvider, options: DexOptions = {}): Promise<Dex> {
  const { pools = POOLS, v3Pools = V3_POOLS } = options
  const rpc = await rpcOf(provider)
  const control = createChainControl(rpc, 'hardhat')
  const accounts = options.accounts ?? list(await read(rpc, 'eth_accounts', [])).map(text)
  const nonce = await read(rpc, 'eth_getTransactionCount', [DEPLOYER.address, 'latest'])
  if (index(nonce) > 0) throw new StartError('this network has the pools already')
  await control.setBalance(DEPLOYER.address, WEI_FOR_EVERYTHING)
  const deployment = await deploy({
    ...{ rpc, deployer: DEPLOYER, instanceId: INSTANCE, pools, v3Pools },
    ...{ mints: accounts.flatMap(pocketMoney), operators: accounts },
  })
  const world = { rpc, control, deployment }
  return {
    deployment,
    abis: contractAbis(),
    pools: poolNames(deployment),
    scenarios: createScenarios(world),
    token: (asset) => tokenOf(deployment, asset).address,
    async fund(address, asset, amount) {
      const actor = await createActor(world, address)
      await actor.fund(asset, amount)
      await control.letGo(address)
    },
  }
}

async function rpcOf(provider: ChainProvider): Promise<Rpc> {
  const chainId = index(await provider.request({ method: 'eth_chainId' }))
  const ask = async (method: string, params: readonly unknown[]): Promise<RpcAnswer> => {
    try {
      return { kind: 'ok', result: await provider.request({ method, params: [...params] }) }
    } catch (error) {
      // In this process there is no lost reply: what is thrown is what the node says.
      const { code, message, data } = Object(error)
      const refused = { kind: 'refused' as const, code: Number(code), reason: String(message) }
      return typeof data === 'string' ? { ...refused, data } : refused
    }
  }
  return { chainId, ask }
}
