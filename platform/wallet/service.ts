// Wallet: follows the chain, credits what arrives, pays what was withdrawn. INV-12, INV-13.
//
// It puts the parts together: the address book, the batches that turn final blocks into credits and
// settlements, the payouts that turn withdrawals into transactions. A new chain instance is told to
// the engine before anything of it is credited.

import type { OpenWithdrawal } from '#engine/image.ts'
import type { Clock } from '#kernel/time.ts'
import { followKinds } from '#sequencer/follow-kinds.ts'
import type { Sequencer } from '#sequencer/port.ts'
import { createAddressBook } from './address-book.ts'
import { createAssetTable, type WalletAsset } from './asset-table.ts'
import { createBatches } from './batches.ts'
import type { CustodyChain, OpenChain } from './chain-port.ts'
import { createOpenPayouts, type OpenPayouts } from './open-payouts.ts'
import { createPayouts } from './payouts.ts'
import type { Wallet } from './port.ts'
import type { WalletStore } from './store.ts'

export type WalletDeps = {
  readonly sequencer: Sequencer
  readonly store: WalletStore
  readonly openChain: OpenChain
  readonly assets: readonly WalletAsset[]
  /** Of the engine as it started. */
  readonly start: {
    readonly withdrawals: readonly OpenWithdrawal[]
    readonly chainInstance: string
  }
  readonly clock: Clock
}

export function createWallet(deps: WalletDeps): Wallet {
  const { sequencer, store, assets, clock } = deps
  const open = createOpenPayouts(sequencer, deps.start.withdrawals)
  const table = createAssetTable(assets, (symbol) => chain.decimals(symbol))
  const payouts = createPayouts({ sequencer, open, assetOf: table.assetOf })
  const chain = openChain(deps, { open, wake: payouts.wake })
  const book = createAddressBook(store, clock)
  const signed = () => open.signed(chain.instance)
  const batches = createBatches({
    ...{ sequencer, store, chain, book, clock },
    ...{ signed, scalesOf: table.scalesOf, assetId: table.assetId },
  })
  let halted = false
  let unfollow = () => {}

  function halt(): void {
    halted = true
    payouts.stop()
  }

  return {
    async start() {
      await book.load()
      const newest = await store.newestRow()
      batches.continueFrom(newest)
      const { instance } = chain
      if (instance !== deps.start.chainInstance) {
        await sequencer.submit({ kind: 'chainReset', instance })
      }
      unfollow = chain.follow({
        after: newest?.instance === instance ? newest.block : undefined,
        recipients: book.addresses,
        onBatch: batches.handle,
        onBroken: halt,
      })
      payouts.run(chain)
    },
    async stop() {
      unfollow()
      payouts.stop()
      await chain.close()
    },
    async depositAddress(account, asset) {
      const known = book.find(account, asset)
      if (known !== undefined) return known
      if (table.scalesOf(asset) === undefined) return undefined
      const address = chain.depositAddress(account)
      await book.give({ account, asset, address })
      return address
    },
    addressesOf: book.of,
    isAddress: chain.isAddress,
    status: () => ({ instance: chain.instance, block: batches.block(), halted }),
    heldAddresses: () =>
      [chain.custodyAddress, ...book.addresses()].map((address) => address.toLowerCase()),
    caughtUp: batches.caughtUp,
    dust: batches.dust,
  }
}

/** The open payouts learn of every event; the chain is opened with them as its journal. */
function openChain(
  { sequencer, openChain: openWith }: WalletDeps,
  { open, wake }: { readonly open: OpenPayouts; readonly wake: () => void },
): CustodyChain {
  const kinds = [
    'withdrawalRequested',
    'withdrawalSigned',
    'withdrawalSettled',
    'withdrawalFailed',
  ] as const
  followKinds(sequencer, kinds, (event) => {
    open.apply(event)
    if (event.kind === 'withdrawalRequested') wake()
  })
  let instance = ''
  const chain = openWith({
    save: (payout) => open.journalFor(instance).save(payout),
    open: () => open.signed(instance),
  })
  instance = chain.instance
  return chain
}
