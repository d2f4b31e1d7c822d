// Live withdrawals: all that are not final, and final ones until the projector has passed them.
//
// The wallet reads from here what it has to sign, to send again and to settle; a signed one carries
// the journaled transaction, byte for byte. INV-17: bounded by WITHDRAWALS_OPEN_MAX.

import type {
  EventHeader,
  WithdrawalFailed,
  WithdrawalRequested,
  WithdrawalSettled,
  WithdrawalSigned,
} from '#engine/event.ts'
import type { OpenWithdrawal } from '#engine/image.ts'
import type { AccountId, OrderId } from '#kernel/ids.ts'
import type { WithdrawalRow, WithdrawalStatus } from '../history-rows.ts'

export type LiveWithdrawal = WithdrawalRow & { readonly signed: OpenWithdrawal['signed'] }

type Finished = WithdrawalSettled | WithdrawalFailed

export type LiveWithdrawals = {
  start(rows: readonly OpenWithdrawal[], eventNo: number): void
  requested(event: WithdrawalRequested & EventHeader): void
  signed(event: WithdrawalSigned & EventHeader): void
  finished(event: Finished & EventHeader): void
  get(id: OrderId): LiveWithdrawal | undefined
  /** Newest first. */
  ofAccount(account: AccountId): LiveWithdrawal[]
  /** Neither settled nor failed, oldest first. */
  open(): LiveWithdrawal[]
  forgetUpTo(eventNo: number): void
}

export function createLiveWithdrawals(): LiveWithdrawals {
  const rows = new Map<OrderId, LiveWithdrawal>()
  const all = (): LiveWithdrawal[] => [...rows.values()]
  const change = (id: OrderId, event: EventHeader, change: Partial<LiveWithdrawal>): void => {
    const row = rows.get(id)
    if (row === undefined) return
    rows.set(id, { ...row, ...change, updatedAt: event.time, eventNo: event.eventNo })
  }
  return {
    start: (open, eventNo) => {
      for (const row of open) rows.set(row.withdrawalId, imageWithdrawal(row, eventNo))
    },
    requested: (event) => {
      const signed = null
      rows.set(event.withdrawalId, { ...requestedWithdrawal(event), signed })
    },
    signed: (event) => {
      const { instance, nonce, txHash, rawTransaction } = event
      const signed = { instance, nonce, txHash, rawTransaction }
      change(event.withdrawalId, event, { status: 'sent', txHash, signed })
    },
    finished: (event) => change(event.withdrawalId, event, finalFields(event)),
    get: (id) => rows.get(id),
    ofAccount: (account) =>
      all()
        .filter((row) => row.account === account)
        .reverse(),
    open: () => all().filter((row) => !isFinal(row.status)),
    forgetUpTo: (eventNo) => {
      for (const row of rows.values()) {
        if (isFinal(row.status) && row.eventNo <= eventNo) rows.delete(row.id)
      }
    },
  }
}

export function isFinal(status: WithdrawalStatus): boolean {
  return status === 'settled' || status === 'failed'
}

/** What a final event changes; the hash of a failed one stays what it was. */
export function finalFields(event: Finished): Partial<WithdrawalRow> {
  if (event.kind === 'withdrawalFailed') return { status: 'failed' }
  return { status: 'settled', txHash: event.txHash }
}

/** The row of a withdrawal that was just asked for. */
export function requestedWithdrawal(event: WithdrawalRequested & EventHeader): WithdrawalRow {
  const { withdrawalId: id, account, asset, amount, fee, address, requestId } = event
  const stamp = { createdAt: event.time, updatedAt: event.time, eventNo: event.eventNo }
  const status = 'pending'
  return { id, account, asset, amount, fee, address, requestId, status, txHash: null, ...stamp }
}

function imageWithdrawal(row: OpenWithdrawal, eventNo: number): LiveWithdrawal {
  const { withdrawalId: id, account, asset, amount, fee, address, requestId, signed } = row
  return {
    ...{ id, account, asset, amount, fee, address, requestId, signed, eventNo },
    status: signed === null ? 'pending' : 'sent',
    txHash: signed?.txHash ?? null,
    createdAt: row.requestedAt,
    updatedAt: row.requestedAt,
  }
}
