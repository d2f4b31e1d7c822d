// Worst price: what an order is counted with before it is sent, W of docs/rules/orders.md.
//
// The engine holds a buy's money at the worst price that it may ever trade at, so a share of the
// balance, the cost and what is short are worked out at that one. A sale holds what it sells: it is
// counted at the price that it names. Never below what the engine holds.

import { mulDivDown } from '#kernel/amount.ts'
import type { MarketScales } from './order-terms.ts'
import type { PlaceBody } from './ticket-kinds.ts'

const BPS = 10_000

/** In units of prices; what is not written yet is undefined. */
export type PriceTerms = {
  readonly side: PlaceBody['side']
  readonly type: PlaceBody['type']
  readonly price: number | undefined
  readonly trigger: number | undefined
  readonly stop: number | undefined
  readonly trail: number | undefined
  /** Of the last trade, which a trailing stop follows. */
  readonly last: number | undefined
}

/** undefined while too little is written, and for a market order: the book prices that one. */
export function countedPrice(scales: MarketScales, terms: PriceTerms): number | undefined {
  const { side, type, price } = terms
  if (type === 'market') return undefined
  if (isPriced(type) || (type === 'oco' && side === 'sell')) return price
  const trigger = firstTrigger(terms)
  if (side === 'sell') return trigger
  const works = trigger === undefined ? undefined : collaredUp(scales, trigger)
  if (type !== 'oco') return works
  const known = [price, terms.stop ?? works].filter((one) => one !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}

/** Whether it may trade at another price than the one that it names. */
export function isCollared(type: PlaceBody['type']): boolean {
  return type !== 'market' && !isPriced(type)
}

function isPriced(type: PlaceBody['type']): boolean {
  return type === 'limit' || type === 'stop-limit' || type === 'take-profit-limit'
}

function firstTrigger({ side, type, trigger, trail = 0, last }: PriceTerms): number | undefined {
  if (type !== 'trailing-stop') return trigger
  if (last === undefined) return undefined
  const first = side === 'buy' ? last + trail : last - trail
  return first > 0 ? first : undefined
}

/** In whole ticks, as the engine has it: the most that a buy may pay once it was triggered. */
function collaredUp({ tickUnits, collarBps }: MarketScales, price: number): number | undefined {
  const worst = mulDivDown(Math.ceil(price / tickUnits), BPS + collarBps, BPS)
  return worst < 0 ? undefined : worst * tickUnits
}
