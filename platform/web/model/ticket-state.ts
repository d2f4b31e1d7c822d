// Ticket state: the fields of an order that is being written, as the person wrote them.
//
// Every kind has its own of them (ticket-kinds.ts); what another kind has stays empty.

import { computed, type Signal, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Listing } from './listing.ts'
import type { MarketData } from './market-data.ts'
import type { Notices } from './notices.ts'
import { type MarketScales, scalesOf } from './order-terms.ts'
import type { Portfolio } from './portfolio.ts'
import { type KindField, kindOf } from './ticket-kinds.ts'

export type TicketDeps = {
  readonly client: Client
  readonly listing: Listing
  readonly portfolio: Portfolio
  readonly data: MarketData
  readonly notices: Notices
}

export type Field = KindField | 'size' | 'total' | 'form'
export type FieldError = { readonly field: Field; readonly code: string; readonly text: string }
/** The texts of the fields that kinds have. */
const emptyFields = () =>
  ({
    price: signal(''),
    trigger: signal(''),
    stop: signal(''),
    takeProfit: signal(''),
    trail: signal(''),
    display: signal(''),
  }) satisfies Record<KindField, Signal<string>>

export function createTicketState({ listing, data }: TicketDeps) {
  const fields = emptyFields()
  const kindId = signal('limit')
  const kind = computed(() => kindOf(kindId.value))
  return {
    ...fields,
    side: signal<'buy' | 'sell'>('buy'),
    kindId,
    kind,
    /** The price that the order is thought to trade at: its limit, its trigger, or the last one. */
    expected: computed(() => {
      const named = (['price', 'trigger'] as const).find((one) => kind.value.fields.includes(one))
      return named === undefined ? (data.ticker.value?.last ?? '') : fields[named].value
    }),
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
