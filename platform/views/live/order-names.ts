// Order names: finds orders by their account and the id that the caller gave them.
//
// A table of numbers for whoever keeps orders by number. What has left is not taken out: a number
// counts only while it leads to an order with the name that is asked for. Names that have the same
// key stand behind one another, and of orders with one name the last that entered is found.

import type { AccountId } from '#kernel/ids.ts'
import { createNumberTable } from './number-table.ts'

/** Keys are above 0; 0 is that of an order without a name. */
export type NameKeys = {
  ofText(account: AccountId, clientOrderId: string): number
  /** The same of characters that stand in bytes, one each. */
  ofBytes(account: AccountId, bytes: Uint8Array, from: number, length: number): number
}

/** What the orders behind the numbers are called; nothing has the name of one that has left. */
export type Named = {
  is(number: number, account: AccountId, clientOrderId: string): boolean
  isHere(number: number): boolean
  /** Of one that is here. */
  keyOf(number: number): number
  /** Of two that are here. */
  areSame(number: number, other: number): boolean
}

export type OrderNames = {
  /** The number of an order; 0 when none has the name, whose key is given. */
  find(key: number, account: AccountId, clientOrderId: string): number
  /** An order that is here by now, by the key of its name. */
  enter(key: number, number: number): void
  isCrowded(): boolean
  /** Goes to a table with room for so many, without what has left. */
  moveTo(room: number): void
}

export function createOrderNames(named: Named): OrderNames {
  let table = createNumberTable(0)

  function enter(ownKey: number, number: number): void {
    let key = ownKey
    let free = 0
    let isKnown = false
    for (let other = table.get(key); other !== 0; other = table.get(key)) {
      // A number that is used again leads to its new order already.
      const isLeft = other === number || !named.isHere(other)
      if (!isLeft && named.areSame(other, number)) {
        // All of them, or a later one that leaves would lead to an earlier one.
        table.set(key, number)
        isKnown = true
      } else if (isLeft && free === 0) free = key
      key += 1
    }
    if (!isKnown) table.set(free === 0 ? key : free, number)
  }

  /** Numbers that do not stand at the key of their names, but behind others. */
  function behindOthers(): number[] {
    const numbers: number[] = []
    table.forEach((key, number) => {
      if (named.isHere(number) && isFoundAt(key, number)) numbers.push(number)
    })
    return numbers
  }

  function isFoundAt(last: number, number: number): boolean {
    const own = named.keyOf(number)
    if (own === 0 || own >= last) return false
    for (let key = own; key < last; key += 1) {
      const other = table.get(key)
      if (other === 0 || (named.isHere(other) && named.areSame(other, number))) return false
    }
    return true
  }

  return {
    find: (ownKey, account, clientOrderId) => {
      let key = ownKey
      for (let number = table.get(key); number !== 0; number = table.get(key)) {
        if (named.is(number, account, clientOrderId)) return number
        key += 1
      }
      return 0
    },
    enter,
    isCrowded: () => table.isCrowded(),
    moveTo: (room) => {
      const behind = behindOthers()
      const next = createNumberTable(room)
      table.forEach((key, number) => {
        if (named.isHere(number) && named.keyOf(number) === key) next.set(key, number)
      })
      table = next
      for (const number of behind) enter(named.keyOf(number), number)
    },
  }
}

const BITS_HIGH = 21

/**
 * Keys below 2^53. Whoever chooses names shall not choose keys, so they are other ones in every
 * process.
 */
export function createNameKeys(): NameKeys {
  const [seed = 0, otherSeed = 0] = crypto.getRandomValues(new Int32Array(2))
  let low = 0
  let high = 0
  const begin = (account: AccountId): void => {
    low = Math.imul(seed ^ account, 0x85ebca6b)
    high = Math.imul(otherSeed ^ account, 0xc2b2ae35)
  }
  const add = (char: number): void => {
    low = Math.imul(low ^ char, 0x9e3779b1)
    low ^= low >>> 15
    high = Math.imul(high ^ char, 0x27d4eb2f)
    high ^= high >>> 13
  }
  const end = (): number => (high >>> (32 - BITS_HIGH)) * 2 ** 32 + (low >>> 0) + 1
  return {
    ofText: (account, text) => {
      if (text === '') return 0
      begin(account)
      for (let i = 0; i < text.length; i += 1) add(text.charCodeAt(i))
      return end()
    },
    ofBytes: (account, bytes, from, length) => {
      if (length === 0) return 0
      begin(account)
      for (let i = from; i < from + length; i += 1) add(bytes[i] ?? 0)
      return end()
    },
  }
}
