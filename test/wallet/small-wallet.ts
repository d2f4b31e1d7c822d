// A wallet over a small platform and a chain that outlives it, opened as the platform opens its
// own.

import { createCustodyChain } from '#connectors/evm/custody-chain.ts'
import { createHeads, readHead } from '#connectors/evm/heads.ts'
import type { Rpc } from '#connectors/evm/provider.ts'
import { createMemoryStore } from '#connectors/evm/transaction-store.ts'
import { readTransfers } from '#connectors/evm/transfers.ts'
import { createWallet } from '#platform/wallet/service.ts'
import { createWalletStore } from '#platform/wallet/store.ts'
import { type DemoChain, startDemoChain, trackedWallets } from '#scripts/demo/chain.ts'
import { demoWallets, genesisPlan } from '#scripts/demo/chain-plan.ts'
import { loadPrices } from '#scripts/demo/prices.ts'
import { type Cuttable, createCuttable } from './cuttable.ts'
import { clock, type SmallPlatform } from './small-platform.ts'

/** A chain of its own with the demo's genesis; the test stops it. */
export function startGenesisChain({ keys }: Pick<SmallPlatform, 'keys'>): Promise<DemoChain> {
  const plan = genesisPlan(demoWallets(keys), loadPrices(new Map(), {}))
  return startDemoChain({ port: 0, keys, plan, log: () => {} })
}

export async function openSmallWallet(
  platform: SmallPlatform,
  { rpc: real, deployment }: { readonly rpc: Rpc; readonly deployment: DemoChain['deployment'] },
) {
  const { sequencer, views, keys } = platform
  const store = createWalletStore(platform.pool)
  const around: Cuttable = createCuttable({ sequencer, store, rpc: real })
  const { rpc } = around
  const heads = createHeads({ rpc, pollMs: 10 })
  const wallet = createWallet({
    ...{ sequencer: around.sequencer, store: around.store, views, clock },
    openChain: (journal) =>
      createCustodyChain({
        ...{ rpc, heads, deployment, keys, journal, sweepStore: createMemoryStore() },
        station: keys.wallet('deployer', 0),
        finality: 'mined',
        patienceMs: 1_000,
        tracked: trackedWallets(keys),
      }),
  })
  await wallet.start()
  heads.start()
  return {
    ...{ wallet, around, heads },
    /** Nothing that it does any more reaches anybody; only its timers are ended. */
    kill() {
      around.kill()
      void wallet.stop()
      void heads.stop()
    },
    async stop() {
      await wallet.stop()
      await heads.stop()
    },
  }
}

/** Amounts that custody has sent to the address, in the order of the chain. */
export async function paidTo(
  { rpc, deployment }: DemoChain,
  custody: string,
  address: string,
): Promise<bigint[]> {
  const head = await readHead(rpc, 'latest')
  const tokens = Object.values(deployment.tokens).map((token) => token.address)
  const range = { fromBlock: deployment.block + 1, toBlock: head.number }
  const found = await readTransfers(rpc, { tokens, recipients: [address], ...range })
  return found.filter(({ from }) => from === custody.toLowerCase()).map(({ amount }) => amount)
}
