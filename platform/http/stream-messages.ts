// Stream messages: what a client may say on /v1/stream, checked as strictly as a request.
//
// Closed and bounded like every body: an unknown field or one channel too many refuses the whole
// message, and nothing of it is done.

import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  AmendItem,
  Answers,
  CancelItem,
  EntryResult,
  MESSAGE_EXAMPLES,
  PlaceBody,
} from '#platform/orders/port.ts'
import { GROUP_MAX } from '#sequencer/port.ts'
import { AccountNumber, closed, oneOf, RefusalBody, SymbolParam, WholeNumber } from './port.ts'
import { quickReader } from './quick-json.ts'

export const CHANNELS_PER_MESSAGE = 64

const Id = Type.String({ minLength: 1, maxLength: 64 })
const Text = Type.String({ maxLength: 1_024 })

const PublicChannel = closed({
  name: oneOf(['book', 'trades', 'ticker', 'market']),
  market: SymbolParam,
})
const CandleChannel = closed({
  name: Type.Literal('candles'),
  market: SymbolParam,
  interval: oneOf(['1s', '1m', '5m', '15m', '1h', '4h', '1d']),
})
const PrivateChannel = closed({
  name: oneOf(['orders', 'fills', 'balances']),
  account: Type.Optional(AccountNumber),
})
const BotChannel = closed({
  name: Type.Literal('bot'),
  id: Type.String({ minLength: 1, maxLength: 64 }),
})
const Channel = Type.Union([PublicChannel, CandleChannel, PrivateChannel, BotChannel])
const Channels = Type.Array(Channel, { minItems: 1, maxItems: CHANNELS_PER_MESSAGE })

/** Opting in: when this connection ends, what was placed over it is cancelled. */
const cancelOnDisconnect = Type.Optional(Type.Boolean())
const TokenAuth = closed({ id: Id, op: Type.Literal('auth'), token: Text, cancelOnDisconnect })
const KeyAuth = closed({
  id: Id,
  op: Type.Literal('auth'),
  cancelOnDisconnect,
  key: Text,
  timestamp: Text,
  nonce: Text,
  signature: Text,
})
const Subscribe = closed({
  id: Id,
  op: Type.Literal('subscribe'),
  channels: Channels,
  fromAccountSeq: Type.Optional(WholeNumber),
})
const Unsubscribe = closed({ id: Id, op: Type.Literal('unsubscribe'), channels: Channels })
const Ping = closed({ id: Id, op: Type.Literal('ping') })
const some = <T extends TSchema>(item: T) => Type.Array(item, { minItems: 1, maxItems: GROUP_MAX })
const ENTRY = { id: Id, answers: Type.Optional(Answers) }
export const Place = closed(
  { ...ENTRY, op: Type.Literal('order.place'), orders: some(PlaceBody) },
  { examples: MESSAGE_EXAMPLES.place },
)
export const Amend = closed(
  { ...ENTRY, op: Type.Literal('order.amend'), orders: some(AmendItem) },
  { examples: MESSAGE_EXAMPLES.amend },
)
export const Cancel = closed(
  { ...ENTRY, op: Type.Literal('order.cancel'), orders: some(CancelItem) },
  { examples: MESSAGE_EXAMPLES.cancel },
)
/** What a message of orders is answered: a result for each, or why none of them was looked at. */
export const Results = closed({
  id: Id,
  ok: Type.Literal(true),
  results: Type.Array(EntryResult, { minItems: 1, maxItems: GROUP_MAX }),
})
export const NoResults = closed({
  id: Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 64 }),
  ok: Type.Literal(false),
  ...RefusalBody.properties,
})

export type Channel = Static<typeof Channel>
export type PrivateChannel = Static<typeof PrivateChannel>
export type TokenAuth = Static<typeof TokenAuth>
export type KeyAuth = Static<typeof KeyAuth>
export type Subscribe = Static<typeof Subscribe>
export type Unsubscribe = Static<typeof Unsubscribe>
export type OrderMessage = Static<typeof Place> | Static<typeof Amend> | Static<typeof Cancel>
export type ClientMessage =
  | (TokenAuth | KeyAuth | Subscribe | Unsubscribe | OrderMessage)
  | Static<typeof Ping>

/** By op, so that an order is held against one schema only. */
const CHECKS: ReadonlyMap<unknown, (value: unknown) => value is ClientMessage> = new Map([
  ['auth', checkOf(Type.Union([TokenAuth, KeyAuth]))],
  ['subscribe', checkOf(Subscribe)],
  ['unsubscribe', checkOf(Unsubscribe)],
  ['ping', checkOf(Ping)],
  ['order.place', checkOf(Place)],
  ['order.amend', checkOf(Amend)],
  ['order.cancel', checkOf(Cancel)],
])

function checkOf(schema: TSchema) {
  const compiled = Compile(schema)
  return (value: unknown): value is ClientMessage => compiled.Check(value)
}

/** The message when it is one of orders and plain, read at once; undefined for any other. */
export const quickOrders = quickReader([Place, Cancel, Amend])

/** The message, or undefined when it is not one. */
export function clientMessage(value: unknown): ClientMessage | undefined {
  if (typeof value !== 'object' || value === null || !('op' in value)) return undefined
  return CHECKS.get(value.op)?.(value) === true ? (value as ClientMessage) : undefined // Checked.
}

/** The id of what may not be a message, so that even its refusal can be matched. */
export function idOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null
  const { id } = value
  return typeof id === 'string' && id.length <= 64 ? id : null
}
