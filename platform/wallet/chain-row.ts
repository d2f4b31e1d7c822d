// Chain row: what one batch of final blocks means, as one row of records.
//
// It is written before the commands it leads to are submitted, so that after a crash at any moment
// the newest row and the ledger fit together: its credits and payments are submitted again, which
// is harmless (INV-13), and a ChainReset restores the balances it holds. Tokens that somebody sent
// straight to custody belong to no account; they are kept beside the dust, so that custody is
// always what the ledger owes and what the rows say on top, to the last unit (INV-12).

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
  /**
   * Smallest units that arrived and were not credited: 'account/asset' -> what does not fill a
   * ledger unit yet, 'custody/asset' -> what was sent to custody itself.
   */
  readonly dust: Readonly<Record<string, string>>
}

export type CreditDeps = {
  /** Lower case. */
  readonly custody: string
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
  for (const { from, to, asset, amount, txHash, logIndex } of batch.transfers) {
    const scales = deps.scalesOf(asset)
    if (scales === undefined) continue
    const account = deps.accountOf(to)
    if (account !== undefined) {
      const whole = carry(dust, `${account}/${asset}`, amount, scales)
      if (whole > 0) credits.push({ account, asset, amount: whole, txHash, logIndex })
    } else if (to === deps.custody && deps.accountOf(from) === undefined) {
      const key = `${CUSTODY}/${asset}` // Not a sweep: nobody's deposit.
      dust[key] = String(amount + BigInt(dust[key] ?? '0'))
    }
  }
  return { credits, dust }
}

const CUSTODY = 'custody'

/** Adds what arrived to the dust; answers the ledger units that it fills and leaves the rest. */
function carry(dust: Record<string, string>, key: string, amount: bigint, scales: Scales): number {
  const sum = toLedger(amount + BigInt(dust[key] ?? '0'), scales)
  if (sum.dust === 0n) delete dust[key]
  else dust[key] = String(sum.dust)
  return sum.whole
}

/** All of an asset that no account was credited with, in smallest units. */
export function dustOf(row: Pick<ChainRow, 'dust'>, asset: string): bigint {
  return Object.entries(row.dust)
    .filter(([key]) => key.endsWith(`/${asset}`))
    .reduce((sum, [, amount]) => sum + BigInt(amount), 0n)
}
