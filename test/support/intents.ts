// Intents: random commands that still make sense after shrinking.
//
// An intent names its targets by position ("the third open order"), and becomes a command only when
// it is carried out. So fast-check can leave out any intent and the rest keeps its meaning. Numbers
// are small and accounts few, so that orders meet; the huge world is the same near 2^53.

import fc from 'fast-check'
import type { CommandBody } from '#engine/command.ts'
import type { DepthIntent } from './intents-depth.ts'
import { DEPTH_WEIGHTS, depthFields } from './intents-depth.ts'
import { depthOrders, sweeps } from './intents-extra.ts'
import type { OrderIntent } from './intents-order.ts'
import { orders } from './intents-order.ts'
import { account, asset, flip, is, market, of, pick, side } from './picks.ts'
import type { Scale } from './scale.ts'

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
  | DepthIntent
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

/**
 * Intents of plain orders and money; a weighted mixture in which most orders meet somebody. Owners
 * do not meet themselves: the engine of the first slice does not tell what it prevents.
 */
export function intents(scale: Scale): fc.Arbitrary<Intent> {
  const placing = done('place', { asking, order: orders(scale).map(apart) })
  return fc.oneof(of(2_500, placing), of(3_000, others(scale)), of(11, restart()))
}

/** Intents of everything that the exchange does. */
export function allIntents(scale: Scale): fc.Arbitrary<Intent> {
  const placing = done('place', { asking, order: depthOrders(scale) })
  const fields = depthFields(scale)
  const depth = (Object.keys(fields) as (keyof typeof fields)[]).map((what) => {
    const record = fc.record({ it: fields[what] as fc.Arbitrary<object>, wait })
    const arbitrary = record.map(({ it, wait: us }) => ({ ...it, wait: us, do: what }))
    return of(4 * DEPTH_WEIGHTS[what], arbitrary as unknown as fc.Arbitrary<Intent>) // As in done.
  })
  const plenty = scale.crowd ? [of(8, done('place', { asking, order: sweeps() }))] : []
  const rare = of(1, restart())
  return fc.oneof(of(240, placing), of(120, others(scale)), ...depth, ...plenty, rare)
}

// Rare: it costs as much as fifty commands.
function restart(): fc.Arbitrary<Intent> {
  return done('restart', {})
}

function apart(order: OrderIntent): OrderIntent {
  const buys = order.account === 16 || order.account === 19
  // Of later accounts nobody knows here whose they are.
  const late = order.account >= 20 && order.account < 64
  return { ...order, account: late ? 4 : order.account, side: buys ? 'buy' : 'sell' }
}

function others(scale: Scale): fc.Arbitrary<Intent> {
  const amount = fc.oneof(
    of(20, fc.integer({ min: 1, max: scale.funds })),
    of(10, fc.integer({ min: 1, max: 50 })),
    is(1, 0, Number.MAX_SAFE_INTEGER),
  )
  const targets = fc.oneof(is(30, 'owner' as const), of(2, account))
  return fc.oneof(
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

type Fields<T> = { readonly [K in keyof T]: fc.Arbitrary<T[K]> }
type Doing<D extends Intent['do']> = Omit<Extract<Intent, { do: D }>, 'do' | 'wait'>

function done<D extends Intent['do']>(what: D, fields: Fields<Doing<D>>): fc.Arbitrary<Intent> {
  const record = fc.record({ ...fields, wait, do: fc.constant(what) })
  return record as unknown as fc.Arbitrary<Intent> // Its fields were checked by Doing.
}
