// Stream session: one connected reader, what it proved and what it subscribed to.
//
// A snapshot and the changes after it have no gap, because subscribing happens between two
// releases. INV-17: a reader that is more than BEHIND_MAX bytes behind is cut off, and so is one
// whose session or key was revoked; channels and messages of a reader are bounded.

import { unreachable } from '#kernel/assert.ts'
import type { AccountId } from '#kernel/ids.ts'
import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Auth, Principal } from '#platform/auth/port.ts'
import type { BotFeed } from '#platform/fleet/port.ts'
import type { MarketFeed } from '#platform/markets/port.ts'
import type { AccountFeed } from '#platform/portfolio/port.ts'
import { readJson } from './json-body.ts'
import { refusalBody } from './port.ts'
import {
  type Channel,
  type ClientMessage,
  clientMessage,
  idOf,
  type KeyAuth,
  type OrderMessage,
  type PrivateChannel,
  quickOrders,
  type Subscribe,
  type TokenAuth,
} from './stream-messages.ts'
import { createStreamOrders, type StreamOrders, type StreamOrdersDeps } from './stream-orders.ts'

export const BEHIND_MAX = 1_048_576
export const CHANNELS_PER_READER = 512
export const CLOSE_SLOW = 4008
export const CLOSE_REVOKED = 4001
const REVOKED = 'the credentials were revoked'

/** What a session needs of a WebSocket. */
export type StreamSocket = {
  readonly bufferedAmount: number
  /** Where the connection comes from. */
  readonly address?: string
  send(text: string): void
  close(code: number, reason: string): void
}

export type StreamDeps = StreamOrdersDeps & {
  readonly auth: Pick<Auth, 'verifyToken' | 'verifySignature' | 'isLive'>
  readonly markets: MarketFeed
  readonly accounts: AccountFeed
  /** null where nobody deploys. */
  readonly bots: BotFeed | null
}

export type StreamSession = {
  /** False for a message that is not counted, because its orders were charged for. */
  receive(bytes: Buffer): boolean
  /** The socket is gone. */
  end(): void
}

type State = {
  readonly deps: StreamDeps
  readonly socket: StreamSocket
  readonly orders: StreamOrders
  /** By the key of a channel: how to stop it. */
  readonly channels: Map<string, () => void>
  principal: Principal | null
  open: boolean
}

export function createStreamSession(deps: StreamDeps, socket: StreamSocket): StreamSession {
  const orders = createStreamOrders(deps)
  const state: State = { deps, socket, orders, channels: new Map(), principal: null, open: true }
  return {
    receive: (bytes) => {
      if (!state.open) return true
      const orders = quickOrders(bytes)
      if (orders !== undefined) {
        enterOrders(state, orders)
        return false
      }
      const read = readJson(bytes)
      const value = read.ok ? read.value : undefined
      const message = clientMessage(value)
      if (message === undefined) answer(state, idOf(value), refuse('request.malformed'))
      else handle(state, message)
      return message === undefined || !message.op.startsWith('order.')
    },
    end: () => {
      leave(state)
      orders.end()
    },
  }
}

function handle(state: State, message: ClientMessage): void {
  switch (message.op) {
    case 'auth':
      authenticate(state, message)
      break
    case 'subscribe':
      subscribe(state, message)
      break
    case 'unsubscribe':
      for (const channel of message.channels) stopChannel(state, keyOf(state, channel))
      answer(state, message.id, accept({}))
      break
    case 'ping':
      answer(state, message.id, accept({}))
      break
    case 'order.place':
    case 'order.amend':
    case 'order.cancel':
      enterOrders(state, message)
      break
    default:
      unreachable(message)
  }
}

function authenticate(state: State, message: TokenAuth | KeyAuth): void {
  const enter = (result: Result<Principal>): void => {
    const entered = result.ok ? useful(result.value) : result
    if (entered.ok) {
      state.principal = entered.value
      if (message.cancelOnDisconnect === true) state.orders.cancelOnDisconnect()
    }
    answer(state, message.id, entered.ok ? accept({}) : entered)
  }
  const verified = verify(state, message)
  if (!(verified instanceof Promise)) enter(verified)
  else void verified.then(enter, () => answer(state, message.id, refuse('internal')))
}

/** A key that can neither read nor trade has nothing to do here. */
function useful(principal: Principal): Result<Principal> {
  const { scopes } = principal
  return scopes.has('read') || scopes.has('trade') ? accept(principal) : refuse('auth.forbidden')
}

function enterOrders(state: State, message: OrderMessage): void {
  const { principal, deps, orders } = state
  if (principal === null) {
    answer(state, message.id, refuse('auth.required'))
    return
  }
  if (!deps.auth.isLive(principal)) {
    cut(state, CLOSE_REVOKED, REVOKED)
    return
  }
  const results = orders.run(principal, message)
  if ('ok' in results) answer(state, message.id, results)
  else {
    const head = `{"id":${JSON.stringify(message.id)},"ok":true,"results":`
    void results.then((text) => tell(state, `${head}${text}}`))
  }
}

function verify({ deps: { auth }, socket: { address } }: State, message: TokenAuth | KeyAuth) {
  if ('token' in message) return auth.verifyToken(message.token)
  const { key: keyId, timestamp, nonce, signature } = message
  const request = { method: 'GET', path: '/v1/stream', query: '', body: '' }
  const from = address === undefined ? {} : { address }
  return auth.verifySignature({ keyId, timestamp, nonce, signature, ...request, ...from })
}

type Resumed = { readonly account: number; readonly accountSeq: number; readonly resumed: boolean }

function subscribe(state: State, { id, channels, fromAccountSeq }: Subscribe): void {
  const resolved = resolveAll(state, channels)
  if (!resolved.ok) {
    answer(state, id, resolved)
    return
  }
  const missed = [...privateNames(resolved.value)].map(([account, names]) =>
    missedOf(state, { account, names, from: fromAccountSeq }),
  )
  const accounts = missed.map((one) => one.resumed)
  answer(state, id, accept(accounts.length === 0 ? {} : { accounts }))
  for (const { texts } of missed) for (const text of texts) tell(state, text)
  for (const one of resolved.value) start(state, one)
}

/** All of them or the first refusal. */
function resolveAll(state: State, channels: readonly Channel[]): Result<Resolved[]> {
  const all: Resolved[] = []
  for (const channel of channels) {
    const resolved = resolve(state, channel)
    if (!resolved.ok) return resolved
    all.push(resolved.value)
  }
  const isFull = state.channels.size + channels.length > CHANNELS_PER_READER
  return isFull ? refuse('capacity.exhausted') : accept(all)
}

function privateNames(all: readonly Resolved[]): Map<AccountId, Set<PrivateChannel['name']>> {
  const accounts = new Map<AccountId, Set<PrivateChannel['name']>>()
  for (const { channel, account } of all) {
    if (account === null || 'market' in channel || 'id' in channel) continue
    const names = accounts.get(account) ?? new Set()
    accounts.set(account, names.add(channel.name))
  }
  return accounts
}

type Resolved = { readonly channel: Channel; readonly account: AccountId | null }

function resolve(state: State, channel: Channel): Result<Resolved> {
  if ('market' in channel) {
    if (!state.deps.markets.has(channel.market)) return refuse('not_found')
    return accept({ channel, account: null })
  }
  if (state.principal === null) return refuse('auth.required')
  if (!state.principal.scopes.has('read')) return refuse('auth.forbidden')
  if ('id' in channel) {
    const bot = state.deps.bots?.find(state.principal, channel.id) ?? refuse('not_found')
    return bot.ok ? accept({ channel, account: null }) : bot
  }
  const account = state.deps.access.resolve(state.principal, channel.account)
  return account.ok ? accept({ channel, account: account.value }) : account
}

type Missing = {
  readonly account: AccountId
  readonly names: ReadonlySet<PrivateChannel['name']>
  readonly from: number | undefined
}

function missedOf(
  { deps }: State,
  { account, names, from }: Missing,
): { readonly texts: readonly string[]; readonly resumed: Resumed } {
  const texts = from === undefined ? null : deps.accounts.since(account, from, names)
  const accountSeq = deps.accounts.lastSeq(account)
  return { texts: texts ?? [], resumed: { account, accountSeq, resumed: texts !== null } }
}

function start(state: State, { channel, account }: Resolved): void {
  const key = keyOf(state, channel)
  stopChannel(state, key)
  if (!state.open) return
  if ('market' in channel) {
    const stop = state.deps.markets.subscribe(channel, (text) => tell(state, text))
    state.channels.set(key, stop)
    return
  }
  const { principal } = state
  const listener = (text: string) => {
    if (principal !== null && state.deps.auth.isLive(principal)) tell(state, text)
    else cut(state, CLOSE_REVOKED, REVOKED)
  }
  if ('id' in channel) {
    const stop = state.deps.bots?.subscribe(channel.id, listener)
    if (stop !== undefined) state.channels.set(key, stop)
    return
  }
  if (account === null) return
  state.channels.set(key, state.deps.accounts.subscribe({ name: channel.name, account }, listener))
}

function keyOf({ principal }: State, channel: Channel): string {
  if ('id' in channel) return `${channel.name}:${channel.id}`
  if (!('market' in channel)) {
    return `${channel.name}:${channel.account ?? principal?.accountOnly ?? principal?.account}`
  }
  const key = `${channel.name}:${channel.market}`
  return channel.name === 'candles' ? `${key}:${channel.interval}` : key
}

function stopChannel(state: State, key: string): void {
  state.channels.get(key)?.()
  state.channels.delete(key)
}

function answer(state: State, id: string | null, result: Result<Record<string, unknown>>): void {
  const body = result.ok
    ? { id, ok: true, ...result.value }
    : { id, ok: false, ...refusalBody(result.code) }
  tell(state, JSON.stringify(body))
}

function tell(state: State, text: string): void {
  if (!state.open) return
  state.socket.send(text)
  if (state.socket.bufferedAmount > BEHIND_MAX) cut(state, CLOSE_SLOW, 'reading too slowly')
}

function cut(state: State, code: number, reason: string): void {
  leave(state)
  state.socket.close(code, reason)
}

function leave(state: State): void {
  state.open = false
  for (const stop of state.channels.values()) stop()
  state.channels.clear()
}
