// The world of swaps: an anvil with everything deployed, and a bot that may use the executor.

import { createKeys } from '#connectors/evm/keys.ts'
import { createChainControl } from '#scripts/chain/control.ts'
import { deploy } from '#scripts/chain/deploy.ts'
import { type LocalChain, startLocalChain } from '#scripts/chain/local-chain.ts'
import { POOLS, UNIT, V3_POOLS } from '#scripts/chain/local-pools.ts'
import type { World } from '#scripts/chain/scenarios/world.ts'

type Wallet = ReturnType<ReturnType<typeof createKeys>['wallet']>

export type SwapWorld = {
  readonly chain: LocalChain
  readonly world: World
  /** Owns the executor and any amount of ether. */
  readonly deployer: Wallet
  /** An operator of the executor with plenty of every token. */
  readonly bot: Wallet
}

const MNEMONIC = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const CHAIN_ID = 31_337
const PLENTY = 10n ** 4n

/** The caller stops the chain. */
export async function startSwapWorld(): Promise<SwapWorld> {
  const chain = await startLocalChain({ port: 0, chainId: CHAIN_ID, engine: 'anvil' })
  const { rpc } = chain
  const keys = createKeys(MNEMONIC)
  const [deployer, bot] = [keys.wallet('deployer', 0), keys.wallet('bots', 0)]
  const control = createChainControl(rpc, 'anvil')
  await control.setBalance(deployer.address, 10n ** 6n * UNIT.ETH)
  await control.setBalance(bot.address, PLENTY * UNIT.ETH)
  const amounts = { BTC: PLENTY * UNIT.BTC, ETH: PLENTY * UNIT.ETH, USDC: 10n ** 9n * UNIT.USDC }
  const mints = Object.entries(amounts).map(([asset, amount]) => {
    return { asset, to: bot.address, amount }
  })
  const deployment = await deploy({
    ...{ rpc, deployer, instanceId: `0x${'5a'.repeat(32)}`, pools: POOLS, v3Pools: V3_POOLS },
    ...{ mints, operators: [bot.address] },
  })
  return { chain, world: { rpc, control, deployment }, deployer, bot }
}
