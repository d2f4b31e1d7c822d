// Packed orders: a queue of rows in pages, each known by its number.
//
// Rows are counted from 1 in the order in which they came, and leave from the front. A page that
// was left is used again, so a queue that is short stays in the same memory.

import type { OrderRow } from '../order-row.ts'
import {
  createOrderPage,
  eventNoAt,
  type OrderPage,
  PAGE_ROWS,
  packOrder,
  unpackOrder,
} from './packed-order.ts'

export type PackedOrders = {
  /** Takes a row and a number to keep with it; answers the row's own number. */
  push(row: OrderRow, mark: number): number
  /** Undefined for what has left and for what never came. */
  row(number: number): OrderRow | undefined
  /** What was kept with a row that is here. */
  mark(number: number): number
  /** The number of the row that leaves next; there is none when the queue is empty. */
  first(): number
  /** The event that changed that row last. */
  firstEventNo(): number
  count(): number
  /** The first row leaves. */
  shift(): void
}

type Page = OrderPage & { readonly marks: Float64Array }

export function createPackedOrders(): PackedOrders {
  const pages: Page[] = []
  let spare: Page | undefined
  let first = 1
  let next = 1
  /** The number of the first place of the first page. */
  let start = 1

  const pageOf = (number: number): Page | undefined => {
    return pages[Math.floor((number - start) / PAGE_ROWS)]
  }
  const placeOf = (number: number): number => (number - start) % PAGE_ROWS
  const addPage = (): Page => {
    const page = spare ?? { ...createOrderPage(), marks: new Float64Array(PAGE_ROWS) }
    spare = undefined
    pages.push(page)
    return page
  }
  return {
    push: (row, mark) => {
      const page = pageOf(next) ?? addPage()
      const place = placeOf(next)
      packOrder(page, place, row)
      page.marks[place] = mark
      next += 1
      return next - 1
    },
    row: (number) => {
      const page = number < first || number >= next ? undefined : pageOf(number)
      return page === undefined ? undefined : unpackOrder(page, placeOf(number))
    },
    mark: (number) => pageOf(number)?.marks[placeOf(number)] ?? 0,
    first: () => first,
    firstEventNo: () => {
      const page = pageOf(first)
      return page === undefined ? 0 : eventNoAt(page, placeOf(first))
    },
    count: () => next - first,
    shift: () => {
      first += 1
      if (first - start < PAGE_ROWS) return
      spare = pages.shift()
      start += PAGE_ROWS
    },
  }
}
