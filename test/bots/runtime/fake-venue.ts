// A venue in memory whose answers a test decides, one by one.

import type {
  Amendment,
  Answer,
  Balance,
  CancelAnswer,
  Fill,
  Instrument,
  MarketUpdate,
  Order,
  OrderRequest,
  PlaceAnswer,
  Venue,
} from '#connectors/venue.ts'

export const BTC_USDC: Instrument = {
  ...{ symbol: 'BTC-USDC', base: 'BTC', quote: 'USDC', kind: 'order-book' },
  ...{ tick: '0.1', lot: '0.00001', takerFee: '0.0005', makerFee: '0.0002' },
}

export type FakeVenue = {
  readonly venue: Venue
  /** Everything asked for, in order: 'place id', 'cancel id', 'order id', 'orders', 'fills'. */
  readonly asked: string[]
  /** What the venue knows, by the caller's id; a test changes it at will. */
  readonly orders: Map<string, Order>
  readonly placed: OrderRequest[]
  fills: Fill[]
  balances: Balance[]
  /** Replaces the answer to the next calls; undefined answers from `orders`. */
  onPlace: ((request: OrderRequest) => PlaceAnswer | Promise<PlaceAnswer>) | undefined
  onAmend: ((id: string, amendment: Amendment) => PlaceAnswer | Promise<PlaceAnswer>) | undefined
  /** True: every question is answered with unknown. */
  isAway: boolean
  tell(update: MarketUpdate): void
}

export function orderOf(request: Pick<OrderRequest, 'clientOrderId' | 'side'>): Order {
  const { clientOrderId, side } = request
  return {
    ...{ clientOrderId, side, symbol: 'BTC-USDC', venueOrderId: '1', state: 'open' },
    ...{ filledBase: '0', filledQuote: '0' },
  }
}

export function amended(orders: Map<string, Order>, id: string, amendment: Amendment): PlaceAnswer {
  const order = orders.get(id)
  if (order?.state !== 'open') return { kind: 'refused', code: 'not_found' }
  orders.set(id, { ...order, ...amendment })
  return { kind: 'accepted', order: { ...order, ...amendment }, fills: [] }
}

const AWAY = { kind: 'unknown', reason: 'away' } as const

export function createFakeVenue(name = 'internal'): FakeVenue {
  const listeners = new Set<(update: MarketUpdate) => void>()
  const known = <T>(value: T): Answer<T> => (fake.isAway ? AWAY : { kind: 'ok', value })
  const fake: FakeVenue = {
    ...{ asked: [], orders: new Map(), placed: [], fills: [], balances: [] },
    ...{ onPlace: undefined, onAmend: undefined, isAway: false },
    tell: (update) => {
      for (const listener of listeners) listener(update)
    },
    venue: {
      name,
      instruments: async () => [BTC_USDC],
      subscribe(_symbol, listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      quote: async () => ({ kind: 'unavailable', reason: 'none' }),
      close: async () => {},
      trading: {
        async place(request) {
          fake.asked.push(`place ${request.clientOrderId}`)
          fake.placed.push(request)
          if (fake.onPlace !== undefined) return fake.onPlace(request)
          const order = orderOf(request)
          fake.orders.set(request.clientOrderId, order)
          return { kind: 'accepted', order, fills: [] }
        },
        async amend(id, amendment) {
          fake.asked.push(`amend ${id}`)
          if (fake.onAmend !== undefined) return fake.onAmend(id, amendment)
          return amended(fake.orders, id, amendment)
        },
        async cancel(id): Promise<CancelAnswer> {
          fake.asked.push(`cancel ${id}`)
          if (fake.isAway) return AWAY
          const order = fake.orders.get(id)
          if (order === undefined) return { kind: 'refused', code: 'not_found' }
          const state = order.state === 'open' ? 'cancelled' : order.state
          fake.orders.set(id, { ...order, state })
          return { kind: 'done', order: { ...order, state } }
        },
        async order(id) {
          fake.asked.push(`order ${id}`)
          return known(fake.orders.get(id))
        },
        async orders() {
          fake.asked.push('orders')
          return known([...fake.orders.values()].filter(({ state }) => state === 'open'))
        },
        async fills(last) {
          fake.asked.push(`fills ${last}`)
          return known(fake.fills.slice(fake.fills.findIndex((one) => one.fillId === last) + 1))
        },
        balances: async () => known(fake.balances),
      },
    },
  }
  return fake
}
