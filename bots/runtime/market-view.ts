// Market view: one market of one venue as a strategy sees it.
//
// It keeps what the venue has told last and the strategy's own orders until they are final. A stale
// venue leaves nothing to read: old books and prices are forgotten, not served.

import type {
  Fill,
  Instrument,
  MarketUpdate,
  Order,
  OrderRequest,
  PoolSnapshot,
} from '#connectors/venue.ts'
import { assert } from '#kernel/assert.ts'
import { priceText, sizeText } from '../steps.ts'
import type { Book, Market, NewOrder, OpenOrder } from '../strategy.ts'
import type { Action, Start } from './channel.ts'
import { nextId, type Turn } from './strategy-turn.ts'

export type MarketView = {
  readonly market: Market
  update(update: MarketUpdate): void
  order(order: Order): void
  fill(fill: Fill): void
}

export type MarketViewDeps = {
  /** 'venue:SYMBOL' */
  readonly reference: string
  readonly start: Start
  readonly turn: Turn
  readonly balances: ReadonlyMap<string, ReadonlyMap<string, number>>
}

type Known = {
  book: Book | undefined
  pool: PoolSnapshot | undefined
  price: number | undefined
}

type Handlers = {
  readonly book: ((book: Book) => void)[]
  readonly pool: ((pool: PoolSnapshot) => void)[]
  readonly price: ((price: number) => void)[]
  readonly stale: (() => void)[]
  readonly fill: ((fill: Fill) => void)[]
  readonly order: ((order: Order) => void)[]
}

/** Throws for a market that no venue of the bot has. */
export function createMarketView(deps: MarketViewDeps): MarketView {
  const known: Known = { book: undefined, pool: undefined, price: undefined }
  const open = new Map<string, OpenOrder>()
  const handlers: Handlers = { book: [], pool: [], price: [], stale: [], fill: [], order: [] }
  const { turn } = deps
  const tell = <T>(list: readonly ((value: T) => void)[], value: T) => {
    if (!turn.isPaused) for (const handler of list) handler(value)
  }
  return {
    market: marketOf(deps, { known, open, handlers }),
    update: (update) => take(update, { known, handlers, tell }),
    order(order) {
      const placed = open.get(order.clientOrderId)
      if (order.state !== 'open') open.delete(order.clientOrderId)
      else if (placed !== undefined) open.set(order.clientOrderId, { ...placed, order })
      for (const handler of handlers.order) handler(order)
    },
    fill(fill) {
      for (const handler of handlers.fill) handler(fill)
    },
  }
}

type Taking = {
  readonly known: Known
  readonly handlers: Handlers
  /** Not while paused: nothing new may begin. */
  readonly tell: <T>(list: readonly ((value: T) => void)[], value: T) => void
}

function take(update: MarketUpdate, { known, handlers, tell }: Taking): void {
  switch (update.kind) {
    case 'book':
      known.book = { bids: update.bids, asks: update.asks }
      tell(handlers.book, known.book)
      break
    case 'pool':
      known.pool = update
      tell(handlers.pool, update)
      break
    case 'price':
      known.price = Number(update.price)
      tell(handlers.price, known.price)
      break
    case 'stale':
      known.book = known.pool = known.price = undefined
      tell(handlers.stale, undefined)
      break
    default: // Trades and bars reach the strategies that ask for them.
  }
}

type Inside = {
  readonly known: Known
  readonly open: Map<string, OpenOrder>
  readonly handlers: Handlers
}

function marketOf(deps: MarketViewDeps, { known, open, handlers }: Inside): Market {
  const { start, turn, balances } = deps
  const { venue, instrument } = find(deps)
  const { symbol } = instrument
  const say = (action: Action) => void turn.actions.push(action)
  return {
    ...{ venue, symbol, instrument },
    book: () => known.book,
    pool: () => known.pool,
    price: () => known.price,
    balance: (asset) => balances.get(venue)?.get(asset) ?? 0,
    orders: () => [...open.values()],
    place(order) {
      const id = nextId(start, turn)
      const request = requestOf(order, instrument, { id, now: turn.now })
      const { quantity, side, limitPrice: price } = request
      open.set(id, { clientOrderId: id, side, quantity, price, order: undefined })
      say({ kind: 'place', venue, request, saved: order.saved === true })
      return id
    },
    cancel: (id) => say({ kind: 'cancel', venue, id }),
    cancelAll: () => say({ kind: 'cancelAll', venue, symbol }),
    recover: (id) => say({ kind: 'recover', venue, symbol, id }),
    onBook: (handler) => void handlers.book.push(handler),
    onPool: (handler) => void handlers.pool.push(handler),
    onPrice: (handler) => void handlers.price.push(handler),
    onStale: (handler) => void handlers.stale.push(handler),
    onFill: (handler) => void handlers.fill.push(handler),
    onOrder: (handler) => void handlers.order.push(handler),
  }
}

function find({ reference, start }: MarketViewDeps) {
  const [venue = '', symbol = ''] = reference.split(':')
  const { instruments = [] } = start.venues.find((one) => one.venue === venue) ?? {}
  const instrument = instruments.find((one) => one.symbol === symbol)
  assert(instrument !== undefined, `no market ${reference}`)
  return { venue, instrument }
}

/** A number that has no decimal is a bug of the strategy and ends its process. */
function requestOf(
  order: NewOrder,
  instrument: Instrument,
  { id, now }: { readonly id: string; readonly now: number },
): OrderRequest {
  const { side, size, price, timeInForce = price === undefined ? 'IOC' : 'GTC' } = order
  const amount = typeof size === 'number' ? sizeText(size, instrument.lot) : size
  assert(amount !== undefined, `${instrument.symbol}: ${size} is not a size`)
  const limitPrice = typeof price === 'number' ? priceText(price, instrument.tick, side) : price
  assert(price === undefined || limitPrice !== undefined, `${price} is not a price`)
  return {
    ...{ clientOrderId: id, sentAt: now, symbol: instrument.symbol, side, timeInForce },
    quantity: { in: 'base', amount },
    ...(limitPrice === undefined ? {} : { limitPrice }),
    ...(order.postOnly === true ? { postOnly: true } : {}),
  }
}
