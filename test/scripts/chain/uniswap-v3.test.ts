// Uniswap V3 as a development chain has it: pools of every fee, open at their price, with depth.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Interface } from 'ethers'
import { link, readArtifact } from '#connectors/evm/artifacts.ts'
import { tokenOf } from '#connectors/evm/deployment.ts'
import { read } from '#connectors/evm/provider.ts'
import { text } from '#connectors/evm/quantity.ts'
import { sqrtPriceX96, TICK_SPACINGS } from '#scripts/chain/uniswap-v3.ts'
import { startDexChain } from '#test/connectors/evm/dev-chain.ts'

const { rpc, deployment } = await startDexChain()
const { v3 } = deployment
const pools = Object.values(v3.pools)
const quoter = new Interface([...readArtifact('QuoterV2').abi])
const pool = new Interface([...readArtifact('UniswapV3Pool').abi])
const positions = new Interface([...readArtifact('NonfungiblePositionManager').abi])

async function ask(abi: Interface, to: string, name: string, args: readonly unknown[] = []) {
  const call = { to, data: abi.encodeFunctionData(name, args) }
  return abi.decodeFunctionResult(name, text(await read(rpc, 'eth_call', [call, 'latest'])))
}

test('there is a pool of every fee, with the spacing the factory gives it', async () => {
  assert.deepEqual(new Set(pools.map(({ fee }) => fee)), new Set([100, 500, 3_000, 10_000]))
  for (const { address, fee, tickSpacing } of pools) {
    const [spacing] = await ask(pool, address, 'tickSpacing')
    assert.equal(Number(spacing), tickSpacing)
    assert.equal(TICK_SPACINGS[fee as keyof typeof TICK_SPACINGS], tickSpacing) // one of the four
  }
})

test('a small sale gets the opening price less the fee, in either order of tokens', async () => {
  for (const { market, base, quote, fee, baseIsToken0 } of pools) {
    const seed = deployment.pairs[market]
    assert.equal(baseIsToken0, seed?.baseIsToken0)
    const [tokenIn, tokenOut] = [tokenOf(deployment, base), tokenOf(deployment, quote)]
    const amountIn = 10n ** BigInt(tokenIn.decimals) / 100n
    const args = [[tokenIn.address, tokenOut.address, amountIn, fee, 0]]
    const [amountOut] = await ask(quoter, v3.quoter, 'quoteExactInputSingle', args)
    const price = { 'BTC-USDC': 60_000, 'ETH-USDC': 2_500 }[market] ?? Number.NaN
    const worth = (Number(amountOut) / 1e6 / price) * 100
    assert.ok(Math.abs(worth - (1 - fee / 1e6)) < 1e-3, `${market}:${fee} pays ${worth}`)
  }
})

test('every position is an NFT that shows itself', async () => {
  const [url] = await ask(positions, v3.positions, 'tokenURI', [1])
  assert.match(String(url), /^data:application[/]json;base64,/)
})

test('a library that is not given is an error, never a hole in the code', () => {
  const artifact = readArtifact('NonfungibleTokenPositionDescriptor')
  assert.throws(() => link(artifact, {}), /NFTDescriptor is not given/)
})

test('the opening price is the square root, rounded down to its last binary place', () => {
  assert.equal(sqrtPriceX96(1n, 1n), 1n << 96n)
  assert.equal(sqrtPriceX96(1n, 4n), 1n << 97n)
  const root = sqrtPriceX96(3n, 7n)
  assert.ok(root ** 2n * 3n <= 7n << 192n && (root + 1n) ** 2n * 3n > 7n << 192n)
})
