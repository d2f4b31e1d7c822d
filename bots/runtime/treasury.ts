// Treasury: moves a bot's own money between the platform and its address on chain.
//
// A withdrawal is done when it is settled on chain, a deposit when it is credited. Both are named
// by the transfer's id at every step, so asking again never moves anything twice.

import type { Transfer } from '../strategy.ts'
import type { TransferOutcome, Treasury } from './bot-venue.ts'

/** The platform's side, as connectors/internal makes it. */
export type PlatformMoves = {
  depositAddress(asset: string): Promise<string | undefined>
  withdraw(request: {
    readonly requestId: string
    readonly sentAt: number
    readonly asset: string
    readonly amount: string
    readonly address: string
  }): Promise<MoveOutcome>
  credited(txHash: string): Promise<MoveOutcome>
}

type MoveOutcome =
  | { readonly kind: 'done'; readonly fee: string }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'unknown' }

/** The chain's side, as connectors/evm makes it. */
export type ChainMoves = {
  readonly address: string
  transfer(transfer: {
    readonly id: string
    readonly asset: string
    readonly amount: string
    readonly to: string
  }): Promise<
    | { readonly kind: 'mined'; readonly txHash: string; readonly gas: string }
    | { readonly kind: 'refused'; readonly code: string }
    | { readonly kind: 'unknown' }
  >
}

export type TreasuryDeps = { readonly rebalancing: PlatformMoves; readonly account: ChainMoves }

const GAS_ASSET = 'ETH'

export function createTreasury(deps: TreasuryDeps): Treasury {
  return {
    move: (transfer) =>
      transfer.way === 'withdraw' ? withdraw(deps, transfer) : deposit(deps, transfer),
  }
}

async function withdraw({ rebalancing, account }: TreasuryDeps, transfer: Transfer) {
  const { id: requestId, sentAt, asset, amount } = transfer
  const request = { requestId, sentAt, asset, amount, address: account.address }
  const outcome = await rebalancing.withdraw(request)
  if (outcome.kind !== 'done') return outcome
  return { kind: 'done' as const, costs: [{ kind: 'fees' as const, asset, amount: outcome.fee }] }
}

async function deposit(
  { rebalancing, account }: TreasuryDeps,
  { id, asset, amount }: Transfer,
): Promise<TransferOutcome> {
  const to = await rebalancing.depositAddress(asset)
  if (to === undefined) return { kind: 'unknown' }
  const sent = await account.transfer({ id, asset, amount, to })
  if (sent.kind !== 'mined') return sent
  const credited = await rebalancing.credited(sent.txHash)
  if (credited.kind !== 'done') return credited
  return { kind: 'done', costs: [{ kind: 'gas', asset: GAS_ASSET, amount: sent.gas }] }
}
