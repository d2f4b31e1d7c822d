// Own amends: what a strategy has asked to be changed of its orders, until the venue has answered.
//
// Of an order one amend is under way at a time; what is asked meanwhile waits and becomes one. All
// of it is in the saved record with the order, so over a crash nothing is lost: then the order is
// what the venue says it is. Terms that the venue changed without being asked by us are taken as
// they are.

import type { Amendment, Order } from '#connectors/venue.ts'
import type { OpenOrder, OrderChange } from '../market.ts'
import { amendmentOf } from '../order-request.ts'
import type { AmendOutcome } from './channel.ts'
import { type Desk, type MarketView, pricingOf, say } from './desk.ts'
import type { KeptOrder } from './kept.ts'

type Asked = { readonly id: string; readonly change: OrderChange }

export function amendOrder(desk: Desk, view: MarketView, { id, change }: Asked): void {
  const { venue, instrument } = view.market
  const kept = desk.kept.orders[id]
  if (kept === undefined || kept.isCancelling || kept.venue !== venue) return
  const { side, symbol } = kept
  const pricing = pricingOf(desk, venue, view)
  const result = amendmentOf(change, { ...kept, instrument, pricing })
  if (!result.ok) {
    const filled = { filledBase: String(kept.filledBase), filledQuote: String(kept.filledQuote) }
    const { code } = result
    const order = { clientOrderId: id, venueOrderId: undefined, symbol, side, ...filled }
    desk.refused.push({ venue, order: { ...order, state: 'open', code }, isAmend: true })
    kept.isFixed = true
    return
  }
  if (kept.amending === undefined) send(desk, kept, result.amendment)
  else kept.next = { ...kept.next, ...result.amendment }
  view.amended(shownTerms(kept))
}

function send(desk: Desk, kept: KeptOrder, amendment: Amendment): void {
  kept.amending = amendment
  say(desk, { kind: 'amend', venue: kept.venue, id: kept.id, amendment })
}

type Word = {
  readonly order: Order
  /** Of the amend that is under way; null when it tells nothing of one. */
  readonly outcome: AmendOutcome | null
}

/** True when it answers an amend, or when the terms are others than those told before. */
export function hearTerms(desk: Desk, kept: KeptOrder, { order, outcome }: Word): boolean {
  const isAnswer = kept.amending !== undefined && outcome !== null
  const terms = order.size === undefined ? undefined : `${order.size} ${order.limitPrice ?? ''}`
  const isOther = kept.told !== undefined && terms !== undefined && terms !== kept.told
  // What an amend under way has done already is told by its answer.
  if (kept.amending !== undefined && !isAnswer) return false
  if (terms !== undefined) kept.told = terms
  if (isAnswer && outcome.code === undefined) apply(kept, kept.amending ?? {})
  else if (isOther) apply(kept, order)
  if (isAnswer && outcome.code !== undefined) kept.isFixed = true
  if (isAnswer) goOn(desk, kept)
  return isAnswer || isOther
}

function goOn(desk: Desk, kept: KeptOrder): void {
  const { next } = kept
  kept.amending = undefined
  kept.next = undefined
  if (next !== undefined && !kept.isCancelling) send(desk, kept, next)
}

function apply(kept: KeptOrder, { size, limitPrice }: Amendment): void {
  if (size !== undefined) {
    kept.size = Number(size)
    kept.quantity = { in: 'base', amount: size }
  }
  if (limitPrice !== undefined) {
    kept.limitPrice = limitPrice
    kept.price = Number(limitPrice)
  }
}

/** As they will be when everything that was asked for is done. */
export function shownTerms(kept: KeptOrder): Pick<OpenOrder, 'clientOrderId' | Terms> {
  const { size, limitPrice } = { ...kept.amending, ...kept.next }
  const asked = size === undefined ? kept.quantity : { in: 'base' as const, amount: size }
  return {
    clientOrderId: kept.id,
    quantity: asked ?? { in: 'base', amount: String(kept.size) },
    price: limitPrice ?? kept.limitPrice,
  }
}

type Terms = 'quantity' | 'price'
