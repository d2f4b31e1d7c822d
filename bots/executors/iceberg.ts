// Iceberg: a large order at one price of which the book shows little.
//
// Where the venue hides size itself it is one order of the venue; elsewhere a small order is put up
// again and again. After a restart what is left of it goes back into the book.

import type { Side } from '#connectors/venue.ts'
import { endOf, isDust, NO_HASTE, type Patience, wait } from './crossing.ts'
import { defineExecutor, type ExecutorMarket } from './executor.ts'
import type { Iceberg } from './plans.ts'

export type IcebergData = {
  readonly market: string
  readonly side: Side
  readonly price: number
  readonly display: number
  readonly postOnly: boolean
  left: number
  readonly patience: Patience
}

const TRIES_MAX = 12

export function icebergData(market: ExecutorMarket, order: Iceberg): IcebergData {
  const { side, price, postOnly = false } = order
  const [left, display] = [market.sizeOf(order.size), market.sizeOf(order.display)]
  if (left === undefined || display === undefined || !(left > 0) || !(display > 0)) {
    throw new RangeError('iceberg: size and display above 0 are needed')
  }
  const reference = `${market.venue}:${market.symbol}`
  return { market: reference, side, price, display, postOnly, left, patience: { ...NO_HASTE } }
}

export const iceberg = defineExecutor<IcebergData>({
  kind: 'iceberg',
  step(work) {
    const { data } = work
    const market = work.market(data.market)
    if (work.orders().length > 0) return
    if (isDust(market, data.left)) return work.finish(endOf(market, data.left))
    if (work.isPaused || work.now < data.patience.waitUntil) return
    const { side, price, display, postOnly, left } = data
    const hides = market.venue === 'internal' && display < left
    work.place('show', data.market, {
      ...{ side, price, postOnly, size: hides ? left : Math.min(display, left) },
      ...(hides ? { display } : {}),
    })
  },
  traded({ data }, { base }) {
    data.left -= base
  },
  ended(work, order) {
    wait(work.data.patience, order, work.now)
    if (work.data.patience.tries >= TRIES_MAX) work.finish(order.code ?? order.state)
  },
})
