// Stream messages: what a client may say on /v1/stream, checked as strictly as a request.
//
// Closed and bounded like every body: an unknown field or one channel too many refuses the whole
// message, and nothing of it is done.

import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { AccountNumber, closed, oneOf, SymbolParam, WholeNumber } from './port.ts'

export const CHANNELS_PER_MESSAGE = 64

const Id = Type.String({ minLength: 1, maxLength: 64 })
const Text = Type.String({ maxLength: 1_024 })

const PublicChannel = closed({ name: oneOf(['book', 'trades', 'ticker']), market: SymbolParam })
const CandleChannel = closed({
  name: Type.Literal('candles'),
  market: SymbolParam,
  interval: oneOf(['1s', '1m', '5m', '15m', '1h', '4h', '1d']),
})
const PrivateChannel = closed({
  name: oneOf(['orders', 'fills', 'balances']),
  account: Type.Optional(AccountNumber),
})
const Channel = Type.Union([PublicChannel, CandleChannel, PrivateChannel])
const Channels = Type.Array(Channel, { minItems: 1, maxItems: CHANNELS_PER_MESSAGE })

const TokenAuth = closed({ id: Id, op: Type.Literal('auth'), token: Text })
const KeyAuth = closed({
  id: Id,
  op: Type.Literal('auth'),
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

export type Channel = Static<typeof Channel>
export type PrivateChannel = Static<typeof PrivateChannel>
export type TokenAuth = Static<typeof TokenAuth>
export type KeyAuth = Static<typeof KeyAuth>
export type Subscribe = Static<typeof Subscribe>
export type Unsubscribe = Static<typeof Unsubscribe>
export type ClientMessage = TokenAuth | KeyAuth | Subscribe | Unsubscribe | Static<typeof Ping>

const checked = Compile(Type.Union([TokenAuth, KeyAuth, Subscribe, Unsubscribe, Ping]))

/** The message, or undefined when it is not one. */
export function clientMessage(value: unknown): ClientMessage | undefined {
  return checked.Check(value) ? value : undefined
}

/** The id of what may not be a message, so that even its refusal can be matched. */
export function idOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null
  const { id } = value
  return typeof id === 'string' && id.length <= 64 ? id : null
}
