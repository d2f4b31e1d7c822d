// Order by order: the books as lines about single orders, folded from events (L3 data).
//
// A line says what changed and what the order shows afterwards, so that a book can be rebuilt from
// the lines alone. Numbers of a book have no gap (INV-09). No line names an account, an owner or a
// caller's id, and what an order hides stays hidden. Memory grows with what rests, never with time.

import type { Side } from '#engine/command.ts'
import type { Event } from '#engine/event.ts'
import { assert } from '#kernel/assert.ts'
import type { AssetId, MarketId, OrderId } from '#kernel/ids.ts'
import { priceText, sizeText } from './decimals.ts'
import { createListing, type Market } from './listing.ts'

type Place = {
  /** Gap-free over all events of the exchange, not over these lines. */
  readonly no: number
  /** Of the command, and its time in microseconds. */
  readonly seq: number
  readonly at: number
  readonly market: string
}

/** Of a line that changes the book: gap-free per market, from 1. */
type Numbered = Place & { readonly book: number }

export type BookLine =
  | (Place & {
      readonly kind: 'market'
      readonly base: string
      readonly quote: string
      readonly tick: string
      readonly lot: string
    })
  | (Place & { readonly kind: 'phase'; readonly phase: string })
  /** Comes to rest at the end of its level; `left` is what it shows. */
  | (Numbered & OrderLine & { readonly kind: 'add' })
  /** Shows less, or has left: then `left` is 0 and `gone` is true. */
  | (Numbered & OrderLine & { readonly kind: 'change' | 'cancel'; readonly gone?: true })
  /** An iceberg shows more; `requeued`: at the end of its level from now on. */
  | (Numbered & OrderLine & { readonly kind: 'refresh'; readonly requeued?: true })
  | (Numbered & FillLine & { readonly kind: 'fill' })

type OrderLine = {
  readonly order: number
  readonly side: Side
  readonly price: string
  /** What came or went. */
  readonly size: string
  readonly left: string
}

type FillLine = {
  readonly trade: number
  readonly takerSide: Side
  readonly price: string
  readonly size: string
  /** Stood in the book; with what it shows afterwards. */
  readonly maker: number
  readonly left: string
  readonly gone?: true
  readonly taker: number
  /** In an auction the taker stood in the book, too. */
  readonly auction?: true
  readonly takerLeft?: string
  readonly takerGone?: true
}

export type OrderByOrder = {
  /** The line about an event; undefined for what is none of the public's business. */
  take(event: Event): BookLine | undefined
}

type Fold = {
  readonly listing: ReturnType<typeof createListing>
  /** Lots that each order in a book shows. */
  readonly shown: Map<OrderId, number>
}

export function createOrderByOrder(): OrderByOrder {
  const fold: Fold = { listing: createListing(), shown: new Map() }
  return { take: (event) => take(fold, event) }
}

function take(fold: Fold, event: Event): BookLine | undefined {
  switch (event.kind) {
    case 'assetListed':
      fold.listing.listAsset(event)
      return undefined
    case 'marketListed':
      fold.listing.listMarket(event)
      return marketLine(fold, event)
    case 'phaseChanged': {
      const { market, phase } = event
      return { ...placeOf(fold, event, market), kind: 'phase', phase }
    }
    case 'rested':
      fold.shown.set(event.orderId, event.shown)
      return { ...orderLine(fold, event, event.shown), kind: 'add' }
    case 'refreshed':
      return refreshLine(fold, event)
    case 'fill':
      return fillLine(fold, event)
    case 'cancelled':
    case 'reduced':
    case 'amended':
    case 'triggered':
      return event.bookNumber === 0 ? undefined : lossLine(fold, event)
    default:
      return undefined
  }
}

type Of<K extends Event['kind']> = Extract<Event, { kind: K }>

function placeOf({ listing }: Fold, { eventNo: no, seq, time: at }: Event, market: MarketId) {
  return { no, seq, at, market: listing.market(market).symbol }
}

function marketLine(fold: Fold, event: Of<'marketListed'>): BookLine {
  const { listing } = fold
  const market = listing.market(event.market)
  const symbolOf = (asset: AssetId) => listing.asset(asset).symbol
  return {
    ...{ ...placeOf(fold, event, event.market), kind: 'market' },
    ...{ base: symbolOf(event.base), quote: symbolOf(event.quote) },
    ...{ tick: priceText(market, 1), lot: sizeText(market, 1) },
  }
}

type InBook = Of<'rested' | 'refreshed' | 'cancelled' | 'reduced' | 'amended' | 'triggered'>

function orderLine(fold: Fold, event: InBook, lots: number): Numbered & OrderLine {
  const market = fold.listing.market(event.market)
  return {
    ...{ ...placeOf(fold, event, event.market), book: event.bookNumber, order: event.orderId },
    ...{ side: event.side, price: priceText(market, standing(event)) },
    size: sizeText(market, lots),
    left: leftText(fold, market, event.orderId),
  }
}

/** The price at which it stood in the book before the event, or stands since. */
function standing(event: InBook): number {
  if (event.kind === 'amended') return event.oldPrice
  return event.kind === 'triggered' ? event.leftPrice : event.price
}

function leftText({ shown }: Fold, market: Market, order: OrderId): string {
  return sizeText(market, shown.get(order) ?? 0)
}

function refreshLine(fold: Fold, event: Of<'refreshed'>): BookLine {
  change(fold, event.orderId, event.added)
  const line = orderLine(fold, event, event.added)
  return { ...line, kind: 'refresh', ...(event.requeued ? { requeued: true } : {}) }
}

function lossLine(
  fold: Fold,
  event: Of<'cancelled' | 'reduced' | 'amended' | 'triggered'>,
): BookLine {
  const lots = event.kind === 'reduced' ? event.by : event.shown
  const left = change(fold, event.orderId, -lots)
  const isOver = event.kind === 'cancelled' || event.kind === 'triggered'
  // What keeps its place shows something; what is amended otherwise comes to rest again.
  const isGone = isOver || (event.kind === 'amended' ? left === 0 : event.remaining === 0)
  const line = orderLine(fold, event, lots)
  if (isGone) fold.shown.delete(event.orderId)
  const kind = event.kind === 'cancelled' ? 'cancel' : 'change'
  return { ...line, kind, ...(isGone ? { gone: true } : {}) }
}

function fillLine(fold: Fold, event: Of<'fill'>): BookLine {
  const market = fold.listing.market(event.market)
  const { makerOrderId: maker, takerOrderId: taker, size, takerSide, tradeId: trade } = event
  change(fold, maker, -size)
  const makerLeft = leftText(fold, market, maker)
  if (event.makerRemaining === 0) fold.shown.delete(maker)
  return {
    ...{ ...placeOf(fold, event, event.market), kind: 'fill', book: event.bookNumber, trade },
    ...{ takerSide, price: priceText(market, event.price), size: sizeText(market, size) },
    ...{ maker, left: makerLeft, ...(event.makerRemaining === 0 ? { gone: true } : {}), taker },
    ...(event.auction ? takerOf(fold, event, market) : {}),
  }
}

function takerOf(fold: Fold, { takerOrderId, takerRemaining, size }: Of<'fill'>, market: Market) {
  change(fold, takerOrderId, -size)
  const takerLeft = leftText(fold, market, takerOrderId)
  if (takerRemaining > 0) return { auction: true as const, takerLeft }
  fold.shown.delete(takerOrderId)
  return { auction: true as const, takerLeft, takerGone: true as const }
}

function change({ shown }: Fold, order: OrderId, lots: number): number {
  const left = (shown.get(order) ?? 0) + lots
  assert(left >= 0, `INV-04: order ${order} lost more than it showed`)
  shown.set(order, left)
  return left
}
