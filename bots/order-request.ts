// Order request: from what a strategy wrote to what a venue is asked, for new orders and amends.
//
// Sizes round down to the lot and prices to the passive side of the tick; a trigger rounds to the
// side that is met later. What is no number, is less than a lot, or is a kind of order that the
// venue does not have, is refused here with a code of `bot.`: nothing of it ever leaves.

import type {
  Amendment,
  Instrument,
  OrderRequest,
  OrderTerms,
  Quantity,
  Side,
} from '#connectors/venue.ts'
import type { NewOrder, OrderChange } from './market.ts'
import { baseOf, type Pricing, type Size } from './sizes.ts'
import { priceText, reachText, sizeText } from './steps.ts'

export type OrderCode =
  | 'bot.not_a_number'
  | 'bot.below_lot'
  | 'bot.no_price'
  | 'bot.not_at_this_venue'
  | 'bot.malformed'

export type RequestResult =
  | { readonly ok: true; readonly request: OrderRequest }
  | { readonly ok: false; readonly code: OrderCode }

export type AmendResult =
  | { readonly ok: true; readonly amendment: Amendment }
  | { readonly ok: false; readonly code: OrderCode }

type Sizing = { readonly instrument: Instrument; readonly pricing: Pricing }

export type RequestDeps = Sizing & { readonly id: string; readonly now: number }

export type AmendDeps = Sizing & {
  readonly side: Side
  readonly type?: OrderTerms['type'] | undefined
}

export function orderRequest(order: NewOrder, deps: RequestDeps): RequestResult {
  const { instrument, id, now } = deps
  const { side } = order
  const quantity = quantityOf(order, deps)
  if (typeof quantity === 'string') return refused(quantity)
  const terms = termsOf(order, deps)
  if (typeof terms === 'string') return refused(terms)
  const limitPrice = passive(order.price, instrument, side)
  if (order.price !== undefined && limitPrice === undefined) return refused('bot.not_a_number')
  const timeInForce = order.timeInForce ?? usualTime(order)
  const isSwap = instrument.kind === 'pool'
  const rests = timeInForce !== 'IOC' && timeInForce !== 'FOK'
  const others = Object.keys(terms).filter((term) => term !== 'minProfit')
  if (isSwap && (rests || others.length > 0)) return refused('bot.not_at_this_venue')
  if (!isSwap && terms.minProfit !== undefined) return refused('bot.not_at_this_venue')
  return {
    ok: true,
    request: {
      ...{ clientOrderId: id, sentAt: now, symbol: instrument.symbol, side, timeInForce, quantity },
      ...(limitPrice === undefined ? {} : { limitPrice }),
      ...(order.postOnly === true ? { postOnly: true } : {}),
      ...terms,
    },
  }
}

/** A pool has no order that rests, so none to change. */
export function amendmentOf(change: OrderChange, deps: AmendDeps): AmendResult {
  const { instrument, side, type } = deps
  const { size, price, trigger } = change
  if (instrument.kind === 'pool') return refused('bot.not_at_this_venue')
  const amount = size === undefined ? undefined : sized(size, deps)
  if (isCode(amount)) return refused(amount)
  const limitPrice = passive(price, instrument, side)
  const triggerPrice = passive(trigger, instrument, laterSide(side, type))
  const isLost =
    (price !== undefined && limitPrice === undefined) ||
    (trigger !== undefined && triggerPrice === undefined)
  if (isLost) return refused('bot.not_a_number')
  if (amount === undefined && limitPrice === undefined && triggerPrice === undefined) {
    return refused('bot.malformed')
  }
  return {
    ok: true,
    amendment: {
      ...(amount === undefined ? {} : { size: amount }),
      ...(limitPrice === undefined ? {} : { limitPrice }),
      ...(triggerPrice === undefined ? {} : { triggerPrice }),
    },
  }
}

function refused(code: OrderCode): { readonly ok: false; readonly code: OrderCode } {
  return { ok: false, code }
}

function isCode(text: string | undefined): text is OrderCode {
  return text?.startsWith('bot.') === true
}

/** To which side a trigger is rounded so that it is met later. */
function laterSide(side: Side, type: OrderTerms['type']): Side {
  const isOther = type?.startsWith('take-profit') !== true
  return isOther === (side === 'buy') ? 'sell' : 'buy'
}

function usualTime({ type, price, expireAt }: NewOrder): OrderRequest['timeInForce'] {
  if (expireAt !== undefined) return 'GTD'
  return type === undefined && price === undefined ? 'IOC' : 'GTC'
}

function quantityOf({ size, quote }: NewOrder, deps: RequestDeps): Quantity | OrderCode {
  if ((size === undefined) === (quote === undefined)) return 'bot.malformed'
  if (size !== undefined) {
    const amount = sized(size, deps)
    return isCode(amount) ? amount : { in: 'base', amount }
  }
  if (typeof quote === 'string') return { in: 'quote', amount: quote }
  const amount = quote === undefined ? undefined : sizeText(quote, '0.01')
  return amount === undefined ? 'bot.not_a_number' : { in: 'quote', amount }
}

/** The decimal, or the code of why there is none. */
function sized(size: Size | string, { instrument, pricing }: Sizing): string {
  if (typeof size === 'string') return size
  const base = baseOf(size, pricing)
  if (base === undefined) return typeof size === 'number' ? 'bot.not_a_number' : 'bot.no_price'
  if (!(base >= 0)) return 'bot.not_a_number'
  return sizeText(base, instrument.lot) ?? 'bot.below_lot'
}

function termsOf(order: NewOrder, deps: RequestDeps): OrderTerms | OrderCode {
  const { instrument } = deps
  const { side, trail, display, type, triggerBy, expireAt, trailBps, selfTrade, feeIn } = order
  const opposite = side === 'buy' ? 'sell' : 'buy'
  const triggerPrice = passive(order.trigger, instrument, laterSide(side, type))
  // Exits trade the other way round than their entry.
  const exit = type === 'oco' ? side : opposite
  const terms = {
    ...{ type, triggerPrice, triggerBy, expireAt, trailBps, selfTrade, feeIn },
    stopPrice: reach(order.stopPrice, instrument, exit),
    takeProfitPrice: passive(order.takeProfit, instrument, opposite),
    trail: reach(trail, instrument, 'buy'),
    displaySize: display === undefined ? undefined : sized(display, deps),
    minProfit: profitText(order.minProfit),
    ...(order.slide === true ? { slide: true } : {}),
    ...(order.reduceOnly === true ? { reduceOnly: true } : {}),
  }
  const { displaySize } = terms
  if (isCode(displaySize)) return displaySize
  const asked = [order.trigger, order.stopPrice, order.takeProfit, trail]
  const made = [terms.triggerPrice, terms.stopPrice, terms.takeProfitPrice, terms.trail]
  const isLost = asked.some((price, at) => price !== undefined && made[at] === undefined)
  const isNoProfit = order.minProfit !== undefined && terms.minProfit === undefined
  if (isNoProfit || isLost || [expireAt, trailBps].some((one) => one !== undefined && !(one > 0))) {
    return 'bot.not_a_number'
  }
  const given = Object.entries(terms).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given)
}

/** Never less than was asked for: a floor rounds up to the quote coin's hundredth. */
function profitText(profit: number | string | undefined): string | undefined {
  if (typeof profit !== 'number') return profit
  return profit >= 0 && Number.isFinite(profit)
    ? (Math.ceil(profit * 100) / 100).toFixed(2)
    : undefined
}

function passive(price: number | string | undefined, { tick }: Instrument, side: Side) {
  if (typeof price !== 'number' || Number(tick) === 0) return textOf(price)
  return priceText(price, tick, side)
}

function reach(price: number | string | undefined, { tick }: Instrument, side: Side) {
  if (typeof price !== 'number' || Number(tick) === 0) return textOf(price)
  return reachText(price, tick, side)
}

/** A pool has no tick: its price is sent with all its digits. */
function textOf(price: number | string | undefined): string | undefined {
  if (typeof price !== 'number') return price
  return price > 0 && Number.isFinite(price) ? price.toFixed(18).replace(/\.?0+$/, '') : undefined
}
