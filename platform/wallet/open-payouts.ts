// Open payouts: the withdrawals that are neither settled nor failed, folded from events.
//
// What was signed under another chain instance counts as unsigned: that chain is gone. The journal
// it hands out keeps signed bytes as a command, durable before anything is sent (INV-13).

import type { Event } from '#engine/event.ts'
import type { OpenWithdrawal } from '#engine/image.ts'
import { asId, type OrderId } from '#kernel/ids.ts'
import type { Sequencer } from '#sequencer/port.ts'
import type { PayoutJournal, SignedPayout } from './chain-port.ts'

export type OpenPayout = {
  readonly withdrawalId: number
  readonly asset: number
  readonly amount: number
  readonly address: string
  readonly signed: (SignedPayout & { readonly instance: string }) | null
}

export type PayoutEvent = Extract<
  Event,
  {
    readonly kind:
      | 'withdrawalRequested'
      | 'withdrawalSigned'
      | 'withdrawalSettled'
      | 'withdrawalFailed'
  }
>

export type OpenPayouts = {
  apply(event: PayoutEvent): void
  all(): readonly OpenPayout[]
  has(withdrawalId: number): boolean
  isSigned(withdrawalId: number, instance: string): boolean
  signed(instance: string): readonly SignedPayout[]
  journalFor(instance: string): PayoutJournal
}

export function createOpenPayouts(
  sequencer: Pick<Sequencer, 'submit'>,
  open: readonly OpenWithdrawal[],
): OpenPayouts {
  const payouts = new Map(open.map((row) => [Number(row.withdrawalId), payoutOf(row)]))

  function sign(payout: SignedPayout, instance: string): void {
    const known = payouts.get(payout.withdrawalId)
    if (known === undefined) return
    payouts.set(payout.withdrawalId, { ...known, signed: { ...payout, instance } })
  }

  function apply(event: PayoutEvent): void {
    if (event.kind === 'withdrawalRequested') {
      payouts.set(event.withdrawalId, payoutOf({ ...event, signed: null }))
    } else if (event.kind === 'withdrawalSigned') sign(event, event.instance)
    else payouts.delete(event.withdrawalId)
  }

  async function save(payout: SignedPayout, instance: string): Promise<void> {
    const withdrawalId = asId<OrderId>(payout.withdrawalId)
    const command = { kind: 'signWithdrawal' as const, ...payout, instance, withdrawalId }
    const { code } = await sequencer.submit(command)
    if (code !== null) throw new Error(`withdrawal ${withdrawalId} not journaled: ${code}`)
  }

  const signed = (instance: string): SignedPayout[] =>
    [...payouts.values()].flatMap((payout) =>
      payout.signed?.instance === instance ? [payout.signed] : [],
    )

  return {
    apply,
    all: () => [...payouts.values()],
    has: (id) => payouts.has(id),
    isSigned: (id, instance) => payouts.get(id)?.signed?.instance === instance,
    signed,
    journalFor: (instance) => ({
      open: () => signed(instance),
      save: (payout) => save(payout, instance),
    }),
  }
}

type PayoutRow = Omit<OpenWithdrawal, 'requestedAt' | 'fee' | 'requestId' | keyof Header>
type Header = { eventNo: number; seq: number; time: number }

function payoutOf({ withdrawalId, asset, amount, address, signed }: PayoutRow): OpenPayout {
  return { withdrawalId, asset, amount, address, signed: signed && { withdrawalId, ...signed } }
}
