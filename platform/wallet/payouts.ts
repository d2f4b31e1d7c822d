// Payouts: from a requested withdrawal to bytes on the chain.
//
// One at a time: sign with custody's next nonce, journal the bytes, send them. What was journaled is
// sent again after a restart, the same bytes, so a withdrawal is paid at most once (INV-13). That it
// was paid is for the chain rows to say, never for the sender.

import { asId, type OrderId } from '#kernel/ids.ts'
import type { Sequencer } from '#sequencer/port.ts'
import type { CustodyChain } from './chain-port.ts'
import type { OpenPayout, OpenPayouts } from './open-payouts.ts'
import { PAYOUTS_IN_FLIGHT_MAX } from './terms.ts'
import { type Scales, toChain } from './units.ts'

const RETRY_MS = 500
const IDLE_MS = 5_000

export type PayoutDeps = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly open: OpenPayouts
  readonly assetOf: (id: number) => { readonly symbol: string; readonly scales: Scales } | undefined
}

export type Payouts = {
  /** Something may be due: look now and not at the next pause's end. */
  wake(): void
  run(chain: CustodyChain): void
  stop(): void
}

export function createPayouts(deps: PayoutDeps): Payouts {
  const { open } = deps
  let endPause = () => {}
  let stopped = false

  async function loop(chain: CustodyChain): Promise<void> {
    const sent = new Set<number>()
    while (!stopped) {
      const due = open.all().filter(({ withdrawalId }) => !sent.has(withdrawalId))
      for (const payout of due.slice(0, PAYOUTS_IN_FLIGHT_MAX)) {
        if (stopped) return
        await pay(deps, chain, payout)
        if (open.isSigned(payout.withdrawalId, chain.instance)) sent.add(payout.withdrawalId)
      }
      for (const id of sent) if (!open.has(id)) sent.delete(id)
      await pause(due.length === 0 ? IDLE_MS : RETRY_MS)
    }
  }

  /** Until woken or late. */
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    wake: () => endPause(),
    run: (chain) => void loop(chain),
    stop() {
      stopped = true
      endPause()
    },
  }
}

async function pay(deps: PayoutDeps, chain: CustodyChain, payout: OpenPayout): Promise<void> {
  const { withdrawalId, address: to } = payout
  const asset = deps.assetOf(payout.asset)
  if (asset === undefined) return
  if (!deps.open.isSigned(withdrawalId, chain.instance)) {
    const amount = toChain(payout.amount, asset.scales)
    const signing = await chain.signPayout({ withdrawalId, asset: asset.symbol, to, amount })
    if (signing.kind === 'later') return
    if (signing.kind === 'impossible') return fail(deps, withdrawalId)
  }
  if ((await chain.sendPayout(withdrawalId)) === 'impossible') await fail(deps, withdrawalId)
}

async function fail({ sequencer }: PayoutDeps, withdrawalId: number): Promise<void> {
  await sequencer.submit({ kind: 'failWithdrawal', withdrawalId: asId<OrderId>(withdrawalId) })
}
