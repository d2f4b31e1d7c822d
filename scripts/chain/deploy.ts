// Deploys what a development chain needs: marker, tokens, Uniswap V2, pools at given reserves.
//
// Every transaction has its nonce and gas limit fixed beforehand, so addresses depend on the
// deployer and the order alone: the same options give the same addresses on the next chain, which
// is what a ChainReset relies on. Anything that fails throws; half a deployment is never returned.

import { getCreateAddress, Interface, type InterfaceAbi } from 'ethers'
import { type ContractName, readArtifact } from '#connectors/evm/artifacts.ts'
import type { Deployment, Pair, Token } from '#connectors/evm/deployment.ts'
import { readHead } from '#connectors/evm/heads.ts'
import { type Rpc, read } from '#connectors/evm/provider.ts'
import { fromTopic } from '#connectors/evm/quantity.ts'
import { localFork } from '#connectors/evm/uniswap-v2/forks.ts'
import { pairAddress } from '#connectors/evm/uniswap-v2/pair-address.ts'
import { assert } from '#kernel/assert.ts'
import { createSender, type Sender, type Signer } from './sender.ts'

export type PoolSeed = {
  readonly market: string
  readonly base: string
  readonly quote: string
  readonly baseAmount: bigint
  readonly quoteAmount: bigint
}

export type Mint = { readonly asset: string; readonly to: string; readonly amount: bigint }

export type DeployOptions = {
  readonly rpc: Rpc
  /** Must own enough native ETH for gas and for all WETH asked for. Its nonce must be 0. */
  readonly deployer: Signer
  /** 32 random bytes as hex. */
  readonly instanceId: string
  readonly pools: readonly PoolSeed[]
  readonly mints: readonly Mint[]
}

/** The test tokens by ledger asset; ETH is the published WETH9. */
const TOKENS = [
  { asset: 'BTC', symbol: 'WBTC', name: 'Wrapped BTC (test)', decimals: 8 },
  { asset: 'USDC', symbol: 'USDC', name: 'USD Coin (test)', decimals: 6 },
] as const

const FOREVER = 2n ** 40n

/** Deploys everything in about 25 transactions; a second on an idle machine. */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const sender = await createSender(options.rpc, options.deployer)
  const create = (name: ContractName, args: readonly unknown[] = []) => place(sender, name, args)
  const instance = await create('ChainInstance', [options.instanceId])
  const tokens: Record<string, Token> = {}
  for (const { asset, symbol, name, decimals } of TOKENS) {
    const address = await create('TestToken', [name, symbol, decimals])
    tokens[asset] = { symbol, address, decimals }
  }
  tokens.ETH = { symbol: 'WETH', address: await create('WETH9'), decimals: 18 }
  const factory = await create('UniswapV2Factory', [options.deployer.address])
  const router = await create('UniswapV2Router02', [factory, tokens.ETH.address])
  const pairs = await seedPools(sender, { tokens, router, factory, pools: options.pools })
  for (const mint of options.mints) await supply(sender, tokens, mint)
  await sender.settled()
  await checkPairs(options.rpc, factory, tokens, pairs)
  const { number: block } = await readHead(options.rpc, 'latest')
  const { chainId } = options.rpc
  const marker = { id: options.instanceId, address: instance }
  return { chainId, instance: marker, tokens, factory, router, pairs, block }
}

/** The instance id a marker contract holds, undefined where there is none. */
export async function readInstance(rpc: Rpc, marker: string): Promise<string | undefined> {
  const abi = new Interface(['function id() view returns (bytes32)'])
  const call = { to: marker, data: abi.encodeFunctionData('id') }
  const answer = String(await read(rpc, 'eth_call', [call, 'latest']))
  return answer === '0x' ? undefined : answer
}

async function place(sender: Sender, name: ContractName, args: readonly unknown[]) {
  const { abi, bytecode } = readArtifact(name)
  const encoded = interfaceOf(abi)
    .encodeDeploy([...args])
    .slice(2)
  const nonce = await sender.send({ data: bytecode + encoded })
  return getCreateAddress({ from: sender.address, nonce })
}

type PoolPlan = {
  readonly tokens: Readonly<Record<string, Token>>
  readonly router: string
  readonly factory: string
  readonly pools: readonly PoolSeed[]
}

async function seedPools(sender: Sender, plan: PoolPlan): Promise<Record<string, Pair>> {
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
      await sender.send({
        to: tokenIn(tokens, asset).address,
        data: token.encodeFunctionData('approve', [router, amount]),
      })
    }
    const amounts = [pool.baseAmount, pool.quoteAmount]
    const args = [base.address, quote.address, ...amounts, ...amounts, sender.address, FOREVER]
    await sender.send({ to: router, data: liquidity.encodeFunctionData('addLiquidity', args) })
    const at = pairAddress(fork, { base: base.address, quote: quote.address })
    pairs[pool.market] = { market: pool.market, base: pool.base, quote: pool.quote, ...at }
  }
  return pairs
}

/** New tokens for somebody: minted, or wrapped from the deployer's native ETH. */
async function supply(sender: Sender, tokens: PoolPlan['tokens'], mint: Mint): Promise<void> {
  const to = tokenIn(tokens, mint.asset).address
  if (mint.asset !== 'ETH') {
    await sender.send({ to, data: token.encodeFunctionData('mint', [mint.to, mint.amount]) })
    return
  }
  await sender.send({ to, data: token.encodeFunctionData('deposit'), value: mint.amount })
  if (mint.to === sender.address) return
  await sender.send({ to, data: token.encodeFunctionData('transfer', [mint.to, mint.amount]) })
}

/** The factory must know every pair at the address our own maths gave it. */
async function checkPairs(
  rpc: Rpc,
  factory: string,
  tokens: PoolPlan['tokens'],
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

const token = new Interface([
  'function mint(address to, uint256 amount)',
  'function deposit() payable',
  'function transfer(address to, uint256 amount)',
  'function approve(address spender, uint256 amount)',
])

const liquidity = new Interface([
  `function addLiquidity(address tokenA, address tokenB, uint256 desiredA, uint256 desiredB,
    uint256 minA, uint256 minB, address to, uint256 deadline)`,
])

function interfaceOf(abi: InterfaceAbi): Interface {
  return new Interface(abi)
}

function tokenIn(tokens: PoolPlan['tokens'], asset: string): Token {
  const known = tokens[asset]
  assert(known !== undefined, `no test token for ${asset}`)
  return known
}
