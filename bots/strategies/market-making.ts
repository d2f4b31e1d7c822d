// Market making: quotes on both sides around a reference price, several levels deep.
//
// Each level is one order that rests (post-only) and is replaced when its price should move by more
// than a threshold: the new one first, the old one cancelled when the new one rests, so that the
// book is never empty. Inventory against what it began with shifts all quotes to the side that
// brings it back. Without a reference price it has no orders.

import type { Order, Side } from '#connectors/venue.ts'
import { p } from '../params.ts'
import { type Context, defineStrategy, type Market } from '../strategy.ts'

type State = {
  /** Base coins at the first start, by market. */
  baseline: Record<string, number>
}

type Params = {
  readonly levelsBps: readonly number[]
  readonly levelQuote: number
  readonly thresholdBps: number
  readonly inventoryQuote: number
  readonly skewBps: number
  readonly staleMs: number
}

/** One level of one side: what rests, and what shall take its place. */
type Slot = {
  readonly side: Side
  readonly offsetBps: number
  live: { readonly id: string; readonly price: number } | undefined
  next: { readonly id: string; readonly price: number } | undefined
}

type Quoted = {
  readonly book: Market
  readonly reference: Market
  readonly slots: readonly Slot[]
  pricedAt: number
}

const CHECK_MS = 500
const BPS = 10_000
/** An order with less than this share of its size left is put up again. */
const REFRESH_SHARE = 0.5

export default defineStrategy({
  name: 'market-making',
  params: {
    markets: p.markets(['BTC-USDC']),
    levelsBps: p.numbers(0.1, 1_000, [4, 8, 14]),
    /** Size of each level, in quote coins. */
    levelQuote: p.number(1, 1_000_000, 20_000),
    thresholdBps: p.number(0, 100, 2.5),
    /** Inventory at which the quotes are shifted by all of skewBps. */
    inventoryQuote: p.number(1, 100_000_000, 400_000),
    skewBps: p.number(0, 100, 3),
    staleMs: p.int(500, 60_000, 3_000),
  },
  state: { baseline: {} } as State, // An empty record has no keys to tell its type by.
  setup(ctx, { markets, ...params }) {
    for (const symbol of markets) quoteMarket(ctx, symbol, params)
  },
})

function quoteMarket(ctx: Context<State>, symbol: string, params: Params): void {
  const quoted: Quoted = {
    book: ctx.market(`internal:${symbol}`),
    reference: ctx.market(`reference:${symbol}`),
    slots: (['buy', 'sell'] as const).flatMap((side) =>
      params.levelsBps.map((offsetBps) => {
        return { side, offsetBps, live: undefined, next: undefined }
      }),
    ),
    pricedAt: 0,
  }
  quoted.reference.onPrice(() => {
    quoted.pricedAt = ctx.now()
    requote(ctx, quoted, params)
  })
  quoted.reference.onStale(() => withdrawQuotes(quoted))
  quoted.book.onOrder((order) => settle(quoted, order))
  ctx.every(CHECK_MS, () => {
    if (ctx.now() - quoted.pricedAt > params.staleMs * 1_000) withdrawQuotes(quoted)
  })
}

function requote(ctx: Context<State>, quoted: Quoted, params: Params): void {
  const { book, reference } = quoted
  const mid = reference.price()
  if (mid === undefined || ctx.isPaused()) return
  const centre = mid * (1 - shiftOf(ctx, book, mid, params) / BPS)
  for (const slot of quoted.slots) {
    if (slot.next !== undefined) continue
    const sign = slot.side === 'buy' ? -1 : 1
    const price = centre * (1 + (sign * slot.offsetBps) / BPS)
    if (slot.live !== undefined && !isOff(slot, { price, mid, params })) continue
    const id = book.place({
      ...{ side: slot.side, size: params.levelQuote / price, price },
      postOnly: true,
    })
    slot.next = { id, price }
  }
}

/** In bps, down when there is more than at the beginning. */
function shiftOf(ctx: Context<State>, book: Market, mid: number, params: Params): number {
  const { symbol, instrument } = book
  const held = book.balance(instrument.base)
  const { baseline } = ctx.state
  // Nothing is known of the account before its first balances.
  if (held === 0) return 0
  baseline[symbol] ??= held
  const inventory = (held - baseline[symbol]) * mid
  const share = Math.max(-1, Math.min(1, inventory / params.inventoryQuote))
  return share * params.skewBps
}

type Wish = { readonly price: number; readonly mid: number; readonly params: Params }

/** Far levels may be further off before they are moved. */
function isOff({ live, offsetBps }: Slot, { price, mid, params }: Wish): boolean {
  const offBps = (Math.abs(price - (live?.price ?? 0)) / mid) * BPS
  return offBps > Math.max(params.thresholdBps, offsetBps / 3)
}

/** The venue's word on one of our orders. */
function settle({ book, slots }: Quoted, order: Order): void {
  const { clientOrderId: id, state } = order
  const slot = slots.find(({ live, next }) => live?.id === id || next?.id === id)
  if (slot === undefined) return
  if (slot.next?.id === id) {
    const { next } = slot
    slot.next = undefined
    // A limit of the gate or the platform leaves the old quote where it is.
    if (state === 'refused' && order.code !== 'order.post_only_would_take') return
    if (slot.live !== undefined) book.cancel(slot.live.id)
    slot.live = state === 'open' ? next : undefined
  } else if (state !== 'open' || isUsedUp(book, order)) {
    if (state === 'open') book.cancel(id)
    slot.live = undefined
  }
}

function isUsedUp(book: Market, order: Order): boolean {
  const known = book.orders().find(({ clientOrderId }) => clientOrderId === order.clientOrderId)
  const size = Number(known?.quantity.amount ?? 0)
  return size > 0 && Number(order.filledBase) > size * (1 - REFRESH_SHARE)
}

function withdrawQuotes({ book, slots }: Quoted): void {
  if (!slots.some(({ live, next }) => live !== undefined || next !== undefined)) return
  book.cancelAll()
  for (const slot of slots) slot.live = undefined
}
