// The demo's chain: started as a child, deployed and filled after its plan, then watched.
//
// A development chain forgets everything when it ends, so every start but the first is a
// ChainReset: the newest chain row is settled in the ledger, the plan made from it, and the sums
// before and after are printed; they are equal, or the ledger and the chain had parted before.

import { type BalanceReader, createBalanceReader } from '#connectors/evm/balances.ts'
import type { Deployment } from '#connectors/evm/deployment.ts'
import { createHeads, type Head, type Heads } from '#connectors/evm/heads.ts'
import type { Keys } from '#connectors/evm/keys.ts'
import { type PoolMarket, pairMarkets, v3Markets } from '#connectors/evm/pools/market.ts'
import { createPoolMirror, type PoolAt, type PoolMirror } from '#connectors/evm/pools/mirror.ts'
import { reservesOf } from '#connectors/evm/pools/pool.ts'
import type { Rpc } from '#connectors/evm/provider.ts'
import { formatDecimal } from '#kernel/amount.ts'
import { createChainControl } from '../chain/control.ts'
import { deploy } from '../chain/deploy.ts'
import { type LocalChain, startLocalChain } from '../chain/local-chain.ts'
import { type ChainPlan, demoWallets } from './chain-plan.ts'
import { ASSETS } from './genesis.ts'

export const CHAIN_ID = 31_337
const HEADS_POLL_MS = 100
/** For the gas of the deployment, on top of what is wrapped. */
const DEPLOY_WEI = 10_000n * 10n ** 18n

/** Of the pairs of Uniswap V2, by market; undefined before they were read. */
export type PairReserves = {
  get(market: string): Reserves | undefined
}

export type Reserves = {
  readonly reserveBase: bigint
  readonly reserveQuote: bigint
  readonly head: Head
}

export type PoolNow = { readonly pool: PoolMarket; readonly now: PoolAt | undefined }

export type DemoChain = {
  readonly local: LocalChain
  readonly rpc: Rpc
  readonly deployment: Deployment
  readonly heads: Heads
  readonly pools: PairReserves
  /** Every pool of a market, V2 first, as it is now. */
  readonly poolsOf: (market: string) => readonly PoolNow[]
  readonly balances: BalanceReader
  stop(): Promise<void>
}

export type DemoChainOptions = {
  readonly port: number
  readonly keys: Keys
  readonly plan: ChainPlan
  readonly log: (line: string) => void
}

export async function startDemoChain({ port, keys, plan, log }: DemoChainOptions) {
  const local = await startLocalChain({ port, chainId: CHAIN_ID })
  const { rpc } = local
  const control = createChainControl(rpc, 'hardhat')
  const deployer = keys.wallet('deployer', 0)
  await control.setBalance(deployer.address, DEPLOY_WEI + wrapped(plan))
  const provider = keys.wallet('providers', 0)
  await control.setBalance(provider.address, DEPLOY_WEI)
  const { arbitrage, swappers } = demoWallets(keys)
  const deployment = await deploy({
    ...{ rpc, deployer, provider, instanceId: plan.instanceId, pools: plan.pools },
    ...{ v3Pools: plan.v3Pools, operators: [arbitrage, ...swappers.values()] },
    mints: mintsOf(plan),
  })
  // No transaction of an earlier chain may be valid here, whoever sends it again: the clock in
  // milliseconds is beyond every nonce that was used before.
  const nonce = Date.now()
  for (const [address, held] of plan.balances) {
    const native = held.get('native') ?? 0n
    if (native > 0n) await control.setBalance(address, native)
    await control.setNonce(address, nonce)
  }
  if (plan.sums !== null) printSums(plan.sums, log)
  const heads = createHeads({ rpc, pollMs: HEADS_POLL_MS })
  const markets = [...pairMarkets(deployment), ...v3Markets(deployment)]
  const mirror = createPoolMirror({ rpc, heads, pools: markets })
  await heads.refresh()
  const chain: DemoChain = {
    ...{ local, rpc, deployment, heads, balances: createBalanceReader(rpc) },
    pools: { get: (market) => reservesAt(markets, mirror, market) },
    poolsOf: (symbol) =>
      markets
        .filter(({ base, quote }) => `${base}-${quote}` === symbol)
        .map((pool) => ({ pool, now: mirror.get(pool.market) })),
    async stop() {
      await heads.stop()
      mirror.close()
      await local.stop()
    },
  }
  return chain
}

/** Wallets whose balances the chain rows keep beside custody and deposit addresses. */
export function trackedWallets(keys: Keys): string[] {
  const { deployer, provider, arbitrage, swappers } = demoWallets(keys)
  return [deployer, provider, arbitrage, ...swappers.values()]
}

function reservesAt(
  markets: readonly PoolMarket[],
  mirror: PoolMirror,
  symbol: string,
): Reserves | undefined {
  const market = markets.find((one) => one.market === symbol)
  const at = mirror.get(symbol)
  if (market === undefined || at?.state.kind !== 'v2') return undefined
  return { ...reservesOf(market, at.state), head: at.head }
}

function mintsOf({ balances }: ChainPlan) {
  return [...balances].flatMap(([to, held]) =>
    [...held]
      .filter(([asset, amount]) => asset !== 'native' && amount > 0n)
      .map(([asset, amount]) => ({ asset, to, amount })),
  )
}

/** Native ETH that becomes WETH: every ETH balance and every pool's ETH side. */
function wrapped(plan: ChainPlan): bigint {
  let sum = 0n
  for (const held of plan.balances.values()) sum += held.get('ETH') ?? 0n
  for (const { base, quote, baseAmount, quoteAmount } of [...plan.pools, ...plan.v3Pools]) {
    if (base === 'ETH') sum += baseAmount
    if (quote === 'ETH') sum += quoteAmount
  }
  return sum
}

function printSums(sums: NonNullable<ChainPlan['sums']>, log: (line: string) => void): void {
  for (const [asset, { before, after }] of sums) {
    const decimals = ASSETS.find(({ symbol }) => symbol === asset)?.chainDecimals ?? 0
    const verdict = before === after ? 'equal' : 'DIFFERENT'
    log(`chain reset: ${asset} ${text(before, decimals)} -> ${text(after, decimals)}, ${verdict}`)
  }
}

function text(amount: bigint, decimals: number): string {
  const size = 10n ** BigInt(decimals)
  const fraction = String(amount % size).padStart(decimals, '0')
  return `${formatDecimal(Number(amount / size), 0)}.${fraction}`
}
