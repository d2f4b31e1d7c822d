// Open orders: rows in numbered places, found by tables of numbers.
//
// Orders come and go by the ten thousand a second. A Map whose entries come and go moves to a new
// table every so often, and each old one keeps what was in it until the whole heap is collected;
// places that are used again and tables of plain numbers keep nothing.

import type { AccountId, OrderId } from '#kernel/ids.ts'
import type { OrderRow } from '../order-row.ts'
import { createNumberTable } from './number-table.ts'
import { createNameKey, createOrderNames } from './order-names.ts'

export type OpenOrders = {
  get(id: OrderId): OrderRow | undefined
  byClientId(account: AccountId, clientOrderId: string): OrderRow | undefined
  /** The newest first. */
  ofAccount(account: AccountId): OrderRow[]
  all(): OrderRow[]
  count(): number
  /** An order that is not here. */
  enter(row: OrderRow): void
  /** The newest row of one that is; false when it is not. */
  change(row: OrderRow): boolean
  /** Answers whether its own id still led to it; undefined when it is not here. */
  leave(id: OrderId): boolean | undefined
}

/** Places are counted from 1; 0 is none. */
const NONE = 0

export function createOpenOrders(keyOf = createNameKey()): OpenOrders {
  const rows: (OrderRow | undefined)[] = [undefined]
  const free: number[] = []
  const accounts = createAccountChains()
  let ids = createNumberTable(0)

  /** The place that an id once had may have another order by now. */
  const placeOf = (id: number): number => {
    const place = ids.get(id)
    return rows[place]?.id === id ? place : NONE
  }
  const get = (id: number): OrderRow | undefined => rows[placeOf(id)]
  const names = createOrderNames(keyOf, get)
  const enterName = ({ id, account, clientOrderId }: OrderRow): void => {
    if (clientOrderId !== '') names.enter(keyOf(account, clientOrderId), id)
  }
  const isFound = ({ id, account, clientOrderId }: OrderRow): boolean =>
    clientOrderId !== '' && names.find(account, clientOrderId) === id
  const makeRoom = (): void => {
    if (!ids.isCrowded() && !names.isCrowded()) return
    const found = rows.filter((row) => row !== undefined && isFound(row))
    ids = createNumberTable(4 * rows.length)
    names.clear(4 * rows.length)
    for (const [place, row] of rows.entries()) if (row !== undefined) ids.set(row.id, place)
    for (const row of found) if (row !== undefined) enterName(row)
  }
  return {
    get,
    byClientId: (account, clientOrderId) => get(names.find(account, clientOrderId)),
    ofAccount: (account) => accounts.of(account).flatMap((place) => rows[place] ?? []),
    all: () => rows.filter((row) => row !== undefined),
    count: () => rows.length - 1 - free.length,
    enter: (row) => {
      makeRoom()
      const place = free.pop() ?? rows.length
      rows[place] = row
      accounts.add(row.account, place)
      ids.set(row.id, place)
      enterName(row)
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
      const wasFound = isFound(row)
      accounts.remove(row.account, place)
      rows[place] = undefined
      free.push(place)
      return wasFound
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
