// Current triggers: orders as a read answers them, trailing stops with where their trigger stands.
//
// It moves with the market and no event tells it, so the engine is asked, and only when a trailing
// stop is among the orders.

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

/** The orders in JSON, in their order. */
export async function ordersRead(
  { sequencer, views: { listing } }: CurrentTriggersDeps,
  rows: readonly OrderRow[],
): Promise<OrderRead[]> {
  const trailing = rows.filter((row) => isTrailing(row))
  const triggers = trailing.length === 0 ? [] : await sequencer.triggersOf(trailing.map(idOf))
  return rows.map((row) => {
    const ticks = triggers[trailing.indexOf(row)] ?? 0
    const order = orderJson(listing, row)
    if (ticks === 0) return order
    return { ...order, currentTrigger: priceText(listing.market(row.market), ticks) }
  })
}

/** The one order. */
export async function orderRead(deps: CurrentTriggersDeps, row: OrderRow): Promise<OrderRead> {
  const [order = orderJson(deps.views.listing, row)] = await ordersRead(deps, [row])
  return order
}

const idOf = ({ id }: OrderRow) => id

function isTrailing(row: OrderRow): boolean {
  return row.type === 'trailing-stop' && row.triggeredAt === 0 && !isFinished(row)
}
