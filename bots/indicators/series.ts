// Series: the values of one indicator, newest first, as a strategy reads them.
//
// A series answers numbers only: reading a value that does not exist yet is a mistake of the
// strategy and throws, and a value that is not finite never enters. It remembers its last KEPT
// values and is warm once it has settled: from then on no longer history would change it.

import { assert } from '#kernel/assert.ts'

/** How far back a series can be read. */
export const KEPT = 256

export type Series = {
  /** The newest value: the same as at(0). */
  readonly value: number
  /** The value `age` bars ago. */
  at(age: number): number
  /** How many values can be read, at most KEPT. */
  readonly length: number
  isWarm(): boolean
  /** At or below before, above now; `other` is a series of the same bars or a number. */
  crossedAbove(other: Series | number): boolean
  crossedBelow(other: Series | number): boolean
  /** Each of the last `steps` values is above the one before it. */
  rising(steps?: number): boolean
  falling(steps?: number): boolean
}

export type Line = {
  readonly series: Series
  /** Bars after which it is warm. */
  readonly needs: number
  push(value: number): void
  /** Undefined before the first value. */
  last(): number | undefined
}

export type LineOptions = {
  readonly name: string
  readonly needs: number
  /** Bars so far. */
  readonly seen: () => number
}

export function createLine({ name, needs, seen }: LineOptions): Line {
  const ring = new Float64Array(KEPT)
  let count = 0

  function at(age: number): number {
    const isThere = Number.isInteger(age) && age >= 0 && age < KEPT && age < count
    assert(isThere, `${name} has no value ${age} bars ago: ask isWarm() or length first`)
    return ring[(count - 1 - age) % KEPT] ?? 0
  }

  return {
    series: seriesOf(at, { length: () => Math.min(count, KEPT), isWarm: () => seen() >= needs }),
    needs,
    push(value) {
      assert(Number.isFinite(value), `${name} became ${value}`)
      ring[count % KEPT] = value
      count += 1
    },
    last: () => (count === 0 ? undefined : at(0)),
  }
}

type At = (age: number) => number
type Extent = { readonly length: () => number; readonly isWarm: () => boolean }

function seriesOf(at: At, { length, isWarm }: Extent): Series {
  const of = (other: Series | number, age: number) =>
    typeof other === 'number' ? other : other.at(age)
  const steps = (count: number, goes: (now: number, before: number) => boolean) => {
    for (let age = 0; age < count; age += 1) if (!goes(at(age), at(age + 1))) return false
    return true
  }
  return {
    get value() {
      return at(0)
    },
    at,
    get length() {
      return length()
    },
    isWarm,
    crossedAbove: (other) => at(1) <= of(other, 1) && at(0) > of(other, 0),
    crossedBelow: (other) => at(1) >= of(other, 1) && at(0) < of(other, 0),
    rising: (count = 1) => steps(count, (now, before) => now > before),
    falling: (count = 1) => steps(count, (now, before) => now < before),
  }
}
