// Market view: one market of one venue as a strategy sees it.
//
// It keeps what the venue has told last, the strategy's own orders until they are final, and bars.
// While the strategy is paused it is told of its own orders and of nothing else: nothing new may
// begin.

import type { Fill, Instrument, MarketUpdate, Order } from '#connectors/venue.ts'
import { assert } from '#kernel/assert.ts'
import type {
  Book,
  BookDelta,
  ClosedPosition,
  Market,
  OpenOrder,
  PoolSwap,
  Position,
  Trade,
} from '../market.ts'
import { baseOf, type Size } from '../sizes.ts'
import { sizeText } from '../steps.ts'
import { type BarFeed, createBarFeed } from './bar-feed.ts'
import type { Start } from './channel.ts'
import { type Desk, type Executors, type MarketView, pricingOf, say } from './desk.ts'
import { deltaOf, type Known, nothingKnown, priceOf, remember, swapOf } from './market-known.ts'
import { amendOrder, shownTerms } from './own-amends.ts'
import { cancelOrder, OF_STRATEGY, placeOrder, recoverOrder } from './own-orders.ts'

type Handlers = {
  readonly book: ((book: Book) => void)[]
  readonly delta: ((delta: BookDelta) => void)[]
  readonly trade: ((trade: Trade) => void)[]
  readonly pool: Parameters<Market['onPool']>[0][]
  readonly swap: ((swap: PoolSwap) => void)[]
  readonly price: ((price: number) => void)[]
  readonly stale: (() => void)[]
  readonly fill: ((fill: Fill) => void)[]
  readonly order: ((order: Order) => void)[]
  readonly opened: ((position: Position) => void)[]
  readonly closed: ((closed: ClosedPosition) => void)[]
}

type Inside = {
  readonly desk: Desk
  readonly executors: Executors
  readonly reference: string
  readonly venue: string
  readonly instrument: Instrument
  readonly known: Known
  readonly open: Map<string, OpenOrder>
  readonly handlers: Handlers
  readonly feed: BarFeed
}

/** Throws for a market that no venue of the bot has. */
export function createMarketView(desk: Desk, executors: Executors, reference: string): MarketView {
  const handlers: Handlers = {
    ...{ book: [], delta: [], trade: [], pool: [], swap: [], price: [], stale: [] },
    ...{ fill: [], order: [], opened: [], closed: [] },
  }
  const inside: Inside = {
    ...{ desk, executors, reference, ...find(desk.start, reference) },
    ...{ known: nothingKnown(), open: openIn(desk, reference), handlers, feed: createBarFeed() },
  }
  const { open, feed } = inside
  const view: MarketView = {
    market: marketOf(inside, () => view),
    feed,
    update: (update) => take(inside, update),
    opened: (order) => void open.set(order.clientOrderId, order),
    amended(terms) {
      const placed = open.get(terms.clientOrderId)
      if (placed !== undefined) open.set(terms.clientOrderId, { ...placed, ...terms })
    },
    order(order) {
      const placed = open.get(order.clientOrderId)
      if (order.state !== 'open') open.delete(order.clientOrderId)
      // With a code it tells of an amend that was refused, and the order is as it was.
      else if (placed !== undefined && order.code === undefined) {
        open.set(order.clientOrderId, { ...placed, order })
      }
      for (const handler of handlers.order) handler(order)
    },
    fill: (fill) => handlers.fill.forEach((handler) => void handler(fill)),
    positionOpened() {
      const position = inside.executors.positionIn(view)
      for (const handler of handlers.opened) handler(position)
    },
    positionClosed: (closed) => handlers.closed.forEach((handler) => void handler(closed)),
  }
  return view
}

/** Orders of the run before, which the venue may still have. */
function openIn({ kept }: Desk, reference: string): Map<string, OpenOrder> {
  const orders = Object.values(kept.orders).filter(({ venue, symbol }) => {
    return `${venue}:${symbol}` === reference
  })
  return new Map(
    orders.map((order) => [order.id, { ...shownTerms(order), side: order.side, order: undefined }]),
  )
}

function find(start: Start, reference: string) {
  const [venue = '', symbol = ''] = reference.split(':')
  const { instruments = [] } = start.venues.find((one) => one.venue === venue) ?? {}
  const instrument = instruments.find((one) => one.symbol === symbol)
  assert(instrument !== undefined, `no market ${reference}`)
  return { venue, instrument }
}

function take({ desk, known, handlers, feed }: Inside, update: MarketUpdate): void {
  const before = { ...known }
  remember(known, update)
  feed.take(update)
  if (desk.turn.isPaused) return
  const tell = <T>(list: readonly ((value: T) => void)[], value: T) => {
    for (const handler of list) handler(value)
  }
  switch (update.kind) {
    case 'book': {
      const book = { bids: update.bids, asks: update.asks }
      tell(handlers.book, book)
      if (handlers.delta.length > 0) tell(handlers.delta, deltaOf(before.book, book))
      break
    }
    case 'pool': {
      tell(handlers.pool, update)
      const swap = handlers.swap.length > 0 ? swapOf(before.pool, update) : undefined
      if (swap !== undefined) tell(handlers.swap, swap)
      break
    }
    case 'trade': {
      const { side, price, size, at } = update
      tell(handlers.trade, { side, price: Number(price), size: Number(size), at })
      break
    }
    case 'price':
      tell(handlers.price, Number(update.price))
      break
    case 'stale':
      tell(handlers.stale, undefined)
      break
    default: // Bars reach those that declared them.
  }
}

function marketOf(inside: Inside, view: () => MarketView): Market {
  const { desk, executors, reference, venue, instrument, known, open } = inside
  const { symbol } = instrument
  const sizeOf = (size: Size) => baseOf(size, pricingOf(desk, venue, view()))
  return {
    ...{ venue, symbol, instrument },
    book: () => known.book,
    pool: () => known.pool,
    price: () => priceOf(known),
    balance: (asset) => desk.balances.get(venue)?.get(asset) ?? 0,
    orders: () => [...open.values()],
    position: () => executors.positionIn(view()),
    sizeOf,
    bars: (interval) => inside.feed.bars(interval),
    ...listening(inside),
    quote({ side, size }, handler) {
      const base = sizeOf(size)
      const amount = base === undefined ? undefined : sizeText(base, instrument.lot)
      if (amount === undefined) return handler({ kind: 'unavailable', reason: 'no size' })
      desk.quoteCount += 1
      desk.quotes.set(desk.quoteCount, handler)
      const request = { symbol, side, quantity: { in: 'base' as const, amount } }
      say(desk, { kind: 'quote', no: desk.quoteCount, venue, request })
    },
    place: (order) => placeOrder(desk, view(), order, OF_STRATEGY),
    amend: (id, change) => amendOrder(desk, view(), { id, change }),
    cancel: (id) => cancelOrder(desk, venue, id),
    cancelAll() {
      for (const order of Object.values(desk.kept.orders)) {
        if (order.venue === venue && order.symbol === symbol) order.isCancelling = true
      }
      say(desk, { kind: 'cancelAll', venue, symbol })
    },
    recover: (id) => recoverOrder(desk, { venue, symbol, id }),
    ...executors.ofMarket(view, reference),
  }
}

function listening({ handlers }: Inside) {
  const listen =
    <T>(list: T[]) =>
    (handler: T) =>
      void list.push(handler)
  return {
    onTrade: listen(handlers.trade),
    onBook: listen(handlers.book),
    onDelta: listen(handlers.delta),
    onPool: listen(handlers.pool),
    onSwap: listen(handlers.swap),
    onPrice: listen(handlers.price),
    onStale: listen(handlers.stale),
    onFill: listen(handlers.fill),
    onOrder: listen(handlers.order),
    onOpened: listen(handlers.opened),
    onClosed: listen(handlers.closed),
  }
}
