// A bench for the order tracker: a venue in memory, and time that passes only while it sleeps.

import { setImmediate as turn } from 'node:timers/promises'
import type { AmendOutcome } from '#bots/runtime/channel.ts'
import { createOrderTracker } from '#bots/runtime/order-tracker.ts'
import type { SavedOrder } from '#bots/runtime/saved-bot.ts'
import type { Fill, Order, OrderRequest } from '#connectors/venue.ts'
import { createFakeVenue } from './fake-venue.ts'

export const UNKNOWN = { kind: 'unknown', reason: 'lost' } as const

export function request(id: string, changes: Partial<OrderRequest> = {}): OrderRequest {
  return {
    ...{ clientOrderId: id, sentAt: 1, symbol: 'BTC-USDC', side: 'buy', timeInForce: 'GTC' },
    ...{ quantity: { in: 'base', amount: '1' }, limitPrice: '100' },
    ...changes,
  }
}

export function fill(fillId: string, clientOrderId = 'a'): Fill {
  return {
    ...{ fillId, clientOrderId, symbol: 'BTC-USDC', side: 'buy', base: '0.5', quote: '50', at: 1 },
    ...{ fee: { asset: 'USDC', amount: '0' }, liquidity: 'maker' },
  }
}

type SetUp = { readonly saved?: readonly (OrderRequest | SavedOrder)[]; readonly last?: string }

export function setUp({ saved = [], last }: SetUp = {}) {
  const fake = createFakeVenue()
  const orders: Order[] = []
  const outcomes: string[] = []
  const fills: Fill[] = []
  const clock = { ms: 0 }
  const tracker = createOrderTracker({
    trading: (venue) => (venue === 'internal' ? fake.venue.trading : undefined),
    onOrder(_venue, order, outcome) {
      orders.push(order)
      if (outcome !== undefined) outcomes.push(textOf(order, outcome))
    },
    onFill: (_venue, one) => void fills.push(one),
    ...{ log: () => {}, nowMs: () => clock.ms, since: 1, lastFill: () => last },
    saved: saved.map((one) => ('request' in one ? one : { venue: 'internal', request: one })),
    async sleep(ms) {
      clock.ms += ms
      await turn()
    },
  })
  const states = () => orders.map(({ clientOrderId, state }) => `${clientOrderId} ${state}`)
  const ids = () => tracker.open().map((entry) => entry.request.clientOrderId)
  return { fake, tracker, orders, outcomes, fills, clock, states, ids }
}

function textOf(
  { clientOrderId, state, size = '', limitPrice = '' }: Order,
  { code }: AmendOutcome,
) {
  return `${clientOrderId} ${state} ${size} ${limitPrice} ${code ?? 'done'}`.replace(/ +/g, ' ')
}

export async function settled(turns = 50): Promise<void> {
  for (let count = 0; count < turns; count += 1) await turn()
}
