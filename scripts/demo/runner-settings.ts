// What the bots' runner is told at its start: keys of its own bots, prices, the chain.
//
// It is everything the runner ever gets of us. Keys of customers it does not run, of custody and of
// the deployer are never in it.

import { join } from 'node:path'

import type { RunnerSettings } from '#bots/runtime/messages.ts'
import type { Keys } from '#connectors/evm/keys.ts'
import type { DemoChain } from './chain.ts'
import { POOL_MARKETS, V3_FEES } from './chain-plan.ts'
import type { DemoCustomer, Role } from './customers.ts'
import { MARKETS } from './genesis.ts'
import { type MarketPrice, PRICE_SPEED } from './prices.ts'

export type SettingsInput = {
  readonly apiUrl: string
  readonly dataFolder: string
  readonly customers: readonly DemoCustomer[]
  readonly prices: readonly MarketPrice[]
  readonly keys: Keys
  readonly chain: DemoChain
}

/** A swap per pool every 5 s whose price impact has a standard deviation of 100 bps. */
const SWAP_EVERY_MS = 5_000
const SWAP_IMPACT_BPS = 100
const SEED = 20_261_124

export function chainSettings({ local, deployment }: DemoChain): RunnerSettings['chain'] {
  return { url: local.url, deployment }
}

export function priceSettings(prices: readonly MarketPrice[]): RunnerSettings['prices'] {
  return prices.map(({ market, source, position }) => ({
    ...{ market, source, position },
    speed: PRICE_SPEED,
  }))
}

export function runnerSettings(input: SettingsInput): RunnerSettings {
  const { apiUrl, dataFolder, customers, prices, keys, chain } = input
  const keyOf = (role: Role) => {
    const customer = customers.find((one) => one.role === role)
    if (customer === undefined) throw new Error(`no demo customer ${role}`)
    return customer.key
  }
  const markets = MARKETS.map(({ symbol }) => symbol)
  const pools = POOL_MARKETS.map(({ symbol }) => symbol)
  return {
    apiUrl,
    stateFolder: join(dataFolder, 'bots'),
    chain: chainSettings(chain),
    prices: priceSettings(prices),
    bots: [
      {
        ...{ id: 'market-making', strategy: 'market-making', key: keyOf('market-making') },
        ...{ params: { markets }, privateKey: null, state: 'running' },
      },
      {
        ...{ id: 'arbitrage', strategy: 'arbitrage', key: keyOf('arbitrage') },
        ...{ params: { markets: pools, v3Fees: V3_FEES }, state: 'running' },
        privateKey: keys.wallet('bots', 0).privateKey,
      },
    ],
    takers: (['taker-1', 'taker-2', 'taker-3'] as const).map((role, at) => ({
      ...{ key: keyOf(role), seed: SEED + at, markets },
    })),
    swappers: pools.map((market, at) => ({
      ...{ market, privateKey: keys.wallet('swappers', at).privateKey, seed: SEED + 100 + at },
      ...{ everyMs: SWAP_EVERY_MS, impactStdBps: SWAP_IMPACT_BPS },
    })),
  }
}
