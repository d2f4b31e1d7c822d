// Picks: arbitraries of the small things that intents are made of.

import fc from 'fast-check'
import type { PlaceOrder } from '#engine/command.ts'

type Weighted<T> = { readonly weight: number; readonly arbitrary: fc.Arbitrary<T> }

export const of = <T>(weight: number, arbitrary: fc.Arbitrary<T>): Weighted<T> => ({
  weight,
  arbitrary,
})
export const is = <T>(weight: number, ...values: T[]): Weighted<T> =>
  of(weight, fc.constantFrom(...values))

export const side = fc.constantFrom('buy' as const, 'sell' as const)
// Above 1,000 it is the id itself.
export const pick = fc.oneof(of(40, fc.nat(1_000)), is(1, 2 ** 32 + 17, 2 ** 53 - 1))
// 16 and 19 are one customer; 20 and above may not be opened yet; the rest are not customers.
export const account = fc.oneof(
  is(60, 16, 17, 17, 18, 18, 19),
  is(2, 20, 21),
  is(1, 0, 4, 23, 65_535, 2 ** 32 - 1),
)
export const market = fc.oneof(is(60, 0), is(20, 1), is(1, 2, 255, 256, 2 ** 32 - 1))
export const asset = fc.oneof(is(40, 0, 1, 2), is(1, 3, 31, 32, 2 ** 32 - 1))

export function flip<A extends string, B extends string>(a: A, b: B) {
  return fc.constantFrom<A | B>(a, b)
}

export function selfTrades() {
  return fc.constantFrom<PlaceOrder['selfTrade']>(
    'cancel-taker',
    'cancel-maker',
    'cancel-both',
    'decrement',
  )
}
