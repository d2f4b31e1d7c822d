// Place command: a venue's order request as a command of the engine, or the code of a refusal; the
// same for what of an order is amended.
//
// Only what has no number in the engine is refused here: prices off the tick, sizes off the lot.
// Everything else is the engine's to say, by the same rules as on the platform.

import type { AmendOrder, OrderExtra, PlaceOrder } from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import type { Amendment, OrderRequest } from '../venue.ts'
import { BOT, NO_HASH } from './engine-room.ts'
import type { Listed } from './scales.ts'

type Made<C> =
  | { readonly ok: true; readonly command: C }
  | { readonly ok: false; readonly code: string }

export type Placing = Made<PlaceOrder>
export type Amending = Made<AmendOrder>

export function placeCommand(request: OrderRequest, market: Listed, now: number): Placing {
  const { quantity, limitPrice, side, timeInForce, postOnly = false } = request
  const type = request.type ?? (limitPrice === undefined ? 'market' : 'limit')
  const price = limitPrice === undefined ? 0 : market.ticksOf(limitPrice)
  if (price === undefined) return { ok: false, code: 'order.price_off_tick' }
  const size = quantity.in === 'base' ? market.lotsOf(quantity.amount) : 0
  if (size === undefined) return { ok: false, code: 'order.size_off_lot' }
  const quote = quantity.in === 'quote' ? market.quoteUnits(quantity.amount) : 0
  if (quote === undefined) return { ok: false, code: 'request.malformed' }
  const extra = extraOf(request, market)
  if (extra === 'off') return { ok: false, code: 'order.price_off_tick' }
  return {
    ok: true,
    command: {
      ...{
        kind: 'place',
        account: asId(BOT),
        market: asId(market.market),
        side,
        type,
        timeInForce,
      },
      ...{ postOnly, selfTrade: request.selfTrade ?? 'cancel-taker', price: asUnit(price) },
      ...{ size: asUnit(size), quoteAmount: asUnit(quote), clientOrderId: request.clientOrderId },
      ...{ sentAt: asMicros(now), sentAtGiven: false, bodyHash: NO_HASH },
      ...(extra === undefined ? {} : { extra }),
    },
  }
}

/** In the command 0 leaves a field as it is, so a 0 that was asked for is refused here. */
export function amendCommand(amendment: Amendment, market: Listed, orderId: number): Amending {
  const { size, limitPrice, triggerPrice } = amendment
  const lots = size === undefined ? 0 : market.lotsOf(size)
  if (lots === undefined) return { ok: false, code: 'order.size_off_lot' }
  const [price, trigger] = [limitPrice, triggerPrice].map((one) => {
    return one === undefined ? 0 : market.ticksOf(one)
  })
  if (price === undefined || trigger === undefined) {
    return { ok: false, code: 'order.price_off_tick' }
  }
  if (size !== undefined && lots === 0) return { ok: false, code: 'order.amend_below_filled' }
  const isZero = (limitPrice !== undefined && price === 0) || (triggerPrice && trigger === 0)
  if (isZero) return { ok: false, code: 'order.price_out_of_band' }
  return {
    ok: true,
    command: {
      ...{ kind: 'amend', account: asId(BOT), orderId: asId(orderId), size: asUnit(lots) },
      ...{ price: asUnit(price), triggerPrice: asUnit(trigger) },
    },
  }
}

function extraOf(request: OrderRequest, market: Listed): OrderExtra | undefined | 'off' {
  const { triggerPrice, stopPrice, takeProfitPrice, displaySize, trail, trailBps } = request
  const ticks = (price: string | undefined) => (price === undefined ? 0 : market.ticksOf(price))
  const prices = [triggerPrice, stopPrice, takeProfitPrice, trail].map(ticks)
  const shown = displaySize === undefined ? 0 : market.lotsOf(displaySize)
  const [trigger, stop, takeProfit, distance] = prices
  if (prices.includes(undefined) || shown === undefined) return 'off'
  const {
    expireAt = 0,
    reduceOnly = false,
    slide = false,
    triggerBy = 'last',
    feeIn = 'quote',
  } = request
  const numbers = [...prices, shown, trailBps ?? 0, expireAt]
  const isPlain = numbers.every((value) => value === 0) && !reduceOnly && !slide
  if (isPlain && feeIn === 'quote') return undefined
  return {
    ...{ triggerPrice: asUnit(trigger ?? 0), triggerBy, stopPrice: asUnit(stop ?? 0) },
    ...{ takeProfitPrice: asUnit(takeProfit ?? 0), displaySize: asUnit(shown) },
    ...{ trail: trailBps ?? distance ?? 0, trailIn: trailBps === undefined ? 'ticks' : 'bps' },
    ...{ expireAt: asMicros(expireAt), reduceOnly, slide, feeIn, session: 0, key: 0 },
  }
}
