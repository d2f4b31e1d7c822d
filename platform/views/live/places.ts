// Places: numbered rows of pages, which are used again when they were given back.
//
// Places are counted from 1; 0 is none. Pages stay, so memory is what the most places that were
// ever taken at once need.

import { assert } from '#kernel/assert.ts'

/** No place. */
export const NONE = 0

export type Places<Page> = {
  /** A free place. */
  take(): number
  give(place: number): void
  pageOf(place: number): Page
  /** The row of a place in its page. */
  rowOf(place: number): number
  /** Places that are taken. */
  count(): number
}

/** Pages have 2 to the power of `bits` rows. */
export function createPlaces<Page>(bits: number, createPage: (rows: number) => Page): Places<Page> {
  const rows = 2 ** bits
  const pages: Page[] = []
  const free: number[] = []
  let end = 1
  return {
    take: () => {
      const left = free.pop()
      if (left !== undefined) return left
      if (end >>> bits >= pages.length) pages.push(createPage(rows))
      end += 1
      return end - 1
    },
    give: (place) => {
      free.push(place)
    },
    pageOf: (place) => {
      const page = pages[place >>> bits]
      if (page === undefined) assert(false, `there is no place ${place}`)
      return page
    },
    rowOf: (place) => place & (rows - 1),
    count: () => end - 1 - free.length,
  }
}
