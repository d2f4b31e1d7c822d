// Ticket state: the fields of an order that is being written, as the person wrote them.

import { computed, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Listing } from './listing.ts'
import type { MarketData } from './market-data.ts'
import type { Notices } from './notices.ts'
import { type MarketScales, scalesOf } from './order-terms.ts'
import type { Portfolio } from './portfolio.ts'

export type TicketDeps = {
  readonly client: Client
  readonly listing: Listing
  readonly portfolio: Portfolio
  readonly data: MarketData
  readonly notices: Notices
}

export type Field = 'price' | 'size' | 'total' | 'form'
export type FieldError = { readonly field: Field; readonly code: string; readonly text: string }
export function createTicketState({ listing }: TicketDeps) {
  return {
    side: signal<'buy' | 'sell'>('buy'),
    type: signal<'limit' | 'market'>('limit'),
    price: signal(''),
    size: signal(''),
    total: signal(''),
    /** Which of the two the person wrote; the other follows. */
    written: signal<'size' | 'total'>('size'),
    postOnly: signal(false),
    isSending: signal(false),
    error: signal<FieldError | null>(null),
    scales: computed<MarketScales | undefined>(() => {
      const market = listing.market.value
      if (market === undefined) return undefined
      const { base, quote } = market
      const scales = { baseScale: listing.scaleOf(base), quoteScale: listing.scaleOf(quote) }
      return scalesOf({ ...market, ...scales })
    }),
  }
}

export type TicketState = ReturnType<typeof createTicketState>
