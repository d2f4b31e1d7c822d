// Packed orders: a queue of rows in pages, each known by its number.
//
// Rows are counted from 1 in the order in which they came, and leave from the front. A page that
// was left is used again, so a queue that is short stays in the same memory.

import type { OrderRow } from '../order-row.ts'
import {
  createOrderPage,
  eventNoAt,
  idAt,
  type OrderPage,
  PAGE_ROWS,
  packOrder,
  unpackOrder,
} from './packed-order.ts'

export type PackedOrders = {
  /** Takes a row and what is kept with it; answers the row's own number. */
  push(row: OrderRow, before: number, name: number): number
  /** Undefined for what has left and for what never came. */
  row(number: number): OrderRow | undefined
  /** Of a row that is here. */
  id(number: number): number
  before(number: number): number
  /** The key under which its name leads to it; 0 for none. */
  name(number: number): number
  /** The number of the row that leaves next; there is none when the queue is empty. */
  first(): number
  /** The event that changed that row last. */
  firstEventNo(): number
  count(): number
  /** The first row leaves. */
  shift(): void
}

/** Beside each row: the number of another one, and the key under which its name leads to it. */
type Page = OrderPage & { readonly before: Float64Array; readonly names: Float64Array }

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
    const numbers = () => new Float64Array(PAGE_ROWS)
    const page = spare ?? { ...createOrderPage(), before: numbers(), names: numbers() }
    spare = undefined
    pages.push(page)
    return page
  }
  return {
    push: (row, before, name) => {
      const page = pageOf(next) ?? addPage()
      const place = placeOf(next)
      packOrder(page, place, row)
      page.before[place] = before
      page.names[place] = name
      next += 1
      return next - 1
    },
    row: (number) => {
      const page = number < first || number >= next ? undefined : pageOf(number)
      return page === undefined ? undefined : unpackOrder(page, placeOf(number))
    },
    id: (number) => {
      const page = pageOf(number)
      return page === undefined ? 0 : idAt(page, placeOf(number))
    },
    before: (number) => pageOf(number)?.before[placeOf(number)] ?? 0,
    name: (number) => pageOf(number)?.names[placeOf(number)] ?? 0,
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
