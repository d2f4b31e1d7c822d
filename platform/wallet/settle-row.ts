// Submits what a chain row leads to: credits and settled or failed withdrawals.
//
// INV-13: the engine remembers every (instance, tx, log) and every finished withdrawal, so a row
// may be submitted any number of times. A refusal is a bug, because the chain has already moved the
// tokens.

import { type Amount, asUnit } from '#kernel/amount.ts'
import { assert } from '#kernel/assert.ts'
import { type AccountId, type AssetId, asId, type OrderId } from '#kernel/ids.ts'
import type { Sequencer, Submission } from '#sequencer/port.ts'
import { answered } from './answered.ts'
import type { ChainRow } from './chain-row.ts'

export type SettleDeps = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly assetId: (symbol: string) => AssetId | undefined
}

export async function settleRow({ sequencer, assetId }: SettleDeps, row: ChainRow): Promise<void> {
  for (const { account, asset, amount, txHash, logIndex } of row.credits) {
    const id = assetId(asset)
    assert(id !== undefined, `a deposit of ${asset}, which is not listed`)
    await mustBeDone(sequencer, {
      kind: 'credit',
      account: asId<AccountId>(account),
      asset: id,
      amount: asUnit<Amount>(amount),
      instance: row.instance,
      txHash,
      logIndex,
    })
  }
  for (const { withdrawalId, txHash, success } of row.payments) {
    const id = asId<OrderId>(withdrawalId)
    const submission: Submission = success
      ? { kind: 'settleWithdrawal', withdrawalId: id, txHash }
      : { kind: 'failWithdrawal', withdrawalId: id }
    await mustBeDone(sequencer, submission)
  }
}

/** not_found is what a withdrawal that is finished already answers. */
async function mustBeDone(
  sequencer: Pick<Sequencer, 'submit'>,
  submission: Submission,
): Promise<void> {
  const code = await answered(sequencer, submission)
  assert(code === null || code === 'not_found', `${submission.kind} was refused: ${code}`)
}
