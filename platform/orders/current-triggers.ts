// Current triggers: orders as a read answers them, trailing stops with where their trigger stands.
//
// It moves with the market and no event tells it, so the engine is asked, and only when a trailing
// stop is among the orders.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Sequencer } from '#sequencer/port.ts'
import { priceText } from '#views/decimals.ts'
import { orderJson } from '#views/format.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { isFinished, type OrderRow } from '#views/order-row.ts'

export type CurrentTriggersDeps = {
  readonly sequencer: Pick<Sequencer, 'triggersOf'>
  readonly views: Pick<LiveViews, 'listing'>
}

type OrderRead = ReturnType<typeof orderJson> & { readonly currentTrigger?: string }

/** The longest that a read waits for the engine: who asks what became of an order shall know. */
const ANSWER_MS = 1_000

/** The orders in JSON, in their order; without their triggers when the engine has no time. */
export async function withCurrentTriggers(
  { sequencer, views: { listing } }: CurrentTriggersDeps,
  rows: readonly OrderRow[],
): Promise<OrderRead[]> {
  const ids = rows.filter(isTrailing).map(({ id }) => id)
  const triggers = ids.length === 0 ? null : await soon(sequencer.triggersOf(ids))
  const ticksOf = new Map(ids.map((id, nth) => [id, triggers?.[nth] ?? 0]))
  return rows.map((row) => {
    const order = orderJson(listing, row)
    const ticks = ticksOf.get(row.id) ?? 0
    if (ticks === 0) return order
    return { ...order, currentTrigger: priceText(listing.market(row.market), ticks) }
  })
}

/** The one order. */
export async function withCurrentTrigger(
  deps: CurrentTriggersDeps,
  row: OrderRow,
): Promise<OrderRead> {
  const [order = orderJson(deps.views.listing, row)] = await withCurrentTriggers(deps, [row])
  return order
}

function soon<T>(answer: Promise<T>): Promise<T | null> {
  return Promise.race([answer, sleep(ANSWER_MS, null, { ref: false })])
}

function isTrailing(row: OrderRow): boolean {
  return row.type === 'trailing-stop' && row.triggeredAt === 0 && !isFinished(row)
}
