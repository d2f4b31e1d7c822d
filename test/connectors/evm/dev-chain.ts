// A development chain of one test file's own: the real child process with everything deployed.

import { after } from 'node:test'
import type { Deployment } from '#connectors/evm/deployment.ts'
import { createKeys, type Keys } from '#connectors/evm/keys.ts'
import type { Rpc } from '#connectors/evm/provider.ts'
import { type ChainControl, createChainControl } from '#scripts/chain/control.ts'
import { deploy } from '#scripts/chain/deploy.ts'
import { type LocalChain, startLocalChain } from '#scripts/chain/local-chain.ts'
import type { Mint } from '#scripts/chain/token-supply.ts'
import type { V3PoolSeed } from '#scripts/chain/uniswap-v3.ts'

export type DevChain = {
  readonly chain: LocalChain
  readonly rpc: Rpc
  readonly control: ChainControl
  readonly keys: Keys
  readonly deployment: Deployment
}

const MNEMONIC = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
/** Bots 0 to 2 are operators of the executor; bot 3 is not. */
const OPERATORS = 3
export const USDC = 10n ** 6n
export const BTC = 10n ** 8n
export const ETH = 10n ** 18n

/** The same chain with pools of Uniswap V3 of every fee beside the pairs. */
export function startDexChain(): Promise<DevChain> {
  return startDevChain(V3_POOLS)
}

/** Bots 0 to 3 own native ETH for gas and 1,000,000 USDC, 100 BTC and 1,000 WETH each. */
export async function startDevChain(v3Pools: readonly V3PoolSeed[] = []): Promise<DevChain> {
  const chain = await startLocalChain({ port: 0, chainId: 31_337 })
  after(() => chain.stop())
  const { rpc } = chain
  const keys = createKeys(MNEMONIC)
  const control = createChainControl(rpc, 'hardhat')
  const deployer = keys.wallet('deployer', 0)
  const bots = [0, 1, 2, 3].map((index) => keys.address('bots', index))
  for (const address of bots) await control.setBalance(address, 100n * ETH)
  await control.setBalance(deployer.address, 100_000n * ETH)
  const instanceId = `0x${'5a'.repeat(32)}`
  const operators = bots.slice(0, OPERATORS)
  const mints = bots.flatMap(fundsOf)
  const deployment = await deploy({
    rpc,
    deployer,
    instanceId,
    pools: POOLS,
    v3Pools,
    mints,
    operators,
  })
  return { chain, rpc, control, keys, deployment }
}

export const POOLS = [
  {
    market: 'BTC-USDC',
    base: 'BTC',
    quote: 'USDC',
    baseAmount: 50n * BTC,
    quoteAmount: 3_000_000n * USDC,
  },
  {
    market: 'ETH-USDC',
    base: 'ETH',
    quote: 'USDC',
    baseAmount: 1_000n * ETH,
    quoteAmount: 2_500_000n * USDC,
  },
] as const

export const V3_POOLS: readonly V3PoolSeed[] = ([100, 500, 3_000, 10_000] as const).flatMap((fee) =>
  POOLS.map((pool) => ({ ...pool, fee })),
)

function fundsOf(to: string): Mint[] {
  return [
    { asset: 'USDC', to, amount: 1_000_000n * USDC },
    { asset: 'BTC', to, amount: 100n * BTC },
    { asset: 'ETH', to, amount: 1_000n * ETH },
  ]
}
