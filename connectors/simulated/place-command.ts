// Place command: a venue's order request as a command of the engine, or the code of a refusal.
//
// Only what has no number in the engine is refused here: prices off the tick, sizes off the lot.
// Everything else is the engine's to say, by the same rules as on the platform.

import type { OrderExtra, PlaceOrder } from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import type { OrderRequest } from '../venue.ts'
import { BOT, NO_HASH } from './engine-room.ts'
import type { Listed } from './scales.ts'

export type Placing =
  | { readonly ok: true; readonly command: PlaceOrder }
  | { readonly ok: false; readonly code: string }

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
