// Quotes: orders of the market's two accounts, the sea that quotes and the wind that takes.
//
// They are the market's side of every rule of filling; the bot's own orders are place-command.ts.

import type { CommandBody, OrderExtra, PlaceOrder } from '#engine/command.ts'
import { asUnit } from '#kernel/amount.ts'
import { asId } from '#kernel/ids.ts'
import { asMicros } from '#kernel/time.ts'
import type { Side } from '../venue.ts'
import { type EngineRoom, NO_HASH, SEA, WIND } from './engine-room.ts'
import type { OwnOrder } from './own-book.ts'
import type { Listed } from './scales.ts'

/** In ticks and lots. */
export type MarketQuote = { readonly side: Side; readonly price: number; readonly size: number }

type Room = Pick<EngineRoom, 'now'>

const SLIDE: OrderExtra = {
  ...{ triggerPrice: asUnit(0), triggerBy: 'last', stopPrice: asUnit(0), trailIn: 'ticks' },
  ...{ takeProfitPrice: asUnit(0), displaySize: asUnit(0), trail: 0, expireAt: asMicros(0) },
  ...{ reduceOnly: false, slide: true, feeIn: 'quote', session: 0, key: 0 },
}

/** The sea quotes, and meets nobody with it. */
export function seaQuote(room: Room, market: Listed, quote: MarketQuote): PlaceOrder {
  return { ...limit(room, SEA, market, quote), postOnly: true, extra: SLIDE }
}

/** The sea comes to rest, or takes what is in its way. */
export function seaOrder(room: Room, market: Listed, quote: MarketQuote): PlaceOrder {
  return limit(room, SEA, market, quote)
}

export function seaLeaves({ market }: Listed): CommandBody {
  return { kind: 'cancelAll', account: asId(SEA), market: asId(market), side: null }
}

/** The wind takes what is there, and no more. */
export function windTakes(room: Room, market: Listed, quote: MarketQuote): PlaceOrder {
  return { ...limit(room, WIND, market, quote), timeInForce: 'IOC' }
}

function limit(room: Room, account: number, { market }: Listed, quote: MarketQuote): PlaceOrder {
  const { side, price, size } = quote
  return {
    ...{ kind: 'place', account: asId(account), market: asId(market), side, type: 'limit' },
    ...{ timeInForce: 'GTC', postOnly: false, selfTrade: 'cancel-maker', price: asUnit(price) },
    ...{ size: asUnit(size), quoteAmount: asUnit(0), clientOrderId: '', sentAtGiven: false },
    ...{ sentAt: asMicros(room.now()), bodyHash: NO_HASH },
  }
}

/** The least that the market takes as an order. */
export function smallestLots({ minNotional, quotePerTickLot }: Listed, ticks: number): number {
  return Math.max(1, Math.ceil(minNotional / (ticks * quotePerTickLot)))
}

/** A trailing stop must see every price, a fixed trigger only the one that meets it. */
export function isDue(order: OwnOrder, ticks: number): boolean {
  const { isArmed, isTrailing, firesDown, trigger } = order
  return isArmed && (isTrailing || (firesDown ? ticks <= trigger : ticks >= trigger))
}
