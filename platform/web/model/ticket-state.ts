// Ticket state: the fields of an order that is being written, as the person wrote them.
//
// Every kind has its own of them (ticket-kinds.ts); what another kind has stays empty.

import { computed, type Signal, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Fees } from './fees.ts'
import type { Listing } from './listing.ts'
import type { MarketData } from './market-data.ts'
import type { Notices } from './notices.ts'
import { type MarketScales, scalesOf, unitsOf } from './order-terms.ts'
import type { Portfolio } from './portfolio.ts'
import { type KindField, kindOf } from './ticket-kinds.ts'
import { countedPrice } from './worst-price.ts'

export type TicketDeps = {
  readonly client: Client
  readonly listing: Listing
  readonly portfolio: Portfolio
  readonly data: MarketData
  readonly fees: Fees
  readonly notices: Notices
}

/** What the prices and costs of an order are made of. */
export type PriceDeps = {
  readonly listing: Pick<Listing, 'market' | 'scaleOf'>
  readonly portfolio: Pick<Portfolio, 'available'>
  readonly data: Pick<MarketData, 'ticker' | 'book'>
  readonly fees: { readonly own: { readonly value: Rates | undefined } }
}

type Rates = { readonly makerFeeBps: number; readonly takerFeeBps: number }

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

export function createTicketState({ listing, data, fees }: PriceDeps) {
  const fields = emptyFields()
  const side = signal<'buy' | 'sell'>('buy')
  const kindId = signal('limit')
  const kind = computed(() => kindOf(kindId.value))
  const scales = computed<MarketScales | undefined>(() => {
    const market = listing.market.value
    if (market === undefined) return undefined
    const { base, quote } = market
    const { makerFeeBps, takerFeeBps } = fees.own.value ?? market
    return scalesOf({
      ...{ ...market, makerFeeBps, takerFeeBps },
      ...{ baseScale: listing.scaleOf(base), quoteScale: listing.scaleOf(quote) },
    })
  })
  return {
    ...{ ...fields, side, kindId, kind, scales },
    /** The price that the order is counted with, in the scale of prices. */
    counted: computed(() => {
      const known = scales.value
      if (known === undefined) return undefined
      // Nothing is known of a price of 0.
      const units = (text?: string | null) => unitsOf(text ?? '', known.price) || undefined
      const written = (field: KindField) =>
        kind.value.fields.includes(field) ? units(fields[field].value) : undefined
      return countedPrice(known, {
        ...{ side: side.value, type: kind.value.type, price: written('price') },
        ...{ trigger: written('trigger'), stop: written('stop'), trail: written('trail') },
        last: units(data.ticker.value?.last),
      })
    }),
    size: signal(''),
    total: signal(''),
    /** Which of the two the person wrote; the other follows. */
    written: signal<'size' | 'total'>('size'),
    postOnly: signal(false),
    isSending: signal(false),
    error: signal<FieldError | null>(null),
  }
}

export type TicketState = ReturnType<typeof createTicketState>
