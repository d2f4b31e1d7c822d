// Order index: the places of orders, by their ids and by their names.
//
// What has left is not taken out, but does not count: a place may have another order by now.

import type { OrderId } from '#kernel/ids.ts'
import { createNumberTable } from './number-table.ts'
import { createOrderNames } from './order-names.ts'
import { FREE, type OrderSlab } from './order-slab.ts'
import * as packed from './packed-order.ts'
import { NONE } from './places.ts'

const ROOM_MIN = 16_384

export type OrderIndex = ReturnType<typeof createOrderIndex>

/** Of the orders in a slab. */
export function createOrderIndex({ pageOf, rowOf, count }: OrderSlab) {
  const isHere = (place: number): boolean => pageOf(place).states[rowOf(place)] !== FREE
  const idOf = (place: number): OrderId => packed.fieldAt.id(pageOf(place), rowOf(place))
  const names = createOrderNames({
    isHere,
    keyOf: (place) => pageOf(place).keys[rowOf(place)] ?? 0,
    is: (place, account, text) => {
      const [page, row] = [pageOf(place), rowOf(place)]
      if (page.states[row] === FREE || packed.fieldAt.account(page, row) !== account) return false
      return packed.hasClientId(page, row, text)
    },
    areSame: (place, other) =>
      packed.haveOneName(pageOf(place), rowOf(place), pageOf(other), rowOf(other)),
  })
  let ids = createNumberTable(0)
  return {
    names,
    /** The place that an id once had may have another order by now. */
    byId(id: OrderId): number {
      const place = ids.get(id)
      if (place === NONE || !isHere(place)) return NONE
      return idOf(place) === id ? place : NONE
    },
    enter(place: number, key: number): void {
      ids.set(idOf(place), place)
      if (key > 0) names.enter(key, place)
    },
    /** Before an order comes: what is here moves to other tables when these are crowded. */
    makeRoom(): void {
      if (!ids.isCrowded() && !names.isCrowded()) return
      const room = Math.max(ROOM_MIN, count() * 2)
      const next = createNumberTable(room)
      ids.forEach((id, place) => {
        if (isHere(place) && idOf(place) === id) next.set(id, place)
      })
      ids = next
      names.moveTo(room)
    },
  }
}
