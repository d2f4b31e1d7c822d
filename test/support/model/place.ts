// Place: the checks of a new order in their fixed order, then what it does.
//
// Check, check, check, wall, change: nothing is touched before the last refusal, so INV-10 holds by
// the shape of the code.

import type { PlaceOrder, Stamp } from '#engine/command.ts'
import type { SizeLots } from '#kernel/amount.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { refuseAccount } from './accounts-marks.ts'
import { wouldTake } from './book.ts'
import { refuseCapacity, refuseOfMarket } from './checks.ts'
import { feeOn, paysInBase, tierOf } from './fees.ts'
import { available } from './ledger.ts'
import { createOrder } from './new-order.ts'
import { NO_EXTRA } from './no-extra.ts'
import { isMalformed, isNoPrice, isOutOfBand } from './shape.ts'
import { slidePrice } from './slide.ts'
import { takeIn } from './take-in.ts'
import {
  collared,
  FIXED_TRIGGERS,
  holdAsset,
  isBracket,
  needFor,
  onlyWaits,
  setHeld,
} from './terms.ts'
import { arm, beginTrailing, isTrailing, referenceOf, touches } from './triggers.ts'
import { refuseExit, refuseTooLarge, refuseTooSmall, refuseUnits } from './values.ts'
import { planMatch } from './walk.ts'
import type { Account, Market, Order, Request, World } from './world.ts'
import { emit, takeAccountSeqs } from './world.ts'

export function place(world: World, command: PlaceOrder & Stamp): RefusalCode | null {
  const refused = refuseAccount(world, command.account)
  if (refused !== null) return refused
  const account = world.accounts.get(command.account)
  const market = world.markets[command.market]
  if (account === undefined || market === undefined) return 'market.unknown'
  if (market.delisted) return 'market.delisted'
  const asked: Request = { ...command, extra: command.extra ?? NO_EXTRA }
  if (isMalformed(asked)) return 'request.malformed'
  if (isOutOfBand(asked)) return 'order.price_out_of_band'
  const request = reduced(world, asked, market)
  if (request === null) return 'order.reduce_only'
  const order = draft(world, { command, request, market, account })
  const refusal =
    refuseUnits(order) ??
    refuseOfMarket(order) ??
    refuseTime(world, order) ??
    refuseTrigger(order) ??
    slideFirst(order) ??
    refuseExit(order, order.request.size) ??
    refuseValue(order) ??
    refuseCapacity(world, order) ??
    refuseTaking(order) ??
    refuseUnfillable(world, order)
  if (refusal !== null) return refusal
  const needed = holdAtStart(world, order)
  const free = available(world.ledger, order.account, holdAsset(order))
  if (needed > free) return 'funds.insufficient'
  accept(world, order, needed)
  return null
}

// Null: there is nothing to reduce.
function reduced(world: World, request: Request, { listing }: Market): Request | null {
  if (!request.extra.reduceOnly) return request
  if (request.side === 'buy') return null
  const free = available(world.ledger, request.account, listing.base) / BigInt(listing.lotUnits)
  const size = BigInt(request.size) < free ? request.size : Number(free)
  if (size === 0) return null
  const displaySize = asUnit<SizeLots>(Math.min(request.extra.displaySize, size))
  return { ...request, size: asUnit(size), extra: { ...request.extra, displaySize } }
}

type Draft = {
  readonly command: PlaceOrder & Stamp
  readonly request: Request
  readonly market: Market
  readonly account: Account
}

function draft(world: World, { command, request, market, account }: Draft): Order {
  const rates = tierOf(world, market, account.owner)
  const mayBePaid = request.side === 'sell' || request.extra.feeIn === 'quote'
  const makerRate = mayBePaid ? rates.makerRate : Math.max(0, rates.makerRate)
  const order = createOrder(world, {
    orderId: asId(command.seq),
    request,
    extraGiven: command.extra !== undefined,
    market,
    owner: account.owner,
    rates: { makerRate, takerRate: rates.takerRate },
  })
  order.collaredTrigger = collared(market, request.side, order.trigger)
  return order
}

function refuseTime({ time }: World, { request }: Order): RefusalCode | null {
  const { timeInForce, extra } = request
  return timeInForce === 'GTD' && extra.expireAt <= time ? 'order.expired' : null
}

/** What waits for the trigger of a bracket. */
const EXIT = { type: 'oco', side: 'sell' } as const

function refuseTrigger(order: Order): RefusalCode | null {
  const { market, request } = order
  if (isTrailing(order)) {
    if (referenceOf(market, request.extra.triggerBy) === 0) return 'order.no_reference'
    beginTrailing(order)
    return isNoPrice(order.trigger) ? 'order.price_out_of_band' : null
  }
  const waiting: Request = isBracket(request) ? { ...request, ...EXIT } : request
  if (!FIXED_TRIGGERS.includes(waiting.type)) return null
  return touches(market, waiting, order.trigger) ? 'order.would_trigger' : null
}

// Not a refusal, but its place is between two of them.
function slideFirst(order: Order): null {
  order.price = slidePrice(order, order.price)
  return null
}

function refuseValue(order: Order): RefusalCode | null {
  const { type, quoteAmount, size } = order.request
  if (type !== 'market') return refuseTooLarge(order, size) ?? refuseTooSmall(order, size)
  if (quoteAmount === 0) return null
  return quoteAmount < order.market.rules.minNotional ? 'order.notional_too_small' : null
}

function refuseTaking({ market, request, price }: Order): RefusalCode | null {
  if (!request.postOnly) return null
  if (market.phase !== 'continuous' && market.phase !== 'post-only') return null
  return wouldTake(market, request.side, price) ? 'order.post_only_would_take' : null
}

function refuseUnfillable(world: World, order: Order): RefusalCode | null {
  if (order.request.timeInForce !== 'FOK') return null
  const { end, lots } = planMatch(world, order)
  if (end === 'fills-limit') return 'order.fills_limit'
  return end === 'filled' && lots > 0 ? null : 'order.fok_unfillable'
}

function holdAtStart(world: World, order: Order): bigint {
  const { type, side, size, quoteAmount } = order.request
  if (type !== 'market' || (side === 'sell' && size > 0)) return needFor(order, size)
  if (side === 'buy' && quoteAmount > 0) return BigInt(quoteAmount)
  const plan = planMatch(world, order)
  if (side === 'sell') return BigInt(plan.lots) * BigInt(order.market.listing.lotUnits)
  return plan.notional + (paysInBase(order) ? 0n : feeOn(plan.notional, order.takerRate))
}

function accept(world: World, order: Order, held: bigint): void {
  const { account, request } = order
  world.orders.set(order.orderId, order)
  setHeld(world, order, held)
  if (isBracket(request)) world.brackets.push({ entry: order, exit: null, uncovered: 0 })
  const accountSeq = takeAccountSeqs(world, account, 1)
  emit(world, { kind: 'accepted', ...acceptedOf(order), accountSeq })
  if (onlyWaits(request)) arm(order)
  else takeIn(world, order)
}

/** What followers are told of an order when it is accepted. */
export function acceptedOf(order: Order) {
  const { request, extraGiven } = order
  const { account, market, side, type, timeInForce, postOnly, selfTrade } = request
  const { size, quoteAmount, clientOrderId, extra } = request
  const how = { side, type, timeInForce, postOnly, selfTrade }
  const price = asUnit<PlaceOrder['price']>(order.price)
  const rates = {
    makerRate: asUnit<never>(order.makerRate),
    takerRate: asUnit<never>(order.takerRate),
  }
  const what = { account, market, ...how, price, size, quoteAmount, clientOrderId, ...rates }
  return extraGiven ? { ...what, extra } : what
}
