// Order extra: the fields that most orders do without, as the command carries them.
//
// An order that gives none of them and comes over no connection has no extra: it costs a cell.

import type { OrderExtra } from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { accept, type Result } from '#kernel/result.ts'
import { asMicros } from '#kernel/time.ts'
import type { Market } from '#views/listing.ts'
import { isRefused, lotsOf, ticksOf } from '#views/market-units.ts'
import type { PlaceBody } from './port.ts'

/** Where an order came from: the connection and the key that can cancel it; 0 for none. */
export type Origin = Pick<OrderExtra, 'session' | 'key'> & {
  /** The extra of an order that says no more than that; all orders of a message share it. */
  readonly bare: Result<OrderExtra | undefined>
}

/** Undefined when the order needs none; what the market's units refuse. */
export function extraOf(
  body: PlaceBody,
  market: Market,
  from: Origin,
): Result<OrderExtra | undefined> {
  const { bare, session, key } = body.stays === true ? NOWHERE : from
  if (!isGiven(body)) return bare
  const prices = pricesOf(body, market)
  if (!prices.ok) return prices
  const displaySize = lotsOf(market, body.displaySize)
  if (isRefused(displaySize)) return displaySize
  return accept({
    ...prices.value,
    displaySize,
    triggerBy: body.triggerBy ?? 'last',
    trailIn: body.trailBps === undefined ? 'ticks' : 'bps',
    expireAt: asMicros(body.expireAt ?? 0),
    reduceOnly: body.reduceOnly ?? false,
    slide: body.slide ?? false,
    feeIn: body.feeIn ?? 'quote',
    session,
    key,
  })
}

const NOTHING: OrderExtra = {
  triggerPrice: asUnit(0),
  stopPrice: asUnit(0),
  takeProfitPrice: asUnit(0),
  trail: 0,
  displaySize: asUnit(0),
  triggerBy: 'last',
  trailIn: 'ticks',
  expireAt: asMicros(0),
  reduceOnly: false,
  slide: false,
  feeIn: 'quote',
  session: 0,
  key: 0,
}

/** Nothing for neither a connection nor a key. */
export function originOf(session: number, key: number): Origin {
  const isFrom = session !== 0 || key !== 0
  return { session, key, bare: accept(isFrom ? { ...NOTHING, session, key } : undefined) }
}

/** No connection and no dead-man timer ends it. */
const NOWHERE = originOf(0, 0)

// Field by field: a name that is not known where it is read costs ten times as much.
function isGiven(body: PlaceBody): boolean {
  return (
    isWaiting(body) ||
    body.displaySize !== undefined ||
    body.expireAt !== undefined ||
    body.reduceOnly !== undefined ||
    body.slide !== undefined ||
    body.feeIn !== undefined
  )
}

function isWaiting(body: PlaceBody): boolean {
  return (
    body.triggerPrice !== undefined ||
    body.triggerBy !== undefined ||
    body.stopPrice !== undefined ||
    body.takeProfitPrice !== undefined ||
    body.trail !== undefined ||
    body.trailBps !== undefined
  )
}

function pricesOf(body: PlaceBody, market: Market) {
  const triggerPrice = ticksOf(market, body.triggerPrice)
  if (isRefused(triggerPrice)) return triggerPrice
  const stopPrice = ticksOf(market, body.stopPrice)
  if (isRefused(stopPrice)) return stopPrice
  const takeProfitPrice = ticksOf(market, body.takeProfitPrice)
  if (isRefused(takeProfitPrice)) return takeProfitPrice
  const trail = ticksOf(market, body.trail)
  if (isRefused(trail)) return trail
  return accept({ triggerPrice, stopPrice, takeProfitPrice, trail: body.trailBps ?? trail })
}
