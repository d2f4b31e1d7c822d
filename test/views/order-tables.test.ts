// The tables that find orders, beside a Map: of numbers, and of names that share keys.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { asId } from '#kernel/ids.ts'
import { createNumberTable } from '#views/live/number-table.ts'
import { createOrderNames } from '#views/live/order-names.ts'

test('a number table answers what a Map does, also for keys of 53 bits', () => {
  const key = fc.oneof(fc.nat({ max: 40 }), fc.maxSafeNat(), fc.constantFrom(2 ** 32, 2 ** 53 - 1))
  const pair = fc.tuple(key, fc.integer({ min: 1, max: 2 ** 31 - 1 }))
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 200, size: 'max' }), fc.array(key), (pairs, others) => {
      const table = createNumberTable(200)
      const model = new Map<number, number>()
      for (const [own, value] of pairs) {
        table.set(own, value)
        model.set(own, value)
      }
      for (const own of [...model.keys(), ...others]) {
        assert.equal(table.get(own), model.get(own) ?? 0)
      }
      const seen = new Map<number, number>()
      table.forEach((own, value) => void seen.set(own, value))
      assert.equal(seen.size, model.size)
      for (const [own, value] of seen) assert.equal(value, model.get(own))
      assert.equal(table.isCrowded(), false)
    }),
  )
})

test('a number table is crowded when half of it is full', () => {
  const table = createNumberTable(0)
  let filled = 0
  while (!table.isCrowded()) {
    filled += 1
    table.set(filled * 7_919, filled)
  }
  assert.equal(filled, 512)
  assert.equal(table.get(7_919), 1)
  assert.equal(table.get(1), 0)
})

const NAMES = ['a', 'b', 'c', 'd'] as const
/** Two keys that follow one another: names stand behind those of the other one, too. */
const keyOf = (name: string): number => (name < 'c' ? 1 : 2)
const ACCOUNT = asId<never>(1)

/** Numbers that are used again, as an order slab does it, and what the names lead to. */
function createModel() {
  const here = new Map<number, string>()
  const latest = new Map<string, number>()
  const nameOf = (number: number): string => here.get(number) ?? ''
  const names = createOrderNames({
    is: (number, _, name) => here.get(number) === name,
    isHere: (number) => here.has(number),
    keyOf: (number) => keyOf(nameOf(number)),
    areSame: (number, other) => nameOf(number) === nameOf(other),
  })
  return {
    names,
    enter(number: number, name: string): void {
      if (here.has(number)) return
      here.set(number, name)
      latest.set(name, number)
      names.enter(keyOf(name), number)
    },
    leave(number: number): void {
      const name = nameOf(number)
      here.delete(number)
      if (latest.get(name) === number) latest.delete(name)
    },
    check(): void {
      for (const name of NAMES) {
        assert.equal(names.find(keyOf(name), ACCOUNT, name), latest.get(name) ?? 0)
      }
    },
  }
}

test('names lead to the last order that entered, however often their table is made anew', () => {
  const number = fc.integer({ min: 1, max: 6 })
  const step = fc.oneof(
    fc.record({ kind: fc.constant('enter' as const), number, name: fc.constantFrom(...NAMES) }),
    fc.record({ kind: fc.constant('leave' as const), number, name: fc.constant('') }),
    fc.record({ kind: fc.constant('move' as const), number, name: fc.constant('') }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const model = createModel()
      for (const { kind, number: own, name } of steps) {
        if (kind === 'enter') model.enter(own, name)
        else if (kind === 'leave') model.leave(own)
        else model.names.moveTo(0)
        model.check()
      }
    }),
    { numRuns: 500 },
  )
})
