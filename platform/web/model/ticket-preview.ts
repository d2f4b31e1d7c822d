// Ticket preview: size and total kept in step, shares of the balance, and the cost in words.
//
// It reads the ticket's texts and writes only the one that the person did not write. A buy is
// counted at the worst price that it may trade at, for so much is held.

import { effect } from '@preact/signals'
import {
  beforeFee,
  feeUp,
  notionalUp,
  shareOfBase,
  sizeDown,
  textOf,
  unitsOf,
  walkBook,
} from './order-terms.ts'
import type { PriceDeps, TicketState } from './ticket-state.ts'
import { isCollared } from './worst-price.ts'

/** The engine holds it beside notional and fee, for what fees of many fills are rounded up by. */
const HELD_MORE = 1

export type Preview = {
  /** In base and quote; null while the fields do not say enough. */
  readonly size: string
  readonly notional: string
  readonly fee: string
  /** Paid with fee, or received after it. */
  readonly total: string
  readonly averagePrice: number
  /** It may trade for less: this is what is held for it. */
  readonly isAtMost: boolean
  /** Of what is paid with, afterwards; negative when it does not suffice. */
  readonly remains: string | null
  readonly isShort: boolean
  /** The book as seen holds less than a market order wants. */
  readonly isThin: boolean
}

/** The total follows the size, or the size the total, whichever was not written. */
export function linkTotal(state: TicketState): void {
  effect(() => {
    const scales = state.scales.value
    if (scales === undefined || state.kind.value.type === 'market') return
    const price = state.counted.value
    if (state.written.value === 'size') {
      const size = unitsOf(state.size.value, scales.size)
      const cost = price && size ? notionalUp(scales, price, size) : undefined
      state.total.value = cost === undefined ? '' : textOf(cost, scales.quote)
      return
    }
    const total = unitsOf(state.total.value, scales.quote)
    if (price && total) state.size.value = textOf(sizeDown(scales, price, total), scales.size)
  })
}

/** Fills in a share of what is available, so that the fee can still be paid. */
export function fillShare(deps: PriceDeps, state: TicketState, percent: number): void {
  const market = deps.listing.market.peek()
  const scales = state.scales.peek()
  if (market === undefined || scales === undefined) return
  state.error.value = null
  if (state.side.peek() === 'sell') {
    const available = unitsOf(deps.portfolio.available(market.base), scales.base) ?? 0
    state.written.value = 'size'
    state.size.value = textOf(shareOfBase(scales, available, percent), scales.size)
    return
  }
  const available = unitsOf(deps.portfolio.available(market.quote), scales.quote) ?? 0
  const spend = Math.floor((available / 100) * percent)
  if (state.kind.peek().type === 'market') {
    state.written.value = 'total'
    state.size.value = ''
    state.total.value = textOf(spend, scales.quote)
    return
  }
  const best = deps.data.book.peek()?.asks[0]?.[0] ?? ''
  const isPriced = state.kind.peek().fields.includes('price')
  if (isPriced && state.price.peek() === '') state.price.value = best
  state.written.value = 'size'
  const size = sizeDown(scales, state.counted.peek() ?? 0, beforeFee(scales, spend))
  state.size.value = textOf(size, scales.size)
}

export function previewOf(deps: PriceDeps, state: TicketState): Preview | null {
  const market = deps.listing.market.value
  const scales = state.scales.value
  const met = meets(deps, state)
  if (market === undefined || scales === undefined || met === undefined) return null
  const fee = feeUp(scales, met.notional)
  const isBuy = state.side.value === 'buy'
  const { type } = state.kind.value
  const total = isBuy ? met.notional + fee : Math.max(0, met.notional - fee)
  const more = isBuy && type !== 'market' ? HELD_MORE : 0
  const paid = isBuy
    ? { asset: market.quote, scale: scales.quote, units: total }
    : {
        asset: market.base,
        scale: scales.base,
        units: met.size * 10 ** (scales.base - scales.size),
      }
  const available = unitsOf(deps.portfolio.available(paid.asset), paid.scale)
  const remains = available === undefined ? undefined : available - paid.units
  return {
    size: textOf(met.size, scales.size),
    notional: textOf(met.notional, scales.quote),
    fee: textOf(fee, scales.quote),
    total: textOf(total, scales.quote),
    averagePrice: met.notional / 10 ** scales.quote / (met.size / 10 ** scales.size),
    isAtMost: isBuy && isCollared(type),
    remains: remains === undefined ? null : textOf(remains, paid.scale),
    isShort: remains !== undefined && remains < more,
    isThin: !met.isWhole,
  }
}

function meets({ data }: PriceDeps, state: TicketState) {
  const scales = state.scales.value
  if (scales === undefined) return undefined
  const size = unitsOf(state.size.value, scales.size)
  if (state.kind.value.type !== 'market') {
    const price = state.counted.value
    const notional = price && size ? notionalUp(scales, price, size) : undefined
    return notional && size ? { size, notional, isWhole: true } : undefined
  }
  const book = data.book.value
  const levels = (state.side.value === 'buy' ? book?.asks : book?.bids) ?? []
  const total = unitsOf(state.total.value, scales.quote)
  const isBuy = state.side.value === 'buy'
  const quote = total && isBuy ? beforeFee(scales, total) : total
  const wanted = state.written.value === 'size' ? size && { size } : quote && { quote }
  const walk = wanted ? walkBook(scales, levels, wanted) : undefined
  return walk !== undefined && walk.size > 0 ? walk : undefined
}
