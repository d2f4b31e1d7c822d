// Uniswap V3 on a development chain: the published contracts, and pools with several positions.
//
// A pool opens at quoteAmount / baseAmount; each of its ranges is offered an equal part of both
// amounts and takes what its place around the price needs. What no range takes stays with the
// provider, so an account whose balances are counted should not be one.

import { AbiCoder, encodeBytes32String, getCreate2Address, Interface, keccak256 } from 'ethers'
import type { V3Deployment, V3Pool } from '#connectors/evm/deployment.ts'
import { type Rpc, read } from '#connectors/evm/provider.ts'
import { fromTopic } from '#connectors/evm/quantity.ts'
import { assert } from '#kernel/assert.ts'
import type { Place } from './placement.ts'
import type { Sender } from './sender.ts'
import { approve, supply, type Tokens, tokenIn } from './token-supply.ts'

/** Ticks from the opening price, in tick spacings; the lower end is part of the range. */
export type V3Range = { readonly from: number; readonly to: number } | 'full'

export type V3PoolSeed = {
  readonly market: string
  readonly base: string
  readonly quote: string
  readonly fee: V3Fee
  readonly baseAmount: bigint
  readonly quoteAmount: bigint
  /** At most a hundred or so; SPREAD when not given. */
  readonly ranges?: readonly V3Range[]
}

/** The spacing of ticks of each fee, in hundredths of a basis point. */
export const TICK_SPACINGS = { 100: 1, 500: 10, 3000: 60, 10000: 200 } as const
export type V3Fee = keyof typeof TICK_SPACINGS

/** Around the price and thinner further out, some to one side alone. */
export const SPREAD: readonly V3Range[] = [
  'full',
  { from: -100, to: 100 },
  { from: -20, to: 20 },
  { from: -4, to: 4 },
  { from: 2, to: 9 },
  { from: -9, to: -2 },
]

const POOL_INIT_HASH = '0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54'
const TICK_MAX = 887_272
const FOREVER = 2n ** 40n

const factoryAbi = new Interface([
  'function enableFeeAmount(uint24 fee, int24 tickSpacing)',
  'function getPool(address, address, uint24) view returns (address)',
])
const positionsAbi = new Interface([
  `function createAndInitializePoolIfNecessary(address token0, address token1, uint24 fee,
    uint160 sqrtPriceX96) payable returns (address)`,
  `function mint((address token0, address token1, uint24 fee, int24 tickLower, int24 tickUpper,
    uint256 amount0, uint256 amount1, uint256 min0, uint256 min1, address to, uint256 deadline))
    payable`,
])

type Contracts = Omit<V3Deployment, 'pools'>

/** Factory with all four fees, position manager, quoter, router and tick lens. */
export async function placeV3(sender: Sender, place: Place, weth: string): Promise<Contracts> {
  const factory = await place('UniswapV3Factory')
  // The published factory opens with three fees; the fourth was voted in later.
  const data = factoryAbi.encodeFunctionData('enableFeeAmount', [100, TICK_SPACINGS[100]])
  await sender.send({ to: factory, data })
  const library = await place('NFTDescriptor')
  const descriptor = await place(
    'NonfungibleTokenPositionDescriptor',
    [weth, encodeBytes32String('ETH')],
    { NFTDescriptor: library },
  )
  return {
    factory,
    positions: await place('NonfungiblePositionManager', [factory, weth, descriptor]),
    quoter: await place('QuoterV2', [factory, weth]),
    router: await place('SwapRouter', [factory, weth]),
    tickLens: await place('TickLens'),
  }
}

export type V3Seeding = {
  /** Mints the tokens. */
  readonly deployer: Sender
  /** Owns the positions; pays their gas. */
  readonly provider: Sender
  readonly tokens: Tokens
  readonly contracts: Contracts
  readonly pools: readonly V3PoolSeed[]
}

/** Opens every pool and fills its ranges; answers them by market and fee: 'ETH-USDC:500'. */
export async function seedV3Pools(seeding: V3Seeding): Promise<Record<string, V3Pool>> {
  const pools: Record<string, V3Pool> = {}
  for (const seed of seeding.pools)
    pools[`${seed.market}:${seed.fee}`] = await seedOne(seeding, seed)
  return pools
}

async function seedOne(seeding: V3Seeding, seed: V3PoolSeed): Promise<V3Pool> {
  const { deployer, provider, tokens, contracts } = seeding
  const { market, base, quote, fee } = seed
  const [token0, token1] = sides(tokens, seed)
  const to = contracts.positions
  for (const { asset, amount } of [token0, token1]) {
    await supply(deployer, tokens, { asset, amount, to: provider.address })
    await approve(provider, tokenIn(tokens, asset), to, amount)
  }
  const pair = [token0.address, token1.address, fee]
  const opening = sqrtPriceX96(token0.amount, token1.amount)
  const created = [...pair, opening]
  const create = positionsAbi.encodeFunctionData('createAndInitializePoolIfNecessary', created)
  await provider.send({ to, data: create })
  const ranges = seed.ranges ?? SPREAD
  const offered = [token0, token1].map(({ amount }) => amount / BigInt(ranges.length))
  for (const range of ranges) {
    const ends = ticksOf(range, { opening, spacing: TICK_SPACINGS[fee] })
    const terms = [...pair, ...ends, ...offered, 0, 0, provider.address, FOREVER]
    await provider.send({ to, data: positionsAbi.encodeFunctionData('mint', [terms]) })
  }
  const address = poolAddress(contracts.factory, { token0: pair[0], token1: pair[1], fee })
  const baseIsToken0 = token0.asset === base
  return { market, fee, tickSpacing: TICK_SPACINGS[fee], address, base, quote, baseIsToken0 }
}

type PoolKey = { readonly token0: unknown; readonly token1: unknown; readonly fee: number }

function poolAddress(factory: string, { token0, token1, fee }: PoolKey): string {
  const types = ['address', 'address', 'uint24']
  const salt = keccak256(AbiCoder.defaultAbiCoder().encode(types, [token0, token1, fee]))
  return getCreate2Address(factory, salt, POOL_INIT_HASH)
}

/** Both sides of a pool, the lower address first, as the chain orders them. */
function sides(tokens: Tokens, seed: V3PoolSeed) {
  const both = [
    { asset: seed.base, amount: seed.baseAmount, address: tokenIn(tokens, seed.base).address },
    { asset: seed.quote, amount: seed.quoteAmount, address: tokenIn(tokens, seed.quote).address },
  ] as const
  const [first, second] = both
  const inOrder = first.address.toLowerCase() < second.address.toLowerCase()
  return inOrder ? ([first, second] as const) : ([second, first] as const)
}

/** The square root of amount1 / amount0 with 96 binary places, rounded down. */
export function sqrtPriceX96(amount0: bigint, amount1: bigint): bigint {
  const ratio = (amount1 << 192n) / amount0
  let root = ratio
  for (let next = (root + 1n) / 2n; next < root; next = (root + ratio / root) / 2n) root = next
  return root
}

function ticksOf(range: V3Range, at: { readonly opening: bigint; readonly spacing: number }) {
  const { opening, spacing } = at
  const last = Math.floor(TICK_MAX / spacing) * spacing
  if (range === 'full') return [-last, last]
  // A float is enough to choose a range; no amount depends on it.
  const tick = (2 * Math.log(Number(opening) / 2 ** 96)) / Math.log(1.0001)
  const middle = Math.floor(tick / spacing)
  return [range.from, range.to].map((end) => (middle + end) * spacing)
}

/** The factory must know every pool at the address our own maths gave it. */
export async function checkV3Pools(rpc: Rpc, tokens: Tokens, v3: V3Deployment): Promise<void> {
  for (const { base, quote, fee, address, market } of Object.values(v3.pools)) {
    const args = [tokenIn(tokens, base).address, tokenIn(tokens, quote).address, fee]
    const call = { to: v3.factory, data: factoryAbi.encodeFunctionData('getPool', args) }
    const known = fromTopic(await read(rpc, 'eth_call', [call, 'latest']))
    assert(known === address.toLowerCase(), `${market}: the init code hash of V3 does not fit`)
  }
}
