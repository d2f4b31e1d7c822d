// Intents: random commands that still make sense after shrinking.
//
// An intent names its targets by position ("the third open order"), and becomes a command only when
// it is carried out. So fast-check can leave out any intent and the rest keeps its meaning. Numbers
// are small and accounts few, so that orders meet; the huge world is the same near 2^53.

import fc from 'fast-check'
import type { CommandBody, PlaceOrder } from '#engine/command.ts'

/** How large numbers are: the same intents in two worlds. */
export type Scale = { readonly lot: number; readonly tick: number; readonly funds: number }
export const SMALL: Scale = { lot: 1, tick: 1, funds: 30_000 }
/** Notionals of up to 10^14 and balances of 10^15: sums stay below 2^53, products do not. */
export const HUGE: Scale = { lot: 25_000_003, tick: 4_999, funds: 1_000_000_000_000_000 }

/** A caller's id, and when he says he sent it. */
export type Asking = {
  readonly id: string
  readonly sent: 'now' | 'stale' | 'ahead' | 'future' | 'just new enough' | 'too old'
}

export type Intent = { readonly wait: number } & (
  | { readonly do: 'place'; readonly asking: Asking; readonly order: OrderIntent }
  | { readonly do: 'retry'; readonly pick: number; readonly body: 'same' | 'other' }
  | { readonly do: 'cancel'; readonly pick: number; readonly by: 'owner' | number }
  | {
      readonly do: 'cancelAll'
      readonly account: number
      readonly market: number | null
      readonly side: 'buy' | 'sell' | null
    }
  | { readonly do: 'tick' }
  | { readonly do: 'openSubAccount'; readonly account: number; readonly asking: Asking }
  | { readonly do: 'openAccount'; readonly user: number }
  | {
      readonly do: 'transfer'
      readonly asking: Asking
      readonly account: number
      readonly from: number
      readonly to: number
      readonly asset: number
      readonly amount: number
    }
  | {
      readonly do: 'faucet'
      readonly asking: Asking
      readonly account: number
      readonly amounts: readonly (readonly [number, number])[]
    }
  | { readonly do: 'issue'; readonly asset: number; readonly amount: number }
  | {
      readonly do: 'credit'
      readonly account: number
      readonly asset: number
      readonly amount: number
      readonly log: number
    }
  | {
      readonly do: 'withdraw'
      readonly asking: Asking
      readonly account: number
      readonly asset: number
      readonly amount: number
      readonly fee: number
    }
  | {
      readonly do: 'sign'
      readonly pick: number
      readonly instance: number
      readonly nonce: number
    }
  | { readonly do: 'settle'; readonly pick: number }
  | { readonly do: 'fail'; readonly pick: number }
  | { readonly do: 'chainReset'; readonly instance: number }
  | { readonly do: 'list'; readonly listing: CommandBody }
  /** Not a command: the engine is replaced by what its own snapshot says. */
  | { readonly do: 'restart' }
)

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
}

type Weighted<T> = { readonly weight: number; readonly arbitrary: fc.Arbitrary<T> }

const side = fc.constantFrom('buy' as const, 'sell' as const)
const of = <T>(weight: number, arbitrary: fc.Arbitrary<T>): Weighted<T> => ({ weight, arbitrary })
const is = <T>(weight: number, ...values: T[]): Weighted<T> =>
  of(weight, fc.constantFrom(...values))

// Above 1,000 it is the id itself.
const pick = fc.oneof(of(40, fc.nat(1_000)), is(1, 2 ** 32 + 17, 2 ** 53 - 1))
// 16 and 19 are one customer; 20 and above may not be opened yet; the rest are not customers.
const account = fc.oneof(
  is(60, 16, 17, 17, 18, 18, 19),
  is(2, 20, 21),
  is(1, 0, 4, 23, 65_535, 2 ** 32 - 1),
)
const market = fc.oneof(is(60, 0), is(20, 1), is(1, 2, 255, 256, 2 ** 32 - 1))
const asset = fc.oneof(is(40, 0, 1, 2), is(1, 3, 31, 32, 2 ** 32 - 1))
const wait = fc.oneof(
  of(90, fc.nat(5_000)),
  is(6, 400_000, 1_000_001),
  is(1, 30_000_000, 899_500_000, 900_000_000, 900_900_000),
)
const asking: fc.Arbitrary<Asking> = fc.record({
  id: fc.oneof(is(5, ''), is(1, 'a', 'b', 'c', 'd', 'e', 'f'), of(5, uniqueId())),
  sent: fc.oneof(
    is(30, 'now' as const),
    is(3, 'stale' as const, 'ahead' as const),
    is(1, 'future' as const, 'just new enough' as const, 'too old' as const),
  ),
})

function uniqueId() {
  return fc.nat(1_000_000).map((n) => `id-${n}`)
}

/** Intents of one world; a weighted mixture in which most orders meet somebody. */
export function intents(scale: Scale): fc.Arbitrary<Intent> {
  const amount = fc.oneof(
    of(20, fc.integer({ min: 1, max: scale.funds })),
    of(10, fc.integer({ min: 1, max: 50 })),
    is(1, 0, Number.MAX_SAFE_INTEGER),
  )
  const targets = fc.oneof(is(30, 'owner' as const), of(2, account))
  return fc.oneof(
    { weight: 50, arbitrary: done('place', { asking, order: orders(scale) }) },
    { weight: 5, arbitrary: done('retry', { pick, body: flip('same', 'other') }) },
    { weight: 12, arbitrary: done('cancel', { pick, by: targets }) },
    { weight: 1, arbitrary: done('cancelAll', whichOrders()) },
    { weight: 1, arbitrary: done('tick', {}) },
    { weight: 1, arbitrary: done('openSubAccount', { account, asking }) },
    { weight: 1, arbitrary: done('openAccount', { user: fc.nat(5) }) },
    { weight: 3, arbitrary: done('transfer', { asking, ...legs(), asset, amount }) },
    { weight: 3, arbitrary: done('faucet', { asking, account, amounts: several(amount) }) },
    { weight: 1, arbitrary: done('issue', { asset, amount }) },
    { weight: 2, arbitrary: done('credit', { account, asset, amount, log: fc.nat(30) }) },
    { weight: 3, arbitrary: done('withdraw', { asking, account, asset, amount, fee: fees() }) },
    { weight: 2, arbitrary: done('sign', { pick, instance: fc.nat(2), nonce: fc.nat(2) }) },
    { weight: 2, arbitrary: done('settle', { pick }) },
    { weight: 1, arbitrary: done('fail', { pick }) },
    { weight: 1, arbitrary: done('chainReset', { instance: fc.nat(2) }) },
    { weight: 1, arbitrary: done('list', { listing: listings() }) },
    { weight: 2, arbitrary: done('restart', {}) },
  )
}

function orders({ lot, tick, funds }: Scale): fc.Arbitrary<OrderIntent> {
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
    quoteAmount: fc.oneof(fc.constant(0), edge, fc.constant(Number.MAX_SAFE_INTEGER)),
  })
}

function selfTrades() {
  return fc.constantFrom<PlaceOrder['selfTrade']>(
    'cancel-taker',
    'cancel-maker',
    'cancel-both',
    'decrement',
  )
}

function whichOrders() {
  const where = fc.oneof(fc.constant(null), market)
  return { account, market: where, side: fc.oneof(fc.constant(null), side) }
}

function legs() {
  const own = fc.oneof(is(4, 16, 19), of(1, account))
  return { account: own, from: own, to: own }
}

function several(amount: fc.Arbitrary<number>) {
  return fc.array(fc.tuple(asset, amount), { maxLength: 3 })
}

function fees() {
  return fc.oneof(is(5, 0, 3, 100), is(1, Number.MAX_SAFE_INTEGER))
}

function listings(): fc.Arbitrary<CommandBody> {
  const symbol = fc.constantFrom('USD', 'SOL', 'BTC-USD', 'SOL-USD', 'no', '')
  const scale = fc.constantFrom(0, 6, 8, 9)
  const listAsset = fc.record({
    kind: fc.constant('listAsset' as const),
    symbol,
    scale,
    chainDecimals: fc.constantFrom(-1, 0, 18),
  })
  return listAsset as fc.Arbitrary<CommandBody> // A record arbitrary does not know the union.
}

function zero() {
  return fc.constant(0)
}

function always<T extends string>(value: T) {
  return fc.constant<T>(value)
}

function flip<A extends string, B extends string>(a: A, b: B) {
  return fc.constantFrom<A | B>(a, b)
}

type Fields<T> = { readonly [K in keyof T]: fc.Arbitrary<T[K]> }
type Doing<D extends Intent['do']> = Omit<Extract<Intent, { do: D }>, 'do' | 'wait'>

function done<D extends Intent['do']>(what: D, fields: Fields<Doing<D>>): fc.Arbitrary<Intent> {
  const record = fc.record({ ...fields, wait, do: fc.constant(what) })
  return record as unknown as fc.Arbitrary<Intent> // Its fields were checked by Doing.
}
