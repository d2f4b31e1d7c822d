// Orders: the checks of a new order in their fixed order, then what it does; and cancels.
//
// Check, check, check, wall, change: nothing is touched before the last refusal, so INV-10 holds by
// the shape of the code.

import type { CancelAll, CancelOrder, PlaceOrder, Stamp } from '#engine/command.ts'
import {
  OPEN_ORDERS_PER_ACCOUNT_MAX,
  ORDERS_MAX,
  PRICE_TICKS_MAX,
  SIZE_LOTS_MAX,
} from '#engine/limits.ts'
import { SAFE_MAX } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { crosses, opposite } from './book.ts'
import { feeOn } from './fees.ts'
import { available } from './ledger.ts'
import { cancel, holdFor, match, setHeld } from './match.ts'
import { notionalOf, planMatch } from './plan.ts'
import type { Account, Market, Order, World } from './world.ts'
import { emit, takeAccountSeqs } from './world.ts'

export function place(world: World, command: PlaceOrder & Stamp): RefusalCode | null {
  const account = world.accounts.get(command.account)
  if (account === undefined) return 'account.unknown'
  const market = world.markets[command.market]
  if (market === undefined) return 'market.unknown'
  const order = draft(command, market, account)
  const refusal =
    refuseShape(order) ??
    refuseSmall(order) ??
    refuseCapacity(world, order) ??
    refuseCrossing(order) ??
    refuseUnfillable(order)
  if (refusal !== null) return refusal
  const needed = holdAtStart(order)
  const asset = command.side === 'buy' ? market.quote : market.base
  if (needed > available(world.ledger, command.account, asset)) return 'funds.insufficient'
  accept(world, order, needed)
  match(world, order)
  return null
}

export function cancelOne(world: World, command: CancelOrder): RefusalCode | null {
  const order = world.orders.get(command.orderId)
  if (order === undefined || order.request.account !== command.account) return 'not_found'
  cancelByOwner(world, order)
  return null
}

export function cancelAll(world: World, command: CancelAll): RefusalCode | null {
  if (!world.accounts.has(command.account)) return 'account.unknown'
  if (command.market !== null && world.markets[command.market] === undefined) {
    return 'market.unknown'
  }
  const chosen = [...world.orders.values()].filter(
    ({ request }) =>
      request.account === command.account &&
      (command.market === null || request.market === command.market) &&
      (command.side === null || request.side === command.side),
  )
  for (const order of chosen.sort((a, b) => a.orderId - b.orderId)) cancelByOwner(world, order)
  return null
}

/** Goes on with the first order that met the limit of fills; it stays first until it is done. */
export function tick(world: World): RefusalCode | null {
  const order = world.draining[0]
  if (order === undefined) return null
  match(world, order)
  if (order.stands !== 'draining') world.draining.shift()
  return null
}

function cancelByOwner(world: World, order: Order): void {
  const at = world.draining.indexOf(order)
  if (at >= 0) world.draining.splice(at, 1)
  cancel(world, order, 'order.cancelled_by_owner')
}

function draft(command: PlaceOrder & Stamp, market: Market, account: Account): Order {
  return {
    orderId: asId(command.seq),
    request: command,
    market,
    owner: account.owner,
    createdAt: command.time,
    updatedAt: command.time,
    remaining: command.size,
    traded: 0,
    makerNotional: 0n,
    takerNotional: 0n,
    fee: 0n,
    held: 0n,
    stands: 'nowhere',
  }
}

function refuseShape(order: Order): RefusalCode | null {
  const { type, timeInForce, postOnly, price, size, quoteAmount } = order.request
  if (postOnly && (type !== 'limit' || timeInForce !== 'GTC')) return 'request.malformed'
  if (type === 'limit') {
    if (quoteAmount !== 0 || size === 0) return 'request.malformed'
    if (price < 1 || price > PRICE_TICKS_MAX) return 'order.price_out_of_band'
  } else {
    if (price !== 0 || timeInForce === 'GTC') return 'request.malformed'
    if ((size === 0) === (quoteAmount === 0)) return 'request.malformed'
  }
  return isTooLarge(order) ? 'order.too_large' : null
}

function isTooLarge(order: Order): boolean {
  const { type, side, price, size } = order.request
  if (size > SIZE_LOTS_MAX) return true
  const base = BigInt(size) * BigInt(order.market.lotUnits)
  if (base > SAFE_MAX) return true
  if (type === 'market') return false
  if (notionalOf(order, price, size) > SAFE_MAX) return true
  return side === 'buy' && holdFor(order, size) > SAFE_MAX
}

function refuseSmall(order: Order): RefusalCode | null {
  const { type, price, size, quoteAmount } = order.request
  if (type === 'market' && size > 0) return null
  const value = type === 'limit' ? notionalOf(order, price, size) : BigInt(quoteAmount)
  return value < order.market.minNotional ? 'order.notional_too_small' : null
}

// Only orders that may stay are counted: all others are over when their command is.
function refuseCapacity(world: World, { request }: Order): RefusalCode | null {
  if (request.timeInForce !== 'GTC') return null
  const open = world.openOrders.get(request.account) ?? 0
  if (open >= OPEN_ORDERS_PER_ACCOUNT_MAX) return 'order.too_many_open'
  return world.orders.size >= ORDERS_MAX ? 'capacity.exhausted' : null
}

function refuseCrossing({ request, market }: Order): RefusalCode | null {
  const best = market.levels[opposite(request.side)][0]
  if (!request.postOnly || best === undefined) return null
  return crosses(request.side, request.price, best.price) ? 'order.post_only_would_take' : null
}

function refuseUnfillable(order: Order): RefusalCode | null {
  if (order.request.timeInForce !== 'FOK') return null
  const { end, lots } = planMatch(order)
  if (end === 'fills-limit') return 'order.fills_limit'
  return end === 'filled' && lots > 0 ? null : 'order.fok_unfillable'
}

function holdAtStart(order: Order): bigint {
  const { type, side, size, quoteAmount } = order.request
  if (type === 'limit') return holdFor(order, size)
  if (side === 'buy' && quoteAmount > 0) return BigInt(quoteAmount)
  if (side === 'sell' && size > 0) return holdFor(order, size)
  const plan = planMatch(order)
  if (side === 'sell') return holdFor(order, plan.lots)
  return plan.notional + feeOn(plan.notional, order.market.takerRate)
}

function accept(world: World, order: Order, held: bigint): void {
  const { request, market } = order
  const { account } = request
  world.orders.set(order.orderId, order)
  world.openOrders.set(account, (world.openOrders.get(account) ?? 0) + 1)
  setHeld(world, order, held)
  const accountSeq = takeAccountSeqs(world, account, 1)
  const { makerRate, takerRate } = market
  emit(world, { kind: 'accepted', ...shown(request), accountSeq, makerRate, takerRate })
}

/** The fields of a request that followers see. */
export function shown(request: PlaceOrder) {
  const { account, market, side, type, timeInForce, postOnly, selfTrade } = request
  const { price, size, quoteAmount, clientOrderId } = request
  const how = { side, type, timeInForce, postOnly, selfTrade }
  return { account, market, ...how, price, size, quoteAmount, clientOrderId }
}
