// What the demo's chain holds when it begins: at genesis, and after a ChainReset.
//
// At genesis custody gets what the house was issued, bots and swappers their wallets, pools their
// reserves at the first reference price. Later, all of it is what the newest chain row says: pairs
// get their reserves; what pools of V3 and their provider had together is offered anew, in equal
// parts and at the pairs' prices, because the same ranges would not take the same amounts again.

import { randomBytes } from 'node:crypto'

import { hexlify } from 'ethers'

import type { Keys } from '#connectors/evm/keys.ts'
import type { ChainRow } from '#platform/wallet/chain-row.ts'
import { planReset, type ResetPlan } from '#platform/wallet/reset-plan.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import type { PoolSeed } from '../chain/deploy.ts'
import type { V3PoolSeed } from '../chain/uniswap-v3.ts'
import { ASSETS, MARKETS } from './genesis.ts'
import type { MarketPrice } from './prices.ts'

export type ChainPlan = {
  readonly instanceId: string
  /** Address in lower case -> asset or 'native' -> smallest units. */
  readonly balances: ReadonlyMap<string, ReadonlyMap<string, bigint>>
  readonly pools: readonly PoolSeed[]
  readonly v3Pools: readonly V3PoolSeed[]
  /** Of a reset. */
  readonly sums: ResetPlan['sums'] | null
}

export type DemoWallets = {
  readonly custody: string
  readonly deployer: string
  /** Owns the positions of V3, and what no range of them took. */
  readonly provider: string
  readonly arbitrage: string
  /** One for each market with a pool. */
  readonly swappers: ReadonlyMap<string, string>
}

export const POOL_MARKETS = MARKETS.filter(({ pool }) => pool)

const POOL_QUOTE = 1_000_000
const ARBITRAGE = { USDC: 300_000, BTC: 7, ETH: 90, native: 50 }
const SWAPPER: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'BTC-USDC': { USDC: 1_000_000, BTC: 22, native: 100 },
  'ETH-USDC': { USDC: 1_000_000, ETH: 310, native: 100 },
}
/** The fees of V3 that are traded most: two pools beside each pair. */
export const V3_FEES = [500, 3_000] as const
/** Between the bases of the pairs, so that routes and arbitrage may go around a triangle. */
const CROSS = { market: 'BTC-ETH', base: 'BTC', quote: 'ETH', fee: 3_000 } as const
const CUSTODY_NATIVE = 100
const STATION_NATIVE = 1_000
const PROVIDER_NATIVE = 100

/** The accounts of the demo on its chain, in lower case. */
export function demoWallets(keys: Keys): DemoWallets {
  const of = (...at: Parameters<Keys['address']>) => keys.address(...at).toLowerCase()
  return {
    custody: of('custody', 0),
    deployer: of('deployer', 0),
    provider: of('providers', 0),
    arbitrage: of('bots', 0),
    swappers: new Map(POOL_MARKETS.map(({ symbol }, at) => [symbol, of('swappers', at)])),
  }
}

export function genesisPlan(wallets: DemoWallets, prices: readonly MarketPrice[]): ChainPlan {
  const house = Object.fromEntries(
    ASSETS.filter(({ chainDecimals }) => chainDecimals >= 0).map((row) => [row.symbol, row.house]),
  )
  const balances = new Map([
    [wallets.custody, units({ ...house, native: CUSTODY_NATIVE })],
    [wallets.deployer, units({ native: STATION_NATIVE })],
    [wallets.provider, units({ native: PROVIDER_NATIVE })],
    [wallets.arbitrage, units(ARBITRAGE)],
    ...[...wallets.swappers].map(
      ([market, address]) => [address, units(SWAPPER[market] ?? {})] as const,
    ),
  ])
  const pools = POOL_MARKETS.map(({ symbol: market, base, quote }) => {
    const price = prices.find((one) => one.market === market)
    const baseCoins = POOL_QUOTE / (price?.series.priceAt(price.position) ?? Number.NaN)
    const baseAmount = unitsOf(base, baseCoins)
    return { market, base, quote, baseAmount, quoteAmount: unitsOf(quote, POOL_QUOTE) }
  })
  return { instanceId: newInstance(), balances, pools, v3Pools: besidePairs(pools), sums: null }
}

export type ResetPlanInput = {
  readonly row: ChainRow
  readonly wallets: DemoWallets
  readonly depositAddresses: ReadonlySet<string>
  readonly views: Pick<LiveViews, 'allBalances' | 'listing'>
}

/** The newest row must be settled in the ledger already. */
export function resetPlan({ row, wallets, depositAddresses, views }: ResetPlanInput): ChainPlan {
  const onChain = ASSETS.filter(({ chainDecimals }) => chainDecimals >= 0)
  const plan = planReset({
    ...{ row, depositAddresses, custody: wallets.custody },
    liabilities: (asset) => liabilities(views, asset),
    assets: new Map(
      onChain.map(({ symbol, scale, chainDecimals }) => [
        symbol,
        { scale, decimals: chainDecimals },
      ]),
    ),
    pools: new Map(
      [...POOL_MARKETS.map(({ symbol, ...ends }) => ({ market: symbol, ...ends })), CROSS].flatMap(
        ({ market, base, quote }) =>
          [market, ...V3_FEES.map((fee) => `${market}:${fee}`)].map((name) => [
            name,
            { base, quote },
          ]),
      ),
    ),
  })
  const pools = POOL_MARKETS.map(({ symbol: market, base, quote }) => {
    const reserves = plan.reserves[market] ?? { base: '0', quote: '0' }
    const amounts = { baseAmount: BigInt(reserves.base), quoteAmount: BigInt(reserves.quote) }
    return { market, base, quote, ...amounts }
  })
  const { sums } = plan
  return { instanceId: newInstance(), pools, sums, ...reopenV3(plan, pools, wallets.provider) }
}

/** Each is offered a quarter of what the pair has; the one between them at the pairs' prices. */
function besidePairs(pools: readonly PoolSeed[]): V3PoolSeed[] {
  const beside = pools.flatMap((pair) => {
    const amounts = { baseAmount: pair.baseAmount / 4n, quoteAmount: pair.quoteAmount / 4n }
    return V3_FEES.map((fee) => ({ ...pair, fee, ...amounts }))
  })
  const [base, quote] = [CROSS.base, CROSS.quote].map((asset) =>
    pools.find((pair) => pair.base === asset),
  )
  if (base === undefined || quote === undefined) return beside
  const baseAmount = base.baseAmount / 4n
  const worth = (baseAmount * base.quoteAmount) / base.baseAmount
  const quoteAmount = (worth * quote.baseAmount) / quote.quoteAmount
  return [...beside, { ...CROSS, baseAmount, quoteAmount }]
}

type Reopened = Pick<ChainPlan, 'balances' | 'v3Pools'>

function reopenV3(plan: ResetPlan, pairs: readonly PoolSeed[], provider: string): Reopened {
  const { balances } = plan
  const pools = besidePairs(pairs)
  const left = new Map(balances.get(provider))
  const add = (asset: string, amount: bigint) => left.set(asset, (left.get(asset) ?? 0n) + amount)
  const before = pools.map(({ market, fee }) => plan.reserves[`${market}:${fee}`])
  // A row of an earlier release, whose pools of V3 were nobody's: they begin as at genesis.
  if (before.every((reserves) => reserves === undefined)) return { balances, v3Pools: pools }
  for (const [at, { base, quote }] of pools.entries()) {
    // A pool that an earlier release did not have gets its part of what the others had.
    add(base, BigInt(before[at]?.base ?? 0))
    add(quote, BigInt(before[at]?.quote ?? 0))
  }
  const all = new Map(left)
  const share = (asset: string) => {
    const parts = pools.filter(({ base, quote }) => base === asset || quote === asset).length
    return (all.get(asset) ?? 0n) / BigInt(parts)
  }
  const v3Pools = pools.map((pool) => {
    const amounts = inProportion(pool, { base: share(pool.base), quote: share(pool.quote) })
    add(pool.base, -amounts.baseAmount)
    add(pool.quote, -amounts.quoteAmount)
    return { ...pool, ...amounts }
  })
  return { balances: new Map([...balances, [provider, left]]), v3Pools }
}

/** As much of both as the smaller one allows at the price of the amounts given. */
function inProportion(
  { baseAmount, quoteAmount }: PoolSeed,
  most: { readonly base: bigint; readonly quote: bigint },
) {
  return most.base * quoteAmount <= most.quote * baseAmount
    ? { baseAmount: most.base, quoteAmount: (most.base * quoteAmount) / baseAmount }
    : { baseAmount: (most.quote * baseAmount) / quoteAmount, quoteAmount: most.quote }
}

/** What the ledger owes everybody: the sum of all accounts but the chain's own. */
export function liabilities(
  views: Pick<LiveViews, 'allBalances' | 'listing'>,
  symbol: string,
): number {
  const asset = views.listing.assetBySymbol(symbol)?.id
  return views
    .allBalances()
    .filter((row) => row.asset === asset && row.account !== CHAIN_ACCOUNT)
    .reduce((sum, { cash }) => sum + cash, 0)
}

/** The system account that stands for the world outside. */
const CHAIN_ACCOUNT = 1

const NATIVE_DECIMALS = 18
/** Digits that a float carries exactly enough for opening amounts. */
const FLOAT_DIGITS = 8

function units(coins: Readonly<Record<string, number>>): Map<string, bigint> {
  return new Map(Object.entries(coins).map(([asset, whole]) => [asset, unitsOf(asset, whole)]))
}

function unitsOf(asset: string, whole: number): bigint {
  const decimals = ASSETS.find(({ symbol }) => symbol === asset)?.chainDecimals ?? NATIVE_DECIMALS
  const digits = Math.min(decimals, FLOAT_DIGITS)
  return BigInt(Math.round(whole * 10 ** digits)) * 10n ** BigInt(decimals - digits)
}

function newInstance(): string {
  return hexlify(randomBytes(32))
}
