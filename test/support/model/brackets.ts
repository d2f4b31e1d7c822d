// Brackets: an entry that buys, and an exit that sells what was bought, for better or worse.
//
// The exit is an oco that a tick opens and lets grow; it is never refused.

import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import type { RefusalCode } from '#kernel/refusals.ts'
import { asMicros } from '#kernel/time.ts'
import { isLoose, isOpen, review } from './brackets-list.ts'
import { cancel, leaveBook, whose } from './ends.ts'
import { available } from './ledger.ts'
import { createOrder } from './new-order.ts'
import { takeIn } from './take-in.ts'
import { collared, needFor, setHeld } from './terms.ts'
import type { Bracket, Order, Request, World } from './world.ts'
import { emit } from './world.ts'

const EXIT_IDS = 2 ** 52
const LINKED: RefusalCode = 'order.linked'

/** Handles the first bracket that needs attention. */
export function attend(world: World): void {
  const bracket = world.attention.shift()
  if (bracket === undefined) return
  if (isLoose(world, bracket)) cancel(world, bracket.entry, LINKED)
  cover(world, bracket)
  review(world, bracket)
}

function cover(world: World, bracket: Bracket): void {
  const { entry, exit, uncovered } = bracket
  const { account, market } = entry
  const free = available(world.ledger, account, market.listing.base)
  const most = Number(free / BigInt(market.listing.lotUnits))
  const lots = Math.min(uncovered, most)
  bracket.uncovered = 0
  if (lots === 0 || market.delisted) return
  if (exit === null) openExit(world, bracket, lots)
  else if (isOpen(world, exit)) grow(world, exit, lots)
}

function openExit(world: World, bracket: Bracket, lots: number): void {
  const exit = draftExit(world, bracket.entry, lots)
  const { makerRate, takerRate, request, orderId, account } = exit
  const { side, selfTrade, price, size, market } = request
  const { triggerPrice, triggerBy, stopPrice } = request.extra
  bracket.exit = exit
  world.orders.set(orderId, exit)
  setHeld(world, exit, needFor(exit, lots))
  const { accountSeq } = whose(world, exit)
  const where = { orderId, entryOrderId: bracket.entry.orderId, account, accountSeq, market }
  const prices = { price, triggerPrice, triggerBy, stopPrice, size }
  const rates = { makerRate: asUnit<never>(makerRate), takerRate: asUnit<never>(takerRate) }
  emit(world, { kind: 'exitOpened', ...where, side, selfTrade, ...prices, ...rates })
  takeIn(world, exit)
}

function draftExit(world: World, entry: Order, lots: number): Order {
  const { extra } = entry.request
  const none = { takeProfitPrice: asUnit<never>(0), displaySize: asUnit<never>(0) }
  const nobody = { session: 0, key: 0, slide: false, reduceOnly: false }
  const plain = { trailIn: 'ticks', feeIn: 'quote' } as const
  const ends = { timeInForce: 'GTC', postOnly: false, clientOrderId: '' } as const
  const request: Request = {
    ...entry.request,
    ...ends,
    side: 'sell',
    type: 'oco',
    price: extra.takeProfitPrice,
    size: asUnit(lots),
    extra: { ...extra, ...none, ...nobody, expireAt: asMicros(0), ...plain },
  }
  const exit = createOrder(world, {
    orderId: asId(EXIT_IDS + entry.orderId),
    request,
    extraGiven: true,
    market: entry.market,
    owner: entry.owner,
    rates: entry,
  })
  const { collarBps } = entry.market.rules
  exit.collaredTrigger = collarBps === 0 ? 1 : collared(exit.market, 'sell', exit.trigger)
  return exit
}

function grow(world: World, exit: Order, lots: number): void {
  const inBook = exit.stands === 'book'
  const left = leaveBook(exit)
  exit.size += lots
  exit.remaining += lots
  exit.updatedAt = world.time
  setHeld(world, exit, needFor(exit, exit.remaining))
  const price = asUnit<never>(exit.price)
  emit(world, {
    kind: 'amended',
    ...whose(world, exit),
    price,
    oldPrice: price,
    triggerPrice: asUnit(exit.trigger),
    size: asUnit(exit.size),
    remaining: asUnit(exit.remaining),
    ...left,
  })
  if (inBook) takeIn(world, exit)
}
