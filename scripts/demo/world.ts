// The world outside the exchange, for the demo: chain, pools, wallet, and what the API says of them.
//
// Opened after the exchange and before the first request; closed after the last. Everything a
// restart needs is in the journal and in records: the chain itself is made anew each time.

import { join } from 'node:path'
import type { Pool } from 'pg'
import { createCustodyChain } from '#connectors/evm/custody-chain.ts'
import type { Keys } from '#connectors/evm/keys.ts'
import { createFileStore } from '#connectors/evm/transaction-store.ts'
import type { Clock } from '#kernel/time.ts'
import type { Health } from '#platform/http/health.ts'
import type { ChainFacts } from '#platform/markets/port.ts'
import type { Wallet } from '#platform/wallet/port.ts'
import { createWallet } from '#platform/wallet/service.ts'
import { settleRow } from '#platform/wallet/settle-row.ts'
import { createWalletStore } from '#platform/wallet/store.ts'
import type { Sequencer } from '#sequencer/port.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { writeChainFile } from '../chain/chain-file.ts'
import { type DemoChain, startDemoChain, trackedWallets } from './chain.ts'
import { type ChainPlan, demoWallets, genesisPlan, resetPlan } from './chain-plan.ts'
import type { MarketPrice } from './prices.ts'
import { poolPrice } from './shadow-pool.ts'

export type WorldDeps = {
  readonly sequencer: Sequencer
  readonly views: LiveViews
  readonly pool: Pool
  readonly keys: Keys
  readonly prices: readonly MarketPrice[]
  readonly dataFolder: string
  readonly chainPort: number
  readonly clock: Clock
  readonly log: (line: string) => void
}

export type World = {
  readonly chain: DemoChain
  readonly wallet: Wallet
  readonly chainFacts: ChainFacts
  chainHealth(): Health['chain']
  /** Answers when the ledger has everything that is on the chain now; the block it stands at. */
  settled(): Promise<number>
  close(): Promise<void>
}

const POOL_FEE_BPS = 30

export async function openWorld(deps: WorldDeps): Promise<World> {
  const { sequencer, views, keys, dataFolder, clock, log } = deps
  const store = createWalletStore(deps.pool)
  const plan = await planChain(deps, store)
  const chain = await startDemoChain({ port: deps.chainPort, keys, plan, log })
  writeChainFile(dataFolder, { rpcUrl: chain.local.url, deployment: chain.deployment })
  const sweepStore = createFileStore(
    join(dataFolder, `sweeps-${plan.instanceId.slice(2, 18)}.jsonl`),
  )
  const wallet = createWallet({
    ...{ sequencer, views, store, clock },
    openChain: (journal) =>
      createCustodyChain({
        ...{ rpc: chain.rpc, heads: chain.heads, deployment: chain.deployment, keys, journal },
        station: keys.wallet('deployer', 0),
        sweepStore,
        finality: 'mined',
        tracked: trackedWallets(keys),
      }),
  })
  await wallet.start()
  chain.heads.start()
  let isDown = false
  void chain.local.ended.then(() => {
    isDown = true
  })
  return {
    ...{ chain, wallet, chainFacts: factsOf(chain) },
    chainHealth: () => (isDown || wallet.status().halted ? 'down' : 'ok'),
    settled: () => settled(chain, wallet, views),
    async close() {
      await wallet.stop()
      await chain.stop()
      sweepStore.close()
    },
  }
}

/** Genesis at the first start; later a reset after the newest row, settled in the ledger first. */
async function planChain(
  { sequencer, views, keys, prices }: WorldDeps,
  store: ReturnType<typeof createWalletStore>,
): Promise<ChainPlan> {
  const wallets = demoWallets(keys)
  const row = await store.newestRow()
  if (row === undefined) return genesisPlan(wallets, prices)
  const assetId = (symbol: string) => views.listing.assetBySymbol(symbol)?.id
  await settleRow({ sequencer, assetId }, row)
  const addresses = (await store.addresses()).map(({ address }) => address.toLowerCase())
  return resetPlan({ row, wallets, depositAddresses: new Set(addresses), views })
}

const SETTLE_MS = 15_000
const LOOK_MS = 50

/** Every withdrawal paid and every block recorded, or an error that says what is missing. */
async function settled(chain: DemoChain, wallet: Wallet, views: LiveViews): Promise<number> {
  const deadline = performance.now() + SETTLE_MS
  while (views.openWithdrawals().length > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  const { number } = await chain.heads.refresh()
  await wallet.caughtUp(number)
  return wallet.status().block
}

function factsOf({ deployment, pools }: DemoChain): ChainFacts {
  const decimals = (asset: string) => deployment.tokens[asset]?.decimals ?? 0
  return {
    token: (asset) => deployment.tokens[asset]?.address,
    pools(market) {
      const pair = deployment.pairs[market]
      if (pair === undefined) return []
      const state = pools.get(market)
      const scales = { base: decimals(pair.base), quote: decimals(pair.quote) }
      const reserves = state && { base: state.reserveBase, quote: state.reserveQuote }
      const price = reserves === undefined ? null : poolPrice(reserves, scales).toFixed(6)
      const at = state === undefined ? null : state.head.timestamp * 1_000_000
      return [{ venue: 'uniswap-v2', address: pair.address, feeBps: POOL_FEE_BPS, price, at }]
    },
  }
}
