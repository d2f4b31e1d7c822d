// Ends: an order leaves the book, is cancelled, is over.
//
// Everything that must forget an order forgets it here, in one place.

import type { SizeLots } from '#kernel/amount.ts'
import { asUnit } from '#kernel/amount.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { nextBookNumber, remove } from './book.ts'
import { reviewOrder } from './brackets-list.ts'
import { setHeld } from './terms.ts'
import type { Order, World } from './world.ts'
import { drop, emit, takeAccountSeqs } from './world.ts'

export const NOTHING = asUnit<SizeLots>(0)

/** Who an event is about, using up one number of the account. */
export function whose(world: World, order: Order) {
  const { account, orderId, request, price } = order
  const accountSeq = takeAccountSeqs(world, account, 1)
  const { market, side } = request
  return { orderId, account, accountSeq, market, side, price: asUnit<never>(price) }
}

/** Takes an order out of the book: what its level loses, and the number of that change. */
export function leaveBook(order: Order): { readonly shown: SizeLots; readonly bookNumber: number } {
  if (order.stands !== 'book') return { shown: NOTHING, bookNumber: 0 }
  const shown = asUnit<SizeLots>(order.shown)
  remove(order)
  order.shown = 0
  order.stands = 'nowhere'
  return { shown, bookNumber: nextBookNumber(order.market) }
}

/** Cancels what is left of an order and gives its hold back. */
export function cancel(world: World, order: Order, reason: RefusalCode): void {
  const left = leaveBook(order)
  const remaining = asUnit<SizeLots>(order.remaining)
  emit(world, { kind: 'cancelled', ...whose(world, order), remaining, ...left, reason })
  close(world, order)
}

/** An order is over. */
export function close(world: World, order: Order): void {
  if (!world.orders.delete(order.orderId)) return
  setHeld(world, order, 0n)
  order.stands = 'nowhere'
  drop(world.queue, order)
  drop(order.market.armed, order)
  reviewOrder(world, order)
}

/** Over when nothing remains; by quote amount taking in says so. */
export function closeIfDone(world: World, order: Order): void {
  if (order.request.quoteAmount === 0 && order.remaining === 0) close(world, order)
}
