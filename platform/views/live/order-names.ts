// Order names: finds orders by their account and the id that the caller gave them.
//
// A table of numbers for whoever keeps orders by number. What has left is not taken out: a number
// counts only while it leads to an order with the name that is asked for. Names that have the same
// key stand behind one another, and of orders with one name the last that entered is found.

import type { AccountId } from '#kernel/ids.ts'
import type { OrderRow } from '../order-row.ts'
import { createNumberTable } from './number-table.ts'

export type Name = Pick<OrderRow, 'account' | 'clientOrderId'>
/** Above 0, and 0 for an order without a name. */
export type NameKey = (account: AccountId, clientOrderId: string) => number

export type OrderNames = {
  /** The number of an order; 0 when none has the name, whose key is given. */
  find(key: number, name: Name): number
  /** An order that is here by now, by the key of its name. */
  enter(key: number, number: number): void
  isCrowded(): boolean
  /** Forgets all; then there is room for so many. */
  clear(room: number): void
}

/** `rowOf` answers undefined for a number that leads nowhere any more. */
export function createOrderNames(rowOf: (number: number) => Name | undefined): OrderNames {
  let table = createNumberTable(0)
  return {
    find: (ownKey, name) => {
      let key = ownKey
      for (let number = table.get(key); number !== 0; number = table.get(key)) {
        if (hasName(name, rowOf(number))) return number
        key += 1
      }
      return 0
    },
    enter: (ownKey, number) => {
      let key = ownKey
      let place = 0
      for (let other = table.get(key); other !== 0; other = table.get(key)) {
        const there = rowOf(other)
        if (there !== undefined && hasName(there, rowOf(number))) {
          place = key
          break
        }
        if (there === undefined && place === 0) place = key
        key += 1
      }
      table.set(place === 0 ? key : place, number)
    },
    isCrowded: () => table.isCrowded(),
    clear: (room) => {
      table = createNumberTable(room)
    },
  }
}

function hasName(name: Name, row: Name | undefined): boolean {
  return row?.account === name.account && row.clientOrderId === name.clientOrderId
}

const BITS_HIGH = 21

/**
 * Keys below 2^53. Whoever chooses names shall not choose keys, so it is another function in every
 * process.
 */
export function createNameKey(): NameKey {
  const [seed = 0, otherSeed = 0] = crypto.getRandomValues(new Int32Array(2))
  return (account, clientOrderId) => {
    if (clientOrderId === '') return 0
    let low = Math.imul(seed ^ account, 0x85ebca6b)
    let high = Math.imul(otherSeed ^ account, 0xc2b2ae35)
    for (let i = 0; i < clientOrderId.length; i += 1) {
      const char = clientOrderId.charCodeAt(i)
      low = Math.imul(low ^ char, 0x9e3779b1)
      low ^= low >>> 15
      high = Math.imul(high ^ char, 0x27d4eb2f)
      high ^= high >>> 13
    }
    return (high >>> (32 - BITS_HIGH)) * 2 ** 32 + (low >>> 0) + 1
  }
}
