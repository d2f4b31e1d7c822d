// Wallet: follows the chain, credits what arrives, pays what was withdrawn. INV-12, INV-13.
//
// It puts the parts together: the address book, the batches that turn final blocks into credits and
// settlements, the payouts that turn withdrawals into transactions. A new chain instance is told to
// the engine before anything of it is credited.

import { assert } from '#kernel/assert.ts'
import type { Clock } from '#kernel/time.ts'
import type { Sequencer } from '#sequencer/port.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { createAddressBook } from './address-book.ts'
import { answered } from './answered.ts'
import { createBatches } from './batches.ts'
import type { CustodyChain, OpenChain } from './chain-port.ts'
import { createPayoutJournal, createPayouts, signedFor } from './payouts.ts'
import type { Wallet } from './port.ts'
import type { WalletStore } from './store.ts'
import type { Scales } from './units.ts'

export type WalletDeps = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly views: Pick<LiveViews, 'openWithdrawals' | 'listing' | 'chainInstance'>
  readonly store: WalletStore
  readonly openChain: OpenChain
  readonly clock: Clock
}

export function createWallet(deps: WalletDeps): Wallet {
  const { sequencer, views, store, clock } = deps
  const chain: CustodyChain = deps.openChain(createPayoutJournal(deps, () => chain.instance))
  const book = createAddressBook(store, clock)
  const payouts = createPayouts({ sequencer, views, scalesOf })
  const signed = () => signedFor(views, chain.instance)
  const assetId = (symbol: string) => views.listing.assetBySymbol(symbol)?.id
  const deal = { sequencer, store, chain, book, clock }
  const batches = createBatches({ ...deal, signed, scalesOf, assetId })
  let halted = false
  let unfollow = () => {}

  function scalesOf(symbol: string): Scales | undefined {
    const scale = views.listing.assetBySymbol(symbol)?.scale
    const decimals = chain.decimals(symbol)
    return scale === undefined || decimals === undefined ? undefined : { scale, decimals }
  }

  async function start(): Promise<void> {
    await book.load()
    const newest = await store.newestRow()
    batches.continueFrom(newest)
    if (newest !== undefined) await batches.settle(newest)
    const { instance } = chain
    if (instance !== views.chainInstance()) {
      const code = await answered(sequencer, { kind: 'chainReset', instance })
      assert(code === null, `the chain's reset was refused: ${code}`)
    }
    unfollow = chain.follow({
      after: newest?.instance === instance ? newest.block : undefined,
      recipients: book.addresses,
      onBatch: batches.handle,
      onBroken() {
        halted = true
        void payouts.stop()
      },
    })
    payouts.run(chain)
  }

  async function depositAddress(account: number, asset: string): Promise<string | undefined> {
    const known = book.find(account, asset)
    if (known !== undefined) return known
    if (scalesOf(asset) === undefined) return undefined
    const address = chain.depositAddress(account)
    await book.give({ account, asset, address })
    return address
  }

  return {
    start,
    async stop() {
      unfollow()
      // Together: a payout may be waiting for a chain that is gone, and only close ends that.
      await Promise.all([batches.stop(), payouts.stop(), chain.close()])
    },
    depositAddress,
    addressesOf: book.of,
    isPayable: chain.isPayable,
    status: () => ({ instance: chain.instance, block: batches.block(), halted }),
    heldAddresses: () =>
      [chain.custodyAddress, ...book.addresses()].map((address) => address.toLowerCase()),
    dust: batches.dust,
  }
}
