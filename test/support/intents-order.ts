// Intents of plain orders: limit and market, GTC, IOC and FOK.

import fc from 'fast-check'
import type { OrderExtra, PlaceOrder } from '#engine/command.ts'
import { account, flip, is, market, of, selfTrades, side } from './picks.ts'
import type { Scale } from './scale.ts'

type Plain<T> = { readonly [K in keyof T]?: T[K] extends number ? number : T[K] }

/** What an order says beyond the plain fields; expireIn counts from the command's time. */
export type ExtraIntent = Plain<Omit<OrderExtra, 'expireAt'>> & { readonly expireIn?: number }

export type OrderIntent = {
  readonly account: number
  readonly market: number
  readonly side: 'buy' | 'sell'
  readonly type: PlaceOrder['type']
  readonly timeInForce: PlaceOrder['timeInForce']
  readonly postOnly: boolean
  readonly selfTrade: PlaceOrder['selfTrade']
  readonly price: number
  readonly size: number
  readonly quoteAmount: number
  readonly extra?: ExtraIntent
}

/** Plain orders; account 16 and its sub-accounts are on both sides, so owners meet themselves. */
export function orders({ lot, tick, funds }: Scale): fc.Arbitrary<OrderIntent> {
  const price = fc.integer({ min: 96, max: 104 }).map((ticks) => ticks * tick)
  const size = fc.oneof(
    of(20, fc.integer({ min: 1, max: 20 })),
    of(1, fc.integer({ min: 30, max: 400 })),
  )
  const lots = size.map((count) => count * lot)
  const quote = fc.oneof(
    of(20, fc.integer({ min: 1, max: Math.ceil(funds / 5) })),
    of(3, fc.integer({ min: 1, max: 40 })),
  )
  const who = { account, market, side, selfTrade: selfTrades() }
  const limits = {
    ...who,
    type: fc.constant('limit' as const),
    price,
    size: lots,
    quoteAmount: zero(),
  }
  const markets = {
    ...who,
    type: fc.constant('market' as const),
    postOnly: fc.constant(false),
    price: zero(),
  }
  const now = fc.constantFrom('IOC' as const, 'IOC' as const, 'FOK' as const)
  return fc.oneof(
    of(50, fc.record({ ...limits, timeInForce: always('GTC'), postOnly: fc.constant(false) })),
    of(6, fc.record({ ...limits, timeInForce: always('GTC'), postOnly: fc.constant(true) })),
    of(14, fc.record({ ...limits, timeInForce: now, postOnly: fc.constant(false) })),
    of(8, fc.record({ ...markets, timeInForce: now, size: lots, quoteAmount: zero() })),
    of(10, fc.record({ ...markets, timeInForce: now, size: zero(), quoteAmount: quote })),
    of(3, anyOrder()),
  )
}

// Shapes that do not fit and numbers at the edges; nearly all of them are refused.
function anyOrder(): fc.Arbitrary<OrderIntent> {
  const edge = fc.constantFrom(0, 1, 100, 2_147_483_647, 1_000_000_000_000)
  return fc.record({
    account,
    market,
    side,
    type: flip('limit', 'market'),
    timeInForce: fc.constantFrom('GTC', 'IOC', 'FOK'),
    postOnly: fc.boolean(),
    selfTrade: selfTrades(),
    price: fc.oneof(edge, fc.constantFrom(2_147_483_648, 4_000_000_000)),
    size: fc.oneof(edge, fc.constantFrom(1_000_000_000_001, Number.MAX_SAFE_INTEGER)),
    quoteAmount: fc.oneof(is(1, 0), of(1, edge), is(1, Number.MAX_SAFE_INTEGER)),
  })
}

function zero() {
  return fc.constant(0)
}

function always<T extends string>(value: T) {
  return fc.constant<T>(value)
}
