// Chain row: what one batch of final blocks means, as one row of records.
//
// It is written before the commands it leads to are submitted, so that after a crash at any moment the
// newest row and the ledger fit together: its credits and payments are submitted again, which is
// harmless (INV-13), and a ChainReset restores the balances it holds.

import type { ChainBatch, ChainState } from './chain-port.ts'
import { type Scales, toLedger } from './units.ts'

export type RowCredit = {
  readonly account: number
  readonly asset: string
  /** Ledger units. */
  readonly amount: number
  readonly txHash: string
  readonly logIndex: number
}

export type RowPayment = {
  readonly withdrawalId: number
  readonly txHash: string
  readonly success: boolean
}

export type ChainRow = {
  readonly instance: string
  readonly block: number
  readonly blockHash: string
  readonly state: ChainState
  readonly credits: readonly RowCredit[]
  readonly payments: readonly RowPayment[]
  /** 'account/asset' -> smallest units that do not fill a ledger unit yet. */
  readonly dust: Readonly<Record<string, string>>
}

export type CreditDeps = {
  readonly accountOf: (address: string) => number | undefined
  readonly scalesOf: (asset: string) => Scales | undefined
}

/** The credits of a batch, with the dust of earlier ones added and the new dust left over. */
export function creditsOf(
  batch: ChainBatch,
  before: ChainRow['dust'],
  deps: CreditDeps,
): { readonly credits: RowCredit[]; readonly dust: Record<string, string> } {
  const dust: Record<string, string> = { ...before }
  const credits: RowCredit[] = []
  for (const { to, asset, amount, txHash, logIndex } of batch.transfers) {
    const account = deps.accountOf(to)
    const scales = deps.scalesOf(asset)
    if (account === undefined || scales === undefined) continue
    const key = `${account}/${asset}`
    const sum = toLedger(amount + BigInt(dust[key] ?? '0'), scales)
    if (sum.dust === 0n) delete dust[key]
    else dust[key] = String(sum.dust)
    if (sum.whole > 0) credits.push({ account, asset, amount: sum.whole, txHash, logIndex })
  }
  return { credits, dust }
}

/** All dust of an asset in smallest units. */
export function dustOf(row: Pick<ChainRow, 'dust'>, asset: string): bigint {
  return Object.entries(row.dust)
    .filter(([key]) => key.endsWith(`/${asset}`))
    .reduce((sum, [, amount]) => sum + BigInt(amount), 0n)
}
