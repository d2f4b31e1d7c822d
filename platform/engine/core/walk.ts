// Walk: from maker to maker as matching would meet them, without changing anything.
//
// Within a price everybody offers first what he shows; then icebergs, in the same order, offer all
// that they hide. Own icebergs that cancel-maker takes away are not met a second time.

import { accountAt } from './accounts.ts'
import { orderAfter } from './book.ts'
import { CANCEL_MAKER } from './commands.ts'
import { extraOf } from './extras.ts'
import { levelAt, Side } from './ladder.ts'
import { ICEBERG, Order, orderAt, SELF_TRADE_BIT } from './orders.ts'

@unmanaged
class Walk {
  /** Whether icebergs of the level are met a second time. */
  isSecond: u32
  /** Icebergs of the level that hide something. */
  hiding: u32
  /** The taker's owner when he goes past his own orders, else 0. */
  skipped: u32
}

const walk = changetype<Walk>(memory.data(12, 4))

export function startWalk(taker: Order): void {
  walk.isSecond = 0
  walk.hiding = 0
  const how = (taker.flags >> SELF_TRADE_BIT) & 3
  walk.skipped = how === CANCEL_MAKER ? accountAt(taker.account).owner : 0
}

/** Lots that a maker offers when it is met. */
export function offerInWalk(maker: Order): i64 {
  if ((maker.flags & ICEBERG) === 0) return maker.remaining
  const shown = extraOf(maker).shown
  if (walk.isSecond !== 0) return maker.remaining - shown
  if (shown < maker.remaining) walk.hiding += 1
  return shown
}

/** The maker that is met after one; 0 = none. */
export function nextInWalk(makers: Side, maker: Order): u32 {
  if (walk.hiding === 0) return orderAfter(makers, maker)
  let slot = maker.next
  if (slot === 0 && walk.isSecond === 0) {
    walk.isSecond = 1
    slot = levelAt(maker.level).head
  }
  if (walk.isSecond === 0) return slot
  while (slot !== 0 && !isMetAgain(orderAt(slot))) slot = orderAt(slot).next
  if (slot !== 0) return slot
  walk.isSecond = 0
  walk.hiding = 0
  return orderAfter(makers, orderAt(levelAt(maker.level).tail))
}

function isMetAgain(maker: Order): bool {
  if ((maker.flags & ICEBERG) === 0 || extraOf(maker).shown === maker.remaining) return false
  return accountAt(maker.account).owner !== walk.skipped
}
