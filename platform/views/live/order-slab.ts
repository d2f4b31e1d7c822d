// Order slab: places for orders, in pages that are used again.
//
// Places are counted from 1; 0 is none. Beside its order each place has what finds it: the key of
// its name and the places that it is linked to. INV-17: as many as are open, and as many as the
// projector may be behind; memory stays at the most that there ever were.

import { assert } from '#kernel/assert.ts'
import { createOrderPage, type OrderPage } from './packed-order.ts'

/** No place. */
export const NONE = 0

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

export type OrderSlab = {
  /** A free place. */
  take(): number
  give(place: number): void
  pageOf(place: number): SlabPage
  rowOf(place: number): number
  /** Places that are not free. */
  count(): number
}

/**
 * Places of a page: 2^19, about 160 MB. The machine gives memory only to what is written to, but
 * the collector goes through the whole heap whenever so much was asked for: it shall be seldom.
 */
export const PAGE_BITS = 19

export function createOrderSlab(bits = PAGE_BITS): OrderSlab {
  const rows = 2 ** bits
  const pages: SlabPage[] = []
  const free: number[] = []
  let end = 1
  const pageOf = (place: number): SlabPage => {
    const page = pages[place >>> bits]
    if (page === undefined) assert(false, `there is no place ${place}`)
    return page
  }
  return {
    take: () => {
      const left = free.pop()
      if (left !== undefined) return left
      if (end >>> bits >= pages.length) pages.push(createSlabPage(rows))
      end += 1
      return end - 1
    },
    give: (place) => {
      pageOf(place).states[place & (rows - 1)] = FREE
      free.push(place)
    },
    pageOf,
    rowOf: (place) => place & (rows - 1),
    count: () => end - 1 - free.length,
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
