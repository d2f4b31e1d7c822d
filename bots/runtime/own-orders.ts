// Own orders: what the strategy and its executors have sent, until the venue calls it final.
//
// Every order stands in the saved record before it leaves, with what it has traded so far. What the
// venue says of it later is the difference to that, so a fill counts once, also over a crash. An
// order that cannot be written is refused here and never leaves.

import type { Order } from '#connectors/venue.ts'
import type { EndedOrder, OwnOrder, Traded } from '../executors/executor.ts'
import type { NewOrder } from '../market.ts'
import { orderRequest } from '../order-request.ts'
import type { AmendOutcome } from './channel.ts'
import { type Desk, type MarketView, nextId, pricingOf, say } from './desk.ts'
import { isFinal, type KeptOrder } from './kept.ts'
import { hearTerms } from './own-amends.ts'

export type Owner = { readonly executor: string; readonly role: string }

/** Of the strategy itself. */
export const OF_STRATEGY: Owner = { executor: '', role: '' }

/** Answers the order's id. */
export function placeOrder(desk: Desk, view: MarketView, order: NewOrder, owner: Owner): string {
  const { turn, kept } = desk
  const { venue, symbol, instrument } = view.market
  const id = nextId(desk)
  const pricing = pricingOf(desk, venue, view)
  const result = orderRequest(order, { instrument, pricing, id, now: turn.now })
  const { side } = order
  const keep = (size: number, price: number | null, sent: Sent = {}) => {
    kept.orders[id] = {
      ...{ id, venue, symbol, side, size, price, ...sent, ...owner, placedAt: turn.now },
      ...{ filledBase: 0, filledQuote: 0, isCancelling: false },
    }
  }
  if (!result.ok) {
    keep(0, null)
    const nothing = { venueOrderId: undefined, filledBase: '0', filledQuote: '0' }
    const { code } = result
    const refused = { clientOrderId: id, symbol, side, state: 'refused' as const, code, ...nothing }
    desk.refused.push({ venue, order: refused })
    return id
  }
  const { request } = result
  const { quantity, limitPrice, type } = request
  const sent = {
    ...{ quantity, ...(limitPrice === undefined ? {} : { limitPrice }) },
    ...(type === undefined ? {} : { type }),
  }
  keep(quantity.in === 'base' ? Number(quantity.amount) : 0, priceOf(limitPrice), sent)
  view.opened({ clientOrderId: id, side, quantity, price: limitPrice, order: undefined })
  const isSaved = order.saved === true || owner.executor !== ''
  say(desk, { kind: 'place', venue, request, saved: isSaved })
  return id
}

type Sent = Pick<KeptOrder, 'quantity' | 'limitPrice' | 'type'>

function priceOf(limitPrice: string | undefined): number | null {
  return limitPrice === undefined ? null : Number(limitPrice)
}

export function cancelOrder(desk: Desk, venue: string, id: string): void {
  const order = desk.kept.orders[id]
  if (order !== undefined) {
    order.isCancelling = true
    order.next = undefined
  }
  say(desk, { kind: 'cancel', venue, id })
}

/** Asks what became of an order of an earlier run, once. */
export function recoverOrder(desk: Desk, { venue, symbol, id }: Lost): void {
  if (desk.recovering.has(id)) return
  desk.recovering.add(id)
  say(desk, { kind: 'recover', venue, symbol, id })
}

type Lost = Pick<KeptOrder, 'venue' | 'symbol' | 'id'>

/** At a start: nobody acts before every order of the run before is known. */
export function recoverAll(desk: Desk): void {
  for (const order of Object.values(desk.kept.orders)) recoverOrder(desk, order)
}

export type Heard = {
  readonly kept: KeptOrder
  /** It says something that was not heard before. */
  readonly isNews: boolean
  /** An amend was answered, or the venue has changed its terms. */
  readonly isAmended: boolean
  /** It was taken back before a restart, which may have come first. */
  readonly isLeft: boolean
  /** Undefined when it traded nothing more. */
  readonly traded: Traded | undefined
  /** When the venue calls it final. */
  readonly ended: EndedOrder | undefined
}

/** What an order event means to the record; undefined for an order that is not in it. */
export function hear(desk: Desk, order: Order, outcome?: AmendOutcome): Heard | undefined {
  const { kept } = desk
  const wasAsked = desk.recovering.delete(order.clientOrderId)
  const known = kept.orders[order.clientOrderId]
  if (known === undefined) return undefined
  const isFirst = known.isKnown !== true
  // An amend that the gate refused may come before the first word of the venue.
  if (outcome?.code === undefined) known.isKnown = true
  const [base, quote] = [Number(order.filledBase), Number(order.filledQuote)]
  const more = { base: base - known.filledBase, quote: quote - known.filledQuote }
  const traded = more.base > 0 ? { role: known.role, side: known.side, ...more } : undefined
  if (traded !== undefined) {
    known.filledBase = base
    known.filledQuote = quote
  }
  if (!isFinal(order.state)) {
    // A run before has not heard what became of its amend: it is what the order is now.
    const isAmended = hearTerms(desk, known, { order, outcome: outcome ?? (wasAsked ? {} : null) })
    const isNews = isFirst || isAmended || traded !== undefined
    const isLeft = wasAsked && known.isCancelling
    return { kept: known, isNews, isAmended, isLeft, traded, ended: undefined }
  }
  delete kept.orders[order.clientOrderId]
  const { state, code } = order
  const ended = { ...ownOrder(known), state, ...(code === undefined ? {} : { code }) }
  return { kept: known, isNews: true, isAmended: false, isLeft: false, traded, ended }
}

export function ownOrder(order: KeptOrder): OwnOrder {
  const { price, isFixed = false, amending, next } = order
  const size = Number(next?.size ?? amending?.size ?? order.size)
  return { ...order, price: price ?? undefined, size, isFixed }
}
