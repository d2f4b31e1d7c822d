// Stream: the client's side of /v1/stream, for Node and browsers alike.
//
// It connects, proves who it is, subscribes, and does so again after every cut with growing pauses.
// Nothing is lost silently: private channels ask for what they missed, and a listener is told when
// the server no longer has it. Pings both ways find a dead connection that nobody closed.

import { REFUSALS, type RefusalCode } from '#kernel/refusals.ts'
import type { Authorization } from './authorization.ts'
import { ANONYMOUS } from './authorization.ts'
import type { Outcome, Unknown } from './outcome.ts'
import type { AmendItem, CancelItem, EntryResult, PlaceBody } from './shapes.ts'
import {
  type AnyMessage,
  type Channel,
  type ChannelMessage,
  channelKey,
  isPrivate,
  keyOfMessage,
  type Reply,
} from './stream-messages.ts'

export type StreamState = 'connecting' | 'open' | 'waiting' | 'closed'

export type StreamOptions = {
  /** Such as ws://127.0.0.1:3000/v1/stream. */
  readonly url: string
  readonly authorization?: Authorization
  /** The server cancels what was placed over this stream when a connection of it ends. */
  readonly cancelOnDisconnect?: boolean
  /** Told of every change, with the reason of the last cut. */
  readonly onState?: (state: StreamState, why: string) => void
  readonly webSocket?: new (url: string) => WebSocket
  readonly pingMs?: number
  readonly retryMs?: { readonly first: number; readonly max: number }
}

export type Listener<C extends Channel> = {
  /** Every message of the channel, in order. */
  readonly onMessage: (message: ChannelMessage<C>) => void
  /**
   * Subscribed, for the first time or again. 'fresh': what happened before is unknown, read it
   * anew. 'resumed': nothing was missed.
   */
  readonly onReady?: (how: 'fresh' | 'resumed') => void
  /** The server will not have it: unknown market, not signed in. Told once, not tried again. */
  readonly onRefused?: (code: string) => void
}

export type OrderMessage =
  | { readonly op: 'order.place'; readonly orders: readonly PlaceBody[] }
  | { readonly op: 'order.amend'; readonly orders: readonly AmendItem[] }
  | { readonly op: 'order.cancel'; readonly orders: readonly CancelItem[] }

export type Stream = {
  /** Returns how to stop. One listener a channel: a second one takes the place of the first. */
  subscribe<C extends Channel>(channel: C, listener: Listener<C>): () => void
  /** Subscribes anew, for a reader that saw a gap: a book sends a snapshot again. */
  renew(channel: Channel): void
  /**
   * Up to 20 commands in one message, each with its own result. 'unknown' when the connection was
   * cut before the answer: it may have happened, ask by your id.
   */
  orders(message: OrderMessage): Promise<Outcome<readonly EntryResult[]>>
  state(): StreamState
  /** Drops the connection and makes a new one, for example after signing in. */
  reconnect(): void
  close(): void
}

type Subscription = {
  readonly channel: Channel
  readonly listener: Listener<Channel>
  /** Was subscribed before, so that what it missed can be asked for. */
  isKnown: boolean
}

type Run = {
  readonly options: StreamOptions
  readonly subscriptions: Map<string, Subscription>
  /** Of each account, the number of the last private message seen. */
  readonly lastSeqs: Map<number, number>
  readonly replies: Map<string, (reply: Reply) => void>
  /** Orders whose answer a cut would leave open. */
  readonly cut: Set<(outcome: Unknown) => void>
  socket: WebSocket | null
  state: StreamState
  ready: boolean
  requests: number
  retryMs: number
  heardAt: number
  timer: ReturnType<typeof setTimeout> | undefined
  pinger: ReturnType<typeof setInterval> | undefined
}

const RETRY_MS = { first: 250, max: 10_000 }
const PING_MS = 10_000
/** Why a cut was ours; a WebSocket of a browser may only close with 1000 or 3000 to 4999. */
const CLOSE_SILENT = 4000
const CLOSE_NORMAL = 1000

/** Opens a stream; it goes on until it is closed. */
export function createStream(options: StreamOptions): Stream {
  const run: Run = {
    options,
    ...{ subscriptions: new Map(), lastSeqs: new Map(), replies: new Map() },
    cut: new Set(),
    ...{ socket: null, state: 'connecting', ready: false, requests: 0, heardAt: 0 },
    ...{ retryMs: (options.retryMs ?? RETRY_MS).first, timer: undefined, pinger: undefined },
  }
  connect(run)
  return {
    subscribe: (channel, listener) => {
      const key = channelKey(channel)
      // Messages are told apart by the key, so each listener gets those of its own channel.
      const ours = listener as unknown as Listener<Channel>
      const subscription: Subscription = { channel, listener: ours, isKnown: false }
      run.subscriptions.set(key, subscription)
      if (run.ready) ask(run, [subscription])
      return () => {
        if (run.subscriptions.get(key) !== subscription) return
        run.subscriptions.delete(key)
        if (run.ready) request(run, { op: 'unsubscribe', channels: [channel] }, () => {})
      }
    },
    renew: (channel) => {
      const subscription = run.subscriptions.get(channelKey(channel))
      if (subscription !== undefined && run.ready) ask(run, [subscription])
    },
    orders: (message) => sendOrders(run, message),
    state: () => run.state,
    reconnect: () => drop(run, 'reconnect'),
    close: () => {
      enter(run, 'closed', 'closed')
      clearTimeout(run.timer)
      drop(run, 'closed')
    },
  }
}

function connect(run: Run): void {
  if (run.state === 'closed') return
  enter(run, 'connecting', '')
  const { url, webSocket: Socket = globalThis.WebSocket, pingMs = PING_MS } = run.options
  const socket = new Socket(url)
  run.socket = socket
  run.heardAt = Date.now()
  socket.onopen = () => prove(run)
  socket.onmessage = ({ data }) => {
    if (run.socket === socket) hear(run, String(data))
  }
  socket.onclose = ({ code, reason }) => {
    if (run.socket === socket) lose(run, `${code} ${reason}`.trim())
  }
  run.pinger = setInterval(() => ping(run, pingMs), pingMs)
}

function prove(run: Run): void {
  const proof = (run.options.authorization ?? ANONYMOUS).streamProof()
  if (proof === undefined) subscribeAll(run)
  else request(run, { op: 'auth', ...proof, ...onDisconnect(run) }, () => subscribeAll(run))
}

/** Private channels ask account by account, each from the number after the last one it saw. */
function subscribeAll(run: Run): void {
  run.ready = true
  run.retryMs = (run.options.retryMs ?? RETRY_MS).first
  enter(run, 'open', '')
  const groups = new Map<string, Subscription[]>()
  for (const [key, subscription] of run.subscriptions) {
    const { channel } = subscription
    const { isKnown } = subscription
    const group = isPrivate(channel) ? `account ${channel.account ?? ''} ${isKnown}` : key
    groups.set(group, [...(groups.get(group) ?? []), subscription])
  }
  for (const group of groups.values()) ask(run, group)
}

function onDisconnect({ options }: Run): { cancelOnDisconnect?: true } {
  return options.cancelOnDisconnect === true ? { cancelOnDisconnect: true } : {}
}

function sendOrders(run: Run, message: OrderMessage): Promise<Outcome<readonly EntryResult[]>> {
  const { promise, resolve } = Promise.withResolvers<Outcome<readonly EntryResult[]>>()
  if (!run.ready) resolve({ kind: 'unknown', why: 'not connected' })
  else {
    run.cut.add(resolve)
    request(run, message, (reply) => {
      run.cut.delete(resolve)
      resolve(outcomeOf(reply))
    })
  }
  return promise
}

function outcomeOf(reply: Reply): Outcome<readonly EntryResult[]> {
  if (reply.ok) return { kind: 'done', value: reply.results ?? [] }
  const code = reply.code as RefusalCode // A newer server may know more codes.
  const { status = 500 } = { status: REFUSALS[code]?.status }
  return { kind: 'refused', status, code, message: reply.message }
}

function ask(run: Run, group: readonly Subscription[]): void {
  const channels = group.map(({ channel }) => channel)
  const [first] = channels
  const isResuming = first !== undefined && isPrivate(first) && group.every((one) => one.isKnown)
  const last = isResuming ? lastSeqOf(run, first.account) : undefined
  const from = last === undefined ? {} : { fromAccountSeq: last + 1 }
  request(run, { op: 'subscribe', channels, ...from }, (reply) => {
    for (const subscription of group) {
      const { listener } = subscription
      subscription.isKnown = reply.ok
      if (!reply.ok) listener.onRefused?.(reply.code)
      else listener.onReady?.(reply.accounts?.[0]?.resumed === true ? 'resumed' : 'fresh')
    }
    for (const { account, accountSeq, resumed } of reply.ok ? (reply.accounts ?? []) : []) {
      if (!resumed) run.lastSeqs.set(account, accountSeq)
    }
  })
}

/** Without an account the server takes the caller's own: the only one seen so far. */
function lastSeqOf(run: Run, account: number | undefined): number | undefined {
  if (account !== undefined) return run.lastSeqs.get(account)
  return run.lastSeqs.size === 1 ? [...run.lastSeqs.values()][0] : undefined
}

function request(run: Run, body: object, done: (reply: Reply) => void): void {
  run.requests += 1
  const id = String(run.requests)
  run.replies.set(id, done)
  run.socket?.send(JSON.stringify({ id, ...body }))
}

function hear(run: Run, text: string): void {
  run.heardAt = Date.now()
  // The server's own words; what it says is trusted as far as its REST answers are.
  const message = JSON.parse(text) as Reply | AnyMessage
  if ('ok' in message) {
    const done = run.replies.get(message.id ?? '')
    run.replies.delete(message.id ?? '')
    done?.(message)
    return
  }
  if ('accountSeq' in message) {
    const last = run.lastSeqs.get(message.account) ?? 0
    run.lastSeqs.set(message.account, Math.max(last, message.accountSeq))
  }
  for (const key of keyOfMessage(message)) {
    run.subscriptions.get(key)?.listener.onMessage(message)
  }
}

function ping(run: Run, pingMs: number): void {
  if (Date.now() - run.heardAt > 2.5 * pingMs) drop(run, 'silent')
  else if (run.ready) request(run, { op: 'ping' }, () => {})
}

/** Lets go of the connection at once, whatever the other side does. */
function drop(run: Run, why: string): void {
  const { socket } = run
  if (socket === null) return
  lose(run, why)
  socket.onopen = socket.onmessage = socket.onclose = null
  socket.close(why === 'silent' ? CLOSE_SILENT : CLOSE_NORMAL)
}

function lose(run: Run, why: string): void {
  run.socket = null
  run.ready = false
  run.replies.clear()
  for (const tell of run.cut) tell({ kind: 'unknown', why })
  run.cut.clear()
  clearInterval(run.pinger)
  if (run.state === 'closed') return
  enter(run, 'waiting', why)
  const { max } = run.options.retryMs ?? RETRY_MS
  // Half of it by chance, so that not everybody comes back in the same moment.
  const pause = why === 'reconnect' ? 0 : run.retryMs * (0.5 + Math.random() / 2)
  run.retryMs = Math.min(max, run.retryMs * 2)
  run.timer = setTimeout(() => connect(run), pause)
}

function enter(run: Run, state: StreamState, why: string): void {
  if (run.state === state && state !== 'connecting') return
  run.state = state
  run.options.onState?.(state, why)
}
