// Icebergs: limit orders that show a part of what they have.
//
// What an iceberg shows counts for its level. A taker that meets it a second time in one command is
// offered everything, so that it is met at most twice.

import { clock } from './clock.ts'
import { Extra, extraOf } from './extras.ts'
import { levelAt } from './ladder.ts'
import { Market } from './markets.ts'
import { emitRefreshed } from './order-events.ts'
import { ICEBERG, Order, orderAt, slotOf, termsAt } from './orders.ts'

/** Lots that a maker offers to the running command, which meets it now. */
export function offerOf(maker: Order): i64 {
  if ((maker.flags & ICEBERG) === 0) return maker.remaining
  const extra = extraOf(maker)
  return extra.metAt === clock.seq ? maker.remaining : extra.shown
}

/** Before lots are taken from an iceberg: it shows as many. */
export function showBefore(market: Market, maker: Order, lots: i64): void {
  const extra = extraOf(maker)
  extra.metAt = clock.seq
  const more = lots - extra.shown
  if (more > 0) show(market, maker, extra, more, false)
}

/** After lots were taken: one that shows nothing any more goes to the end of its level. */
export function showAfter(market: Market, maker: Order): void {
  const extra = extraOf(maker)
  if (extra.shown !== 0) return
  const slot = slotOf(maker)
  const row = levelAt(maker.level)
  if (maker.next !== 0) {
    if (maker.prev === 0) row.head = maker.next
    else orderAt(maker.prev).next = maker.next
    orderAt(maker.next).prev = maker.prev
    orderAt(row.tail).next = slot
    maker.prev = row.tail
    maker.next = 0
    row.tail = slot
  }
  show(market, maker, extra, min(extra.displaySize, maker.remaining), true)
  termsAt(slot).priority = market.bookNumber
  termsAt(slot).updatedAt = clock.time
}

function show(market: Market, maker: Order, extra: Extra, lots: i64, requeued: bool): void {
  extra.shown += lots
  levelAt(maker.level).lots += lots
  levelAt(maker.level).hidden -= lots
  emitRefreshed(market, maker, lots, requeued)
}
