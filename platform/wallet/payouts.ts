// Payouts: from a requested withdrawal to bytes on the chain.
//
// One at a time: sign with custody's next nonce, journal the bytes, send them. What was journaled
// is sent again after a restart, the same bytes, so a withdrawal is paid at most once (INV-13);
// what was signed for another chain instance is signed anew. That it was paid is for the chain rows
// to say.

import { assert } from '#kernel/assert.ts'
import { asId, type OrderId } from '#kernel/ids.ts'
import type { Sequencer } from '#sequencer/port.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import type { LiveWithdrawal } from '#views/live/live-withdrawals.ts'
import { answered } from './answered.ts'
import type { CustodyChain, PayoutJournal, SignedPayout } from './chain-port.ts'
import { PAYOUTS_IN_FLIGHT_MAX } from './terms.ts'
import { type Scales, toChain } from './units.ts'

const LOOK_EVERY_MS = 100

export type PayoutDeps = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly views: Pick<LiveViews, 'openWithdrawals' | 'listing'>
  readonly scalesOf: (asset: string) => Scales | undefined
}

export type Payouts = {
  /** Pays what is open and what will be, until stop. */
  run(chain: CustodyChain): void
  stop(): Promise<void>
}

export function createPayouts(deps: PayoutDeps): Payouts {
  const { views } = deps
  let stopped = false
  let loop: Promise<void> = Promise.resolve()

  async function payOpen(chain: CustodyChain): Promise<void> {
    const sent = new Set<number>()
    while (!stopped) {
      const open = views.openWithdrawals()
      const ids = new Set<number>(open.map(({ id }) => id))
      for (const id of sent) if (!ids.has(id)) sent.delete(id)
      const due = open.filter(({ id }) => !sent.has(id))
      for (const withdrawal of due.slice(0, PAYOUTS_IN_FLIGHT_MAX - sent.size)) {
        if (!stopped && (await pay(deps, chain, withdrawal))) sent.add(withdrawal.id)
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }

  return {
    run(chain) {
      loop = payOpen(chain)
    },
    async stop() {
      stopped = true
      await loop
    },
  }
}

/** The withdrawals signed for a chain instance, and how another one is journaled. */
export function createPayoutJournal(
  { sequencer, views }: Pick<PayoutDeps, 'sequencer' | 'views'>,
  instance: () => string,
): PayoutJournal {
  return {
    open: () => signedFor(views, instance()),
    async save(payout) {
      const withdrawalId = asId<OrderId>(payout.withdrawalId)
      const command = { ...payout, withdrawalId, instance: instance() }
      const code = await answered(sequencer, { kind: 'signWithdrawal', ...command })
      assert(code === null, `withdrawal ${withdrawalId} was not journaled: ${code}`)
    },
  }
}

/** Signed under the instance and neither settled nor failed. */
export function signedFor(
  views: Pick<LiveViews, 'openWithdrawals'>,
  instance: string,
): SignedPayout[] {
  return views
    .openWithdrawals()
    .flatMap(({ id, signed }) =>
      signed?.instance === instance ? [{ withdrawalId: id, ...signed }] : [],
    )
}

/** Answers whether the bytes are on their way; otherwise it is tried again. */
async function pay(deps: PayoutDeps, chain: CustodyChain, row: LiveWithdrawal): Promise<boolean> {
  const { symbol } = deps.views.listing.asset(row.asset)
  const scales = deps.scalesOf(symbol)
  if (scales === undefined) return false
  if (row.signed?.instance !== chain.instance) {
    const amount = toChain(row.amount, scales)
    const payout = { withdrawalId: row.id, asset: symbol, to: row.address, amount }
    const signing = await chain.signPayout(payout)
    if (signing.kind === 'later') return false
    if (signing.kind === 'impossible') return fail(deps, row)
  }
  return (await chain.sendPayout(row.id)) === 'sent' ? true : fail(deps, row)
}

async function fail({ sequencer }: PayoutDeps, { id }: LiveWithdrawal): Promise<boolean> {
  return (await answered(sequencer, { kind: 'failWithdrawal', withdrawalId: id })) === null
}
