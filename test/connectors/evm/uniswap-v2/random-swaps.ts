// Random swaps through the router from a fixed seed, in both directions and on all pools.

import { Interface } from 'ethers'
import { type Deployment, tokenOf } from '#connectors/evm/deployment.ts'
import { approveCall } from '#connectors/evm/erc20.ts'
import type { Rpc } from '#connectors/evm/provider.ts'
import type { Signer } from '#connectors/evm/signing.ts'
import { createSender } from '#scripts/chain/sender.ts'

export type RandomSwaps = {
  one(): Promise<void>
  /** After the chain went back: the next nonce is read from it again. */
  rewind(): Promise<void>
}

export type RandomSwapsDeps = {
  readonly rpc: Rpc
  readonly signer: Signer
  readonly deployment: Deployment
  readonly seed: number
}

const FOREVER = 2n ** 40n
const PLENTY = 2n ** 200n
const router = new Interface([
  'function swapExactTokensForTokens(uint256, uint256, address[], address, uint256)',
])

export async function createRandomSwaps(deps: RandomSwapsDeps): Promise<RandomSwaps> {
  const { rpc, signer, deployment } = deps
  const random = generator(deps.seed)
  const pools = Object.values(deployment.pairs)
  let sender = await createSender(rpc, signer)
  for (const { address } of Object.values(deployment.tokens)) {
    await sender.send(approveCall(address, deployment.router, PLENTY))
  }

  async function one(): Promise<void> {
    const pool = pools[Math.floor(random() * pools.length)]
    if (pool === undefined) throw new Error('no pools')
    const [from, to] = random() < 0.5 ? [pool.base, pool.quote] : [pool.quote, pool.base]
    const [tokenIn, tokenOut] = [tokenOf(deployment, from), tokenOf(deployment, to)]
    const units = BigInt(Math.ceil(random() * 1_000_000))
    const worth = from === 'USDC' ? 5_000n : 1n
    const amount = (units * worth * 10n ** BigInt(tokenIn.decimals)) / 1_000_000n
    const path = [tokenIn.address, tokenOut.address]
    const args = [amount, 0n, path, signer.address, FOREVER]
    const data = router.encodeFunctionData('swapExactTokensForTokens', args)
    await sender.send({ to: deployment.router, data })
    await sender.settled()
  }

  return {
    one,
    async rewind() {
      sender = await createSender(rpc, signer)
    },
  }
}

/** A small linear congruential generator: repeatable numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
