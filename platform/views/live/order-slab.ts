// Order slab: places for orders, with what finds each of them beside it.
//
// That is the key of its name and the places that it is linked to. INV-17: as many as are open, and
// as many as the projector may be behind.

import { createOrderPage, type OrderPage } from './packed-order.ts'
import { createPlaces, type Places } from './places.ts'

/** Open or finished orders have a place; a free one says nothing. */
export const FREE = 0
export const OPEN = 1
export const FINISHED = 2

export type SlabPage = OrderPage & {
  /** FREE, OPEN or FINISHED, of each row. */
  readonly states: Uint8Array
  /** Of the name of each order; 0 for none. */
  readonly keys: Float64Array
  /** Places of the same account, the one before and the one after. */
  readonly older: Int32Array
  readonly newer: Int32Array
  /** The place of the order that finished next. */
  readonly next: Int32Array
}

export type OrderSlab = Places<SlabPage>

/**
 * Places of a page: 2^19, about 160 MB. The machine gives memory only to what is written to, but
 * the collector goes through the whole heap whenever so much was asked for: it shall be seldom.
 */
export const PAGE_BITS = 19

export function createOrderSlab(bits = PAGE_BITS): OrderSlab {
  const places = createPlaces(bits, createSlabPage)
  const { pageOf, rowOf, give } = places
  return {
    ...places,
    give: (place) => {
      pageOf(place).states[rowOf(place)] = FREE
      give(place)
    },
  }
}

function createSlabPage(rows: number): SlabPage {
  return {
    ...createOrderPage(rows),
    states: new Uint8Array(rows),
    keys: new Float64Array(rows),
    older: new Int32Array(rows),
    newer: new Int32Array(rows),
    next: new Int32Array(rows),
  }
}
