// Fees: of an amount, of a fill, and what a volume of 30 days earns.
//
// A fill's fee is the fee of the amount so far less the fee of the amount before, so that many
// small fills cost what one large one costs. Rounding is against the customer, both ways.

import { DAY_NOTIONAL_MAX, VOLUMES_MAX } from '#engine/limits.ts'
import type { AccountId, AssetId } from '#kernel/ids.ts'
import type { Market, Order, World } from './world.ts'

const RATE_ONE = 1_000_000n
const DAY_US = 86_400_000_000
const DAYS = 30

/** Rounded up for a fee, down for a rebate (a negative rate). */
export function feeOn(amount: bigint, rate: number): bigint {
  if (rate < 0) return -((amount * BigInt(-rate)) / RATE_ONE)
  return (amount * BigInt(rate) + RATE_ONE - 1n) / RATE_ONE
}

/** Does this order pay its fees in the base that it receives? */
export function paysInBase({ request }: Order): boolean {
  return request.side === 'buy' && request.extra.feeIn === 'received'
}

/** What a fill is to an order's fees. */
export type Traded = { readonly notional: bigint; readonly base: bigint }

/** Counts a fill as taker and answers its fee. */
export function chargeTaker(order: Order, { notional, base }: Traded): bigint {
  const before = feeOn(order.takerAmount, order.takerRate)
  order.takerAmount += paysInBase(order) ? base : notional
  return feeOn(order.takerAmount, order.takerRate) - before
}

/** Counts a fill as maker and answers its fee; a rebate is at most `rebateMax`. */
export function chargeMaker(order: Order, { notional, base }: Traded, rebateMax: bigint): bigint {
  const before = feeOn(order.makerAmount, order.makerRate)
  order.makerAmount += paysInBase(order) ? base : notional
  const fee = feeOn(order.makerAmount, order.makerRate) - before
  const isTooMuch = fee < -rebateMax
  return isTooMuch ? -rebateMax : fee
}

/** The last tier whose volume the owner has reached. */
export function tierOf(world: World, { tiers, listing }: Market, owner: AccountId) {
  const volume = volumeOf(world, owner, listing.quote)
  const reached = tiers.filter(({ minNotional }) => BigInt(minNotional) <= volume)
  const tier = reached.at(-1)
  return { makerRate: tier?.makerRate ?? 0, takerRate: tier?.takerRate ?? 0 }
}

/** What an owner traded against a quote asset, today and in the 29 days before. */
export function volumeOf(world: World, owner: AccountId, asset: AssetId): bigint {
  const today = Math.floor(world.time / DAY_US)
  const row = world.volumes.find((volume) => volume.owner === owner && volume.asset === asset)
  let sum = 0n
  for (const [day, notional] of row?.days ?? []) {
    if (day > today - DAYS && day <= today) sum += notional
  }
  return sum
}

/** Counts a fill for one of its sides. */
export function countVolume(world: World, { owner, market }: Order, notional: bigint): void {
  const asset = market.listing.quote
  let row = world.volumes.find((volume) => volume.owner === owner && volume.asset === asset)
  if (row === undefined) {
    if (world.volumes.length >= VOLUMES_MAX) return
    row = { owner, asset, days: new Map() }
    world.volumes.push(row)
  }
  const today = Math.floor(world.time / DAY_US)
  const sum = (row.days.get(today) ?? 0n) + notional
  const most = BigInt(DAY_NOTIONAL_MAX)
  row.days.set(today, sum < most ? sum : most)
}
