// Deploys what a development chain needs: marker, tokens, Uniswap V2 and V3, pools, executor.
//
// Every transaction has its nonce and gas limit fixed beforehand, so addresses depend on the
// deployer and the order alone: the same options give the same addresses on the next chain, which
// is what a ChainReset relies on. Anything that fails throws; half a deployment is never returned.

import { Interface } from 'ethers'
import type { Deployment, Pair, Token } from '#connectors/evm/deployment.ts'
import { USUAL_FEES } from '#connectors/evm/fee-settings.ts'
import { readHead } from '#connectors/evm/heads.ts'
import { type Rpc, read } from '#connectors/evm/provider.ts'
import { fromTopic } from '#connectors/evm/quantity.ts'
import type { SigningSettings } from '#connectors/evm/signer/signing-settings.ts'
import { localFork } from '#connectors/evm/uniswap-v2/forks.ts'
import { pairAddress } from '#connectors/evm/uniswap-v2/pair-address.ts'
import { assert } from '#kernel/assert.ts'
import { placeExecutor } from './executor.ts'
import { createPlace } from './placement.ts'
import { createSender, type Sender, type Signer } from './sender.ts'
import { approve, type Mint, supply, type Tokens, tokenIn } from './token-supply.ts'
import { checkV3Pools, placeV3, seedV3Pools, type V3PoolSeed } from './uniswap-v3.ts'

export type PoolSeed = {
  readonly market: string
  readonly base: string
  readonly quote: string
  readonly baseAmount: bigint
  readonly quoteAmount: bigint
}

export type DeployOptions = {
  readonly rpc: Rpc
  /** Must own enough native ETH for gas and for all WETH asked for. Its nonce must be 0. */
  readonly deployer: Signer
  /** 32 random bytes as hex. */
  readonly instanceId: string
  readonly pools: readonly PoolSeed[]
  readonly v3Pools?: readonly V3PoolSeed[]
  /** Owns the positions of V3 and needs native ETH for gas; the deployer when not given. */
  readonly provider?: Signer
  readonly mints: readonly Mint[]
  /** Accounts that may swap through the executor. */
  readonly operators?: readonly string[]
}

/** The test tokens by ledger asset; ETH is the published WETH9. */
const TOKENS = [
  { asset: 'BTC', symbol: 'WBTC', name: 'Wrapped BTC (test)', decimals: 8 },
  { asset: 'USDC', symbol: 'USDC', name: 'USD Coin (test)', decimals: 6 },
] as const

/** Bounds of the size of its pools: wide for a bot that works, narrow for one that runs wild. */
const LOCAL_SIGNING: SigningSettings = {
  perTransaction: { BTC: '100', ETH: '5000', USDC: '10000000' },
  perHour: { BTC: '2000', ETH: '50000', USDC: '100000000' },
  signaturesPerMinute: 6_000,
}

const FOREVER = 2n ** 40n

/** Deploys everything in 35 transactions and 5 to 15 a pool; a second on an idle machine. */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const { rpc, deployer, instanceId } = options
  const sender = await createSender(rpc, deployer)
  const place = createPlace(sender)
  const instance = { id: instanceId, address: await place('ChainInstance', [instanceId]) }
  const tokens: Record<string, Token> = {}
  for (const { asset, symbol, name, decimals } of TOKENS) {
    const address = await place('TestToken', [name, symbol, decimals])
    tokens[asset] = { symbol, address, decimals }
  }
  const weth = await place('WETH9')
  tokens.ETH = { symbol: 'WETH', address: weth, decimals: 18 }
  const factory = await place('UniswapV2Factory', [deployer.address])
  const router = await place('UniswapV2Router02', [factory, weth])
  const pairs = await seedPools(sender, { tokens, router, factory, pools: options.pools })
  const contracts = await placeV3(sender, place, weth)
  const provider = options.provider ? await createSender(rpc, options.provider) : sender
  const seeding = { deployer: sender, provider, tokens, contracts, pools: options.v3Pools ?? [] }
  const v3 = { ...contracts, pools: await seedV3Pools(seeding) }
  for (const mint of options.mints) await supply(sender, tokens, mint)
  const venues = { tokens, factory, pairs, v3, operators: options.operators ?? [] }
  const executor = await placeExecutor(sender, place, venues)
  for (const account of new Set([sender, provider])) await account.settled()
  await checkPairs(rpc, factory, tokens, pairs)
  await checkV3Pools(rpc, tokens, v3)
  const { number: block } = await readHead(rpc, 'latest')
  const where = { chainId: rpc.chainId, instance, tokens, factory, router, pairs, v3, executor }
  return { ...where, fees: USUAL_FEES, signing: LOCAL_SIGNING, block }
}

/** The instance id a marker contract holds, undefined where there is none. */
export async function readInstance(rpc: Rpc, marker: string): Promise<string | undefined> {
  const abi = new Interface(['function id() view returns (bytes32)'])
  const call = { to: marker, data: abi.encodeFunctionData('id') }
  const answer = String(await read(rpc, 'eth_call', [call, 'latest']))
  return answer === '0x' ? undefined : answer
}

type PoolPlan = {
  readonly tokens: Tokens
  readonly router: string
  readonly factory: string
  readonly pools: readonly PoolSeed[]
}

/** Opens every pair by its first liquidity. */
export async function seedPools(sender: Sender, plan: PoolPlan): Promise<Record<string, Pair>> {
  const { tokens, router, factory } = plan
  const fork = localFork({ chainId: 0, factory, router })
  const pairs: Record<string, Pair> = {}
  for (const pool of plan.pools) {
    const [base, quote] = [tokenIn(tokens, pool.base), tokenIn(tokens, pool.quote)]
    for (const [asset, amount] of [
      [pool.base, pool.baseAmount],
      [pool.quote, pool.quoteAmount],
    ] as const) {
      await supply(sender, tokens, { asset, amount, to: sender.address })
      await approve(sender, tokenIn(tokens, asset), router, amount)
    }
    const amounts = [pool.baseAmount, pool.quoteAmount]
    const args = [base.address, quote.address, ...amounts, ...amounts, sender.address, FOREVER]
    await sender.send({ to: router, data: liquidity.encodeFunctionData('addLiquidity', args) })
    const at = pairAddress(fork, { base: base.address, quote: quote.address })
    pairs[pool.market] = { market: pool.market, base: pool.base, quote: pool.quote, ...at }
  }
  return pairs
}

/** The factory must know every pair at the address our own maths gave it. */
async function checkPairs(
  rpc: Rpc,
  factory: string,
  tokens: Tokens,
  pairs: Record<string, Pair>,
): Promise<void> {
  const abi = new Interface(['function getPair(address, address) view returns (address)'])
  for (const { base, quote, address, market } of Object.values(pairs)) {
    const args = [tokenIn(tokens, base).address, tokenIn(tokens, quote).address]
    const call = { to: factory, data: abi.encodeFunctionData('getPair', args) }
    const known = fromTopic(await read(rpc, 'eth_call', [call, 'latest']))
    assert(known === address.toLowerCase(), `${market}: the init code hash does not fit`)
  }
}

const liquidity = new Interface([
  `function addLiquidity(address tokenA, address tokenB, uint256 desiredA, uint256 desiredB,
    uint256 minA, uint256 minB, address to, uint256 deadline)`,
])
