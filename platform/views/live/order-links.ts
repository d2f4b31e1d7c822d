// Order links: the orders of each account, and the finished ones of all, from place to place.
//
// The links stand beside the orders in the slab.

import { type AccountId, asId } from '#kernel/ids.ts'
import type { OrderSlab } from './order-slab.ts'
import { fieldAt } from './packed-order.ts'
import { NONE } from './places.ts'

/** The orders of each account, linked in the order in which they came. */
export function createAccountChains({ pageOf, rowOf }: OrderSlab) {
  const newest: number[] = []
  const of = (account: AccountId): number[] => {
    const places: number[] = []
    let place = newest[account] ?? NONE
    for (; place !== NONE; place = pageOf(place).older[rowOf(place)] ?? NONE) places.push(place)
    return places
  }
  return {
    /** The newest first. */
    of,
    /** Of all accounts. */
    all: (): number[] => newest.flatMap((_, account) => of(asId(account))),
    add(place: number): void {
      const account = fieldAt.account(pageOf(place), rowOf(place))
      const before = newest[account] ?? NONE
      pageOf(place).older[rowOf(place)] = before
      pageOf(place).newer[rowOf(place)] = NONE
      if (before !== NONE) pageOf(before).newer[rowOf(before)] = place
      newest[account] = place
    },
    remove(place: number): void {
      const [page, row] = [pageOf(place), rowOf(place)]
      const account = fieldAt.account(page, row)
      const [before, after] = [page.older[row] ?? NONE, page.newer[row] ?? NONE]
      if (before !== NONE) pageOf(before).newer[rowOf(before)] = after
      if (after === NONE) newest[account] = before
      else pageOf(after).older[rowOf(after)] = before
    },
  }
}

/** Finished orders in the order in which they finished. */
export function createFinishedQueue({ pageOf, rowOf }: OrderSlab) {
  let [first, last, count] = [NONE, NONE, 0]
  return {
    count: () => count,
    add(place: number): void {
      pageOf(place).next[rowOf(place)] = NONE
      if (last === NONE) first = place
      else pageOf(last).next[rowOf(last)] = place
      last = place
      count += 1
    },
    /** Those whose last event is not after this one leave, each told. */
    leaveUpTo(eventNo: number, leave: (place: number) => void): void {
      while (first !== NONE) {
        const [page, row] = [pageOf(first), rowOf(first)]
        if (fieldAt.eventNo(page, row) > eventNo) return
        const place = first
        first = page.next[row] ?? NONE
        if (first === NONE) last = NONE
        count -= 1
        leave(place)
      }
    },
  }
}
