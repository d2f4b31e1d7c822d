// Additions: one more token or pool on a development chain that runs, listed at the executor.
//
// It acts in the name of the executor's owner, who also owns the test tokens. What stands already
// is not touched; the answer is the deployment with the new thing in it.

import { Interface } from 'ethers'
import { type Deployment, tokenOf } from '#connectors/evm/deployment.ts'
import { readHead } from '#connectors/evm/heads.ts'
import { read } from '#connectors/evm/provider.ts'
import { fromTopic, index, text, toQuantity } from '#connectors/evm/quantity.ts'
import { StartError } from '#kernel/start-error.ts'
import { type PoolSeed, seedPools } from './deploy.ts'
import { listPools } from './executor.ts'
import { minedReceipt } from './mined.ts'
import { createPlace } from './placement.ts'
import type { World } from './scenarios/world.ts'
import type { Call, Sender } from './sender.ts'
import { seedV3Pools, type V3PoolSeed } from './uniswap-v3.ts'

const ASSET = /^[A-Z][A-Z0-9]{1,9}$/
const DECIMALS_MAX = 18
const WEI_FOR_EVERYTHING = 10n ** 26n

const owned = new Interface([
  'function owner() view returns (address)',
  'function setToken(address token, bool listed)',
])

export type NewToken = { readonly asset: string; readonly name: string; readonly decimals: number }

export async function addToken(world: World, token: NewToken): Promise<Deployment> {
  const { deployment } = world
  const { asset, name, decimals } = token
  if (!ASSET.test(asset)) throw new StartError(`a token has 2 to 10 capitals, not '${asset}'`)
  if (deployment.tokens[asset] !== undefined) throw new StartError(`${asset} is there already`)
  if (!(decimals <= DECIMALS_MAX)) throw new StartError(`${asset} has at most 18 decimals`)
  return await asOwner(world, async (owner) => {
    const address = await createPlace(owner)('TestToken', [name, asset, decimals])
    const data = owned.encodeFunctionData('setToken', [address, true])
    await owner.send({ to: deployment.executor, data })
    return { tokens: { ...deployment.tokens, [asset]: { symbol: asset, address, decimals } } }
  })
}

/** A pair of Uniswap V2. */
export async function addPair(world: World, seed: PoolSeed): Promise<Deployment> {
  const { deployment } = world
  const { tokens, factory, router, executor, v3 } = deployment
  checkNew(deployment, seed, seed.market)
  return await asOwner(world, async (owner) => {
    const pairs = await seedPools(owner, { tokens, factory, router, pools: [seed] })
    await listPools(owner, executor, { tokens, factory, pairs, v3: { ...v3, pools: {} } })
    return { pairs: { ...deployment.pairs, ...pairs } }
  })
}

/** A pool of Uniswap V3. */
export async function addV3Pool(world: World, seed: V3PoolSeed): Promise<Deployment> {
  const { deployment } = world
  const { tokens, factory, executor, v3 } = deployment
  checkNew(deployment, seed, `${seed.market}:${seed.fee}`)
  return await asOwner(world, async (owner) => {
    const who = { deployer: owner, provider: owner }
    const pools = await seedV3Pools({ ...who, tokens, contracts: v3, pools: [seed] })
    await listPools(owner, executor, { tokens, factory, pairs: {}, v3: { ...v3, pools } })
    return { v3: { ...v3, pools: { ...v3.pools, ...pools } } }
  })
}

function checkNew(deployment: Deployment, seed: PoolSeed, name: string): void {
  const { market, base, quote, baseAmount, quoteAmount } = seed
  for (const asset of [base, quote]) {
    if (deployment.tokens[asset] === undefined) {
      throw new StartError(`${market}: there is no token ${asset}; deploy it first`)
    }
  }
  if (base === quote) throw new StartError(`${market} is no market`)
  const isThere = { ...deployment.pairs, ...deployment.v3.pools }[name] !== undefined
  if (isThere) throw new StartError(`${name} is there already`)
  const leasts = [base, quote].map((asset) => 10n ** BigInt(tokenOf(deployment, asset).decimals))
  const [leastBase = 1n, leastQuote = 1n] = leasts
  if (baseAmount < leastBase || quoteAmount < leastQuote) {
    throw new StartError(`${market}: a pool opens with at least one coin of each side`)
  }
}

type Added = Partial<Pick<Deployment, 'tokens' | 'pairs' | 'v3'>>

async function asOwner(world: World, work: (owner: Sender) => Promise<Added>): Promise<Deployment> {
  const { rpc, control, deployment } = world
  const call = { to: deployment.executor, data: owned.encodeFunctionData('owner') }
  const address = fromTopic(await read(rpc, 'eth_call', [call, 'latest']))
  const before = text(await read(rpc, 'eth_getBalance', [address, 'latest']))
  await control.impersonate(address)
  await control.setBalance(address, WEI_FOR_EVERYTHING)
  try {
    const added = await work(ownerSender(world, address))
    const { number: block } = await readHead(rpc, 'latest')
    return { ...deployment, ...added, block }
  } finally {
    await control.setBalance(address, BigInt(before))
    await control.letGo(address)
  }
}

/** A sender without a key, each of whose transactions must succeed before the next. */
function ownerSender({ rpc }: World, address: string): Sender {
  async function send({ to, data, value = 0n }: Call): Promise<number> {
    const nonce = index(await read(rpc, 'eth_getTransactionCount', [address, 'latest']))
    const call = { from: address, data, value: toQuantity(value), gas: toQuantity(8_000_000) }
    const transaction = to === undefined ? call : { ...call, to }
    const hash = text(await read(rpc, 'eth_sendTransaction', [transaction]))
    const { success } = await minedReceipt(rpc, hash)
    if (!success) throw new StartError(`transaction ${hash} was not carried out`)
    return nonce
  }
  return { address, send, settled: async () => {} }
}
