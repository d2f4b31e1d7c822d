// Call quotes: the same questions asked of QuoterV2 on chain, sixteen at a time.

import { Interface } from 'ethers'
import { read } from '#connectors/evm/provider.ts'
import { text, word } from '#connectors/evm/quantity.ts'
import type { SwapRequest } from '#connectors/evm/uniswap-v3/swap-maths.ts'
import type { PoolChain } from '../../campaigns/chain/exchange-pools.ts'
import type { BenchPools } from './bench-pools.ts'

const IN_FLIGHT = 16
const quoter = new Interface([
  `function quoteExactInputSingle((address, address, uint256, uint24, uint160))
    returns (uint256, uint160, uint32, uint256)`,
  `function quoteExactOutputSingle((address, address, uint256, uint24, uint160))
    returns (uint256, uint160, uint32, uint256)`,
])

export function createCallQuotes({ chain, deployment }: PoolChain, pools: BenchPools) {
  const { at, token0, token1 } = pools

  async function one({ way, exact, amount }: SwapRequest): Promise<bigint> {
    const tokens = way === 'down' ? [token0, token1] : [token1, token0]
    const method = exact === 'in' ? 'quoteExactInputSingle' : 'quoteExactOutputSingle'
    const data = quoter.encodeFunctionData(method, [[...tokens, amount, at.fee, 0n]])
    const call = { to: deployment.v3.quoter, data }
    const asked = () => read(chain.rpc, 'eth_call', [call, 'latest'])
    // A connection that was kept may be closed by the node just as it is used again.
    const answer = await asked().catch(asked)
    return word(text(answer), 0)
  }

  return {
    async all(requests: readonly SwapRequest[]): Promise<readonly bigint[]> {
      const answers: bigint[] = []
      for (let from = 0; from < requests.length; from += IN_FLIGHT) {
        answers.push(...(await Promise.all(requests.slice(from, from + IN_FLIGHT).map(one))))
      }
      return answers
    },
  }
}
