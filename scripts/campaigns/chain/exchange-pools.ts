// Pools of a chain of its own for comparing quotes: every fee of V3, dense and sparse, and V2.
//
// A dense pool has positions that begin and end at neighbouring ticks, a sparse one has words
// without any tick between its positions. Where they lie comes from the seed.

import type { Deployment } from '#connectors/evm/deployment.ts'
import { createKeys } from '#connectors/evm/keys.ts'
import { createChainControl } from '#scripts/chain/control.ts'
import { deploy, type PoolSeed } from '#scripts/chain/deploy.ts'
import { type LocalChain, startLocalChain } from '#scripts/chain/local-chain.ts'
import type { V3PoolSeed, V3Range } from '#scripts/chain/uniswap-v3.ts'
import type { Random } from '../random.ts'

export type PoolChain = {
  readonly chain: LocalChain
  readonly deployment: Deployment
  /** Owns the positions and any amount of the tokens. */
  readonly account: ReturnType<ReturnType<typeof createKeys>['wallet']>
}

const MNEMONIC = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const CHAIN_ID = 31_337
const ETH = 10n ** 18n

const PAIRS: readonly PoolSeed[] = [
  {
    ...{ market: 'BTC-USDC', base: 'BTC', quote: 'USDC' },
    ...{ baseAmount: 50n * 10n ** 8n, quoteAmount: 3_000_000n * 10n ** 6n },
  },
  {
    ...{ market: 'ETH-USDC', base: 'ETH', quote: 'USDC' },
    ...{ baseAmount: 1_000n * ETH, quoteAmount: 2_500_000n * 10n ** 6n },
  },
]

/** Starts and fills the chain; the caller stops it. */
export async function startPoolChain(random: Random, positions: number): Promise<PoolChain> {
  const chain = await startLocalChain({ port: 0, chainId: CHAIN_ID })
  const keys = createKeys(MNEMONIC)
  const account = keys.wallet('deployer', 0)
  const { rpc } = chain
  await createChainControl(rpc, 'hardhat').setBalance(account.address, 1_000_000n * ETH)
  const v3Pools: V3PoolSeed[] = ([100, 500, 3_000, 10_000] as const).flatMap((fee) =>
    PAIRS.map((pair, at) => {
      const ranges = at === 0 ? denseRanges(random, positions) : sparseRanges(random, positions)
      return { ...pair, fee, ranges }
    }),
  )
  const mints = ['BTC', 'USDC', 'ETH'].map((asset) => {
    return { asset, to: account.address, amount: 10n ** 23n }
  })
  const instanceId = `0x${'5a'.repeat(32)}`
  const plan = { rpc, deployer: account, instanceId, pools: PAIRS, v3Pools, mints }
  return { chain, deployment: await deploy(plan), account }
}

function denseRanges(random: Random, count: number): V3Range[] {
  const some = Array.from({ length: count }, () => {
    const from = random.below(60) - 30
    return { from, to: from + 1 + random.below(8) }
  })
  return ['full', ...some]
}

/** Ranges as far apart as thousands of spacings; far positions may leave no full range at all. */
function sparseRanges(random: Random, count: number): V3Range[] {
  const some = Array.from({ length: Math.ceil(count / 3) }, () => {
    const from = random.below(1_600) - 1_000
    return { from, to: from + 300 + random.below(1_000) }
  })
  return [{ from: -700, to: 700 }, ...some]
}
