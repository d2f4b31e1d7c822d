// Ticket kinds: what the ticket offers, one row a kind.
//
// A row says which order of the API it is, which fields the person writes, and what the button
// says. Iceberg and bracket are limit orders with a field more.

import type { Client } from '#client/client.ts'

export type PlaceBody = Parameters<Client['place']>[0]
export type KindField = 'price' | 'trigger' | 'stop' | 'takeProfit' | 'trail' | 'display'

export type Kind = {
  readonly id: string
  readonly name: string
  readonly type: PlaceBody['type']
  readonly fields: readonly KindField[]
  /** Of them, what may stay empty. */
  readonly optional?: readonly KindField[]
  /** May be post-only. */
  readonly rests: boolean
  readonly onlyBuys?: boolean
  /** After "Buy 0.01 BTC", with the fields as they are written. */
  readonly words: (text: (field: KindField) => string) => string
}

const LIMIT: Kind = {
  ...{ id: 'limit', name: 'Limit', type: 'limit', fields: ['price'], rests: true },
  words: (text) => `at ${text('price')}`,
}

export const KINDS: readonly Kind[] = [
  LIMIT,
  {
    ...{ id: 'market', name: 'Market', type: 'market', fields: [], rests: false },
    words: () => 'at market',
  },
  {
    ...{ id: 'stop', name: 'Stop', type: 'stop', fields: ['trigger'], rests: false },
    words: (text) => `stop at ${text('trigger')}`,
  },
  {
    ...{ id: 'stop-limit', name: 'Stop-limit', type: 'stop-limit', rests: false },
    fields: ['trigger', 'price'],
    words: (text) => `at ${text('price')}, from ${text('trigger')}`,
  },
  {
    ...{ id: 'take-profit', name: 'Take-profit', type: 'take-profit', rests: false },
    fields: ['trigger'],
    words: (text) => `take profit at ${text('trigger')}`,
  },
  {
    ...{ id: 'trailing-stop', name: 'Trailing stop', type: 'trailing-stop', rests: false },
    fields: ['trail'],
    words: (text) => `trailing by ${text('trail')}`,
  },
  {
    ...{ id: 'iceberg', name: 'Iceberg', type: 'limit', fields: ['price', 'display'], rests: true },
    words: (text) => `at ${text('price')}, showing ${text('display')}`,
  },
  {
    ...{ id: 'oco', name: 'OCO', type: 'oco', rests: true },
    fields: ['price', 'trigger', 'stop'],
    optional: ['stop'],
    words: (text) => `at ${text('price')} or stop at ${text('trigger')}`,
  },
  {
    ...{ id: 'bracket', name: 'Bracket', type: 'limit', rests: true, onlyBuys: true },
    fields: ['price', 'takeProfit', 'trigger', 'stop'],
    optional: ['stop'],
    words: (text) => `at ${text('price')}, out at ${text('takeProfit')} or ${text('trigger')}`,
  },
]

export function kindOf(id: string): Kind {
  return KINDS.find((kind) => kind.id === id) ?? LIMIT
}

/** How a field is called on the page and in the API, and in whose scale it is. */
export const KIND_FIELDS: Readonly<
  Record<
    KindField,
    { readonly name: string; readonly scale: 'price' | 'size'; readonly api: keyof PlaceBody }
  >
> = {
  price: { name: 'Price', scale: 'price', api: 'price' },
  trigger: { name: 'Trigger', scale: 'price', api: 'triggerPrice' },
  stop: { name: 'Stop limit', scale: 'price', api: 'stopPrice' },
  takeProfit: { name: 'Take profit', scale: 'price', api: 'takeProfitPrice' },
  trail: { name: 'Distance', scale: 'price', api: 'trail' },
  display: { name: 'Shown size', scale: 'size', api: 'displaySize' },
}
