// Rebalancing: money between an account of the platform and the bot's own address on chain.
//
// Every request carries the caller's id; an unknown outcome is asked again with the same id and
// sentAt until it is known, because giving up would leave money that nobody counts. The key's
// scope `rebalance` reaches no other address than the one registered for the bot.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '#client/client.ts'

export type WithdrawRequest = {
  readonly requestId: string
  readonly sentAt: number
  readonly asset: string
  readonly amount: string
  readonly address: string
}

export type MoveOutcome =
  | { readonly kind: 'done'; readonly fee: string; readonly txHash: string | undefined }
  | { readonly kind: 'refused'; readonly code: string }
  /** The caller's patience or the process ended first; ask again with the same id. */
  | { readonly kind: 'unknown' }

export type Rebalancing = {
  /** Where the account's deposits of the asset go; undefined when the platform does not say. */
  depositAddress(asset: string): Promise<string | undefined>
  /** Answers when it is settled on chain. */
  withdraw(request: WithdrawRequest): Promise<MoveOutcome>
  /** Answers when the transaction's transfer has been credited. */
  credited(txHash: string): Promise<MoveOutcome>
}

export type RebalancingDeps = {
  readonly client: Pick<Client, 'createDepositAddress' | 'withdraw' | 'withdrawal' | 'deposits'>
  readonly account?: number
  readonly pollMs?: number
  readonly patienceMs?: number
}

const POLL_MS = 500
const PATIENCE_MS = 120_000

export function createRebalancing(deps: RebalancingDeps): Rebalancing {
  const { client, account, pollMs = POLL_MS, patienceMs = PATIENCE_MS } = deps
  const of = account === undefined ? {} : { account }
  const turns = Math.ceil(patienceMs / pollMs)

  async function poll(look: () => Promise<MoveOutcome>): Promise<MoveOutcome> {
    for (let turn = 0; turn < turns; turn += 1) {
      const outcome = await look()
      if (outcome.kind !== 'unknown') return outcome
      await sleep(pollMs)
    }
    return { kind: 'unknown' }
  }

  async function request(body: WithdrawRequest & { account?: number }) {
    for (let turn = 0; turn < turns; turn += 1) {
      const outcome = await client.withdraw(body)
      if (outcome.kind !== 'unknown') return outcome
      await sleep(pollMs)
    }
    return { kind: 'unknown' as const }
  }

  async function lookAtWithdrawal(id: number): Promise<MoveOutcome> {
    const outcome = await client.withdrawal(id)
    if (outcome.kind !== 'done') return { kind: 'unknown' }
    const { status, fee, txHash } = outcome.value.withdrawal
    if (status === 'settled') return { kind: 'done', fee, txHash }
    return status === 'failed'
      ? { kind: 'refused', code: 'withdrawal.failed' }
      : { kind: 'unknown' }
  }

  async function lookAtDeposits(txHash: string): Promise<MoveOutcome> {
    const outcome = await client.deposits({ ...of, limit: 100 })
    if (outcome.kind !== 'done') return { kind: 'unknown' }
    const isThere = outcome.value.items.some((deposit) => deposit.txHash === txHash)
    return isThere ? { kind: 'done', fee: '0', txHash } : { kind: 'unknown' }
  }

  return {
    async depositAddress(asset) {
      const outcome = await client.createDepositAddress({ ...of, asset })
      return outcome.kind === 'done' ? outcome.value.depositAddress.address : undefined
    },
    async withdraw(body) {
      const outcome = await request({ ...body, ...of })
      if (outcome.kind === 'unknown') return outcome
      if (outcome.kind === 'refused') return { kind: 'refused', code: outcome.code }
      return poll(() => lookAtWithdrawal(outcome.value.withdrawal.id))
    },
    credited: (txHash) => poll(() => lookAtDeposits(txHash)),
  }
}
