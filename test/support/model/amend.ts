// Amend: an open order is changed in place, in one command, never with a moment of two orders.
//
// A smaller size keeps the place; another price or a larger size gives it up and is taken in anew.

import type { AmendOrder } from '#engine/command.ts'
import type { SizeLots } from '#kernel/amount.ts'
import { asUnit } from '#kernel/amount.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { nextBookNumber, wouldTake } from './book.ts'
import { isTied } from './brackets-list.ts'
import { needsCollar } from './checks.ts'
import { leaveBook, NOTHING, whose } from './ends.ts'
import { available } from './ledger.ts'
import { breaksOco, isNoPrice } from './shape.ts'
import { slidePrice } from './slide.ts'
import { takeIn } from './take-in.ts'
import { collared, FIXED_TRIGGERS, holdAsset, needFor, setHeld } from './terms.ts'
import { arm, touches } from './triggers.ts'
import { refuseTooLarge, refuseTooSmall, refuseUnits } from './values.ts'
import type { Order, World } from './world.ts'
import { drop, emit } from './world.ts'

/** The order as it would be, and what of it changes. */
type Change = {
  readonly order: Order
  /** A copy that nobody else knows. */
  readonly next: Order
  readonly leaves: boolean
  readonly newTrigger: boolean
}

export function amend(world: World, command: AmendOrder): RefusalCode | null {
  const order = world.orders.get(command.orderId)
  if (order === undefined || order.account !== command.account) return 'not_found'
  if (world.accounts.get(order.account)?.frozen === true) return 'account.frozen'
  if (order.stands === 'queue' || isTied(world, order)) return 'order.not_amendable'
  const refusal =
    refuseFields(order, command) ?? refusePrices(command) ?? refuseSize(order, command)
  if (refusal !== null) return refusal
  const change = changeOf(order, command)
  if (differsNot(change)) return null
  const refused = refuseMarket(change) ?? refuseTrigger(change) ?? refuseValues(change)
  if (refused !== null) return refused
  const more = heldBy(change) - order.held
  if (more > available(world.ledger, order.account, holdAsset(order))) return 'funds.insufficient'
  carryOut(world, change)
  return null
}

function refuseFields(order: Order, command: AmendOrder): RefusalCode | null {
  const { price, size, triggerPrice } = command
  const { request, triggered } = order
  const { type } = request
  const bad: RefusalCode = 'request.malformed'
  if (price === 0 && size === 0 && triggerPrice === 0) return bad
  if (price !== 0 && (!hasPrice(order) || (type === 'oco' && triggered))) return bad
  if (triggerPrice !== 0 && (triggered || !FIXED_TRIGGERS.includes(type))) return bad
  if (type !== 'oco' || (price === 0 && triggerPrice === 0)) return null
  const now = { price: asUnit<never>(price === 0 ? order.price : price) }
  const trigger = asUnit<never>(triggerPrice === 0 ? order.trigger : triggerPrice)
  const extra = { ...request.extra, triggerPrice: trigger }
  return breaksOco({ ...request, ...now, extra }) ? bad : null
}

function hasPrice({ request }: Order): boolean {
  return request.type === 'oco' || request.type.endsWith('limit')
}

function refusePrices({ price, triggerPrice }: AmendOrder): RefusalCode | null {
  const bad = (value: number) => value !== 0 && isNoPrice(value)
  return bad(price) || bad(triggerPrice) ? 'order.price_out_of_band' : null
}

function refuseSize(order: Order, { size }: AmendOrder): RefusalCode | null {
  if (size === 0) return null
  const tooLarge = refuseUnits({ ...order, size })
  if (tooLarge !== null) return tooLarge
  return size <= order.traded + order.reduced ? 'order.amend_below_filled' : null
}

function changeOf(order: Order, command: AmendOrder): Change {
  const next = { ...order }
  if (command.price !== 0) next.price = command.price
  if (command.size !== 0) next.size = command.size
  next.remaining = next.size - order.traded - order.reduced
  const newTrigger = command.triggerPrice !== 0 && command.triggerPrice !== order.trigger
  if (newTrigger) {
    next.trigger = command.triggerPrice
    next.collaredTrigger = collared(order.market, order.request.side, next.trigger)
  }
  const moves = next.price !== order.price || next.size > order.size
  return { order, next, newTrigger, leaves: order.stands === 'book' && moves }
}

function differsNot({ order, next, newTrigger }: Change): boolean {
  return !newTrigger && next.price === order.price && next.size === order.size
}

function refuseMarket({ order: { market } }: Change): RefusalCode | null {
  if (market.delisted) return 'market.delisted'
  if (market.phase === 'closed') return 'market.closed'
  return market.phase === 'halted' ? 'market.halted' : null
}

function refuseTrigger({ next, newTrigger }: Change): RefusalCode | null {
  const { market, request, trigger } = next
  if (!newTrigger) return null
  if (needsCollar(request) && market.rules.collarBps === 0) return 'market.no_collar'
  return touches(market, request, trigger) ? 'order.would_trigger' : null
}

function refuseValues({ next, leaves }: Change): RefusalCode | null {
  const { request, market } = next
  if (leaves) next.price = slidePrice(next, next.price)
  const refusal = refuseTooLarge(next, next.size) ?? refuseTooSmall(next, next.size)
  if (refusal !== null || !leaves) return refusal
  if (market.phase !== 'continuous' && market.phase !== 'post-only') return null
  if (!wouldTake(market, request.side, next.price)) return null
  if (isPostOnly(next)) return 'order.post_only_would_take'
  return market.phase === 'post-only' ? 'market.post_only' : null
}

// Of an oco only the limit leg is post-only.
function isPostOnly({ request, triggered }: Order): boolean {
  return request.postOnly && !triggered
}

function heldBy({ order, next, newTrigger }: Change): bigint {
  const needed = needFor(next, next.remaining)
  const onlyLess = !newTrigger && next.price === order.price && next.size < order.size
  return onlyLess && order.held < needed ? order.held : needed
}

function carryOut(world: World, change: Change): void {
  const { order, next, leaves, newTrigger } = change
  const oldPrice = asUnit<never>(order.price)
  const held = heldBy(change)
  const left = leaves ? leaveBook(order) : shrink(order, next.remaining)
  const { price, size, remaining, trigger, collaredTrigger } = next
  Object.assign(order, { price, size, remaining, trigger, collaredTrigger })
  order.updatedAt = world.time
  setHeld(world, order, held)
  if (newTrigger && order.market.armed.includes(order)) {
    drop(order.market.armed, order)
    arm(order)
  }
  emit(world, {
    kind: 'amended',
    ...whose(world, order),
    price: asUnit(price),
    oldPrice,
    triggerPrice: asUnit(order.request.type === 'trailing-stop' ? 0 : trigger),
    size: asUnit(size),
    remaining: asUnit(remaining),
    ...left,
  })
  if (leaves) takeIn(world, order)
}

// It keeps its place and shows no more than remains.
function shrink(order: Order, remaining: number) {
  if (order.stands !== 'book') return { shown: NOTHING, bookNumber: 0 }
  const shown = Math.min(order.shown, remaining)
  const lost = asUnit<SizeLots>(order.shown - shown)
  order.shown = shown
  return { shown: lost, bookNumber: nextBookNumber(order.market) }
}
