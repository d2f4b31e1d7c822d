// Open orders: rows in numbered places, found by tables of numbers.
//
// Orders come and go by the ten thousand a second. A Map whose entries come and go moves to a new
// table every so often, and each old one keeps what was in it until the whole heap is collected;
// places that are used again and tables of plain numbers keep nothing.

import type { AccountId, OrderId } from '#kernel/ids.ts'
import type { OrderRow } from '../order-row.ts'
import { createNumberTable } from './number-table.ts'
import { createOrderNames, type Name } from './order-names.ts'

export type OpenOrders = {
  get(id: OrderId): OrderRow | undefined
  byName(key: number, name: Name): OrderRow | undefined
  /** The newest first. */
  ofAccount(account: AccountId): OrderRow[]
  all(): OrderRow[]
  count(): number
  /** An order that is not here; it is found by its name when the key of that is not 0. */
  enter(row: OrderRow, key: number): void
  /** The newest row of one that is; false when it is not. */
  change(row: OrderRow): boolean
  /** The key of its name while that leads to it, else 0; undefined when it is not here. */
  leave(id: OrderId): number | undefined
}

/** Places are counted from 1; 0 is none. */
const NONE = 0

export function createOpenOrders(): OpenOrders {
  const rows: (OrderRow | undefined)[] = [undefined]
  /** Of the name of the order at each place. */
  const keys: number[] = [0]
  const free: number[] = []
  const accounts = createAccountChains()
  let ids = createNumberTable(0)

  /** The place that an id once had may have another order by now. */
  const placeOf = (id: number): number => {
    const place = ids.get(id)
    return rows[place]?.id === id ? place : NONE
  }
  const get = (id: number): OrderRow | undefined => rows[placeOf(id)]
  const names = createOrderNames(get)
  /** The key of the name at a place while it leads there, else 0. */
  const ledBy = (place: number, row: OrderRow): number => {
    const key = keys[place] ?? 0
    return key > 0 && names.find(key, row) === row.id ? key : 0
  }
  const makeRoom = (): void => {
    if (!ids.isCrowded() && !names.isCrowded()) return
    const led = rows.map((row, place) => (row === undefined ? 0 : ledBy(place, row)))
    ids = createNumberTable(4 * rows.length)
    names.clear(4 * rows.length)
    for (const [place, row] of rows.entries()) {
      if (row === undefined) continue
      ids.set(row.id, place)
      const key = led[place] ?? 0
      if (key > 0) names.enter(key, row.id)
    }
  }
  return {
    get,
    byName: (key, name) => get(names.find(key, name)),
    ofAccount: (account) => accounts.of(account).flatMap((place) => rows[place] ?? []),
    all: () => rows.filter((row) => row !== undefined),
    count: () => rows.length - 1 - free.length,
    enter: (row, key) => {
      makeRoom()
      const place = free.pop() ?? rows.length
      rows[place] = row
      keys[place] = key
      accounts.add(row.account, place)
      ids.set(row.id, place)
      if (key > 0) names.enter(key, row.id)
    },
    change: (row) => {
      const place = placeOf(row.id)
      if (place === NONE) return false
      rows[place] = row
      return true
    },
    leave: (id) => {
      const place = placeOf(id)
      const row = rows[place]
      if (row === undefined) return undefined
      const key = ledBy(place, row)
      accounts.remove(row.account, place)
      rows[place] = undefined
      free.push(place)
      return key
    },
  }
}

/** The places of each account's orders, linked in the order in which they came. */
function createAccountChains() {
  const [older, newer] = [[NONE], [NONE]]
  const newest = new Map<AccountId, number>()
  return {
    /** The newest first. */
    of(account: AccountId): number[] {
      const places: number[] = []
      let place = newest.get(account) ?? NONE
      for (; place !== NONE; place = older[place] ?? NONE) places.push(place)
      return places
    },
    add(account: AccountId, place: number): void {
      const before = newest.get(account) ?? NONE
      older[place] = before
      newer[place] = NONE
      if (before !== NONE) newer[before] = place
      newest.set(account, place)
    },
    remove(account: AccountId, place: number): void {
      const [before, after] = [older[place] ?? NONE, newer[place] ?? NONE]
      if (before !== NONE) newer[before] = after
      if (after === NONE) newest.set(account, before)
      else older[after] = before
    },
  }
}
