// Batches: final blocks in, a row and its credits and payments out.
//
// The order is the whole point: read the balances at the batch's last block, write the row, submit
// what it leads to, sweep. The next batch waits. After a crash in between, the newest row is
// submitted again, so no credit is lost and none is made twice (INV-13).

import type { AssetId } from '#kernel/ids.ts'
import type { Clock } from '#kernel/time.ts'
import type { Sequencer } from '#sequencer/port.ts'
import type { AddressBook } from './address-book.ts'
import type { ChainBatch, CustodyChain, SignedPayout } from './chain-port.ts'
import { type ChainRow, creditsOf, dustOf } from './chain-row.ts'
import { settleRow } from './settle-row.ts'
import type { WalletStore } from './store.ts'
import type { Scales } from './units.ts'

export type BatchDeps = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly store: WalletStore
  readonly chain: CustodyChain
  readonly book: AddressBook
  readonly signed: () => readonly SignedPayout[]
  readonly scalesOf: (asset: string) => Scales | undefined
  readonly assetId: (asset: string) => AssetId | undefined
  readonly clock: Clock
}

export type Batches = {
  /** Submits what an earlier run recorded and may not have submitted. */
  settle(row: ChainRow): Promise<void>
  /** Where an earlier run left the dust and, on the same chain, how far it came. */
  continueFrom(row: ChainRow | undefined): void
  handle(batch: ChainBatch): Promise<void>
  /** The newest block that is recorded and settled. */
  block(): number
  /** Takes no further batch; answers when the one at work is done. */
  stop(): Promise<void>
  dust(asset: string): bigint
}

export function createBatches(deps: BatchDeps): Batches {
  const { sequencer, store, chain, book, assetId, clock } = deps
  const custody = chain.custodyAddress.toLowerCase()
  let dust: ChainRow['dust'] = {}
  let block = 0
  let atWork: Promise<void> = Promise.resolve()
  let stopped = false

  async function rowOf(batch: ChainBatch): Promise<ChainRow> {
    const { toBlock, blockHash } = batch
    const state = await chain.stateAt({ number: toBlock, hash: blockHash })
    const payments = await paymentsUpTo(deps, toBlock)
    const accountOf = book.accountAt
    const credited = creditsOf(batch, dust, { custody, accountOf, scalesOf: deps.scalesOf })
    return { instance: chain.instance, block: toBlock, blockHash, state, payments, ...credited }
  }

  async function take(batch: ChainBatch): Promise<void> {
    const row = await rowOf(batch)
    await store.addRow({ ...row, recordedAt: clock() })
    dust = row.dust
    await settleRow({ sequencer, assetId }, row)
    block = row.block
    sweepFunded(deps, row)
  }

  return {
    settle: (row) => settleRow({ sequencer, assetId }, row),
    continueFrom(row) {
      dust = row?.dust ?? {}
      block = row?.instance === chain.instance ? row.block : chain.firstBlock
    },
    async handle(batch) {
      if (stopped) return
      atWork = take(batch)
      await atWork
    },
    async stop() {
      stopped = true
      await atWork.catch(() => {}) // Whoever handed it over is told of the error.
    },
    block: () => block,
    dust: (asset) => dustOf({ dust }, asset),
  }
}

async function paymentsUpTo(
  { chain, signed }: BatchDeps,
  block: number,
): Promise<ChainRow['payments']> {
  const payments: { withdrawalId: number; txHash: string; success: boolean }[] = []
  for (const { withdrawalId, txHash } of signed()) {
    const result = await chain.payoutResult(txHash, block)
    if (result !== undefined) payments.push({ withdrawalId, txHash, ...result })
  }
  return payments
}

/** In the background: a sweep that fails is asked for again by the next batch. */
function sweepFunded({ book, chain }: BatchDeps, { state }: ChainRow): void {
  for (const address of book.addresses()) {
    const account = book.accountAt(address.toLowerCase())
    const held = state.balances[address.toLowerCase()] ?? {}
    for (const [asset, amount] of Object.entries(held)) {
      if (account === undefined || amount === '0' || chain.decimals(asset) === undefined) continue
      void chain.sweep(account, asset)
    }
  }
}
