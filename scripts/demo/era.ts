// Era: one development chain and the wallet over it, from start to stop.
//
// A development chain forgets everything when it ends, so a restart is the next era. Nothing of one
// may run on in another: stop() answers when no batch, no payout and no sweep is at work any more,
// because old bytes must never reach a new chain.

import type { Pool } from 'pg'

import { createCustodyChain } from '#connectors/evm/custody-chain.ts'
import type { Keys } from '#connectors/evm/keys.ts'
import { ChainUnavailable } from '#connectors/evm/provider.ts'
import { createMemoryStore } from '#connectors/evm/transaction-store.ts'
import type { Clock } from '#kernel/time.ts'
import type { Wallet } from '#platform/wallet/port.ts'
import { createWallet } from '#platform/wallet/service.ts'
import { settleRow } from '#platform/wallet/settle-row.ts'
import { createWalletStore, type WalletStore } from '#platform/wallet/store.ts'
import type { Sequencer } from '#sequencer/port.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { writeChainFile } from '../chain/chain-file.ts'
import { type DemoChain, startDemoChain, trackedWallets } from './chain.ts'
import { type ChainPlan, demoWallets, genesisPlan, resetPlan } from './chain-plan.ts'
import type { MarketPrice } from './prices.ts'

export type EraDeps = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly views: LiveViews
  readonly pool: Pool
  readonly keys: Keys
  readonly prices: readonly MarketPrice[]
  readonly dataFolder: string
  readonly chainPort: number
  readonly clock: Clock
  readonly log: (line: string) => void
}

export type Era = {
  readonly chain: DemoChain
  readonly wallet: Wallet
  /** The chain's process has ended by itself. */
  isDown(): boolean
  stop(): Promise<void>
}

/** The first era begins at genesis, each later one where the newest row stands. */
export async function openEra(deps: EraDeps): Promise<Era> {
  const { sequencer, views, keys, dataFolder, clock, log } = deps
  const store = createWalletStore(deps.pool)
  const plan = await planChain(deps, store)
  const chain = await startDemoChain({ port: deps.chainPort, keys, plan, log })
  const { rpc, heads, deployment } = chain
  writeChainFile(dataFolder, { rpcUrl: chain.local.url, deployment })
  const wallet = createWallet({
    ...{ sequencer, views, store, clock },
    openChain: (journal) =>
      createCustodyChain({
        ...{ rpc, heads, deployment, keys, journal },
        station: keys.wallet('deployer', 0),
        sweepStore: createMemoryStore(), // What it forgets, the chain has forgotten, too.
        finality: 'mined',
        tracked: trackedWallets(keys),
      }),
  })
  await wallet.start()
  heads.start()
  let isDown = false
  void chain.local.ended.then(() => {
    isDown = true
  })
  return { chain, wallet, isDown: () => isDown, stop: () => stopEra(chain, wallet) }
}

async function stopEra(chain: DemoChain, wallet: Wallet): Promise<void> {
  // One more look, so that the newest row holds what is mined by now.
  await chain.heads.refresh().catch((error: unknown) => {
    if (!(error instanceof ChainUnavailable)) throw error
  })
  await wallet.stop()
  await chain.stop()
}

/** Genesis at the first start; later a reset after the newest row, settled in the ledger first. */
async function planChain(deps: EraDeps, store: WalletStore): Promise<ChainPlan> {
  const { sequencer, views, keys, prices } = deps
  const wallets = demoWallets(keys)
  const row = await store.newestRow()
  if (row === undefined) return genesisPlan(wallets, prices)
  const assetId = (symbol: string) => views.listing.assetBySymbol(symbol)?.id
  await settleRow({ sequencer, assetId }, row)
  const addresses = (await store.addresses()).map(({ address }) => address.toLowerCase())
  return resetPlan({ row, wallets, depositAddresses: new Set(addresses), views })
}
