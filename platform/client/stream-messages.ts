// Stream messages: what the server says on /v1/stream, typed by channel.
//
// The shapes inside are those of REST, taken from the schemas next to the routes. A message says
// its channel; keys tell whose it is. Nothing here is validated: the server's schemas did that.

import type {
  Balance,
  Book,
  BotLogLine,
  BotPlot,
  Candle,
  DeployedBot,
  EntryResult,
  Fill,
  Interval,
  MarketPhase,
  Order,
  Ticker,
  Trade,
} from './shapes.ts'

export type BookChannel = { readonly name: 'book'; readonly market: string }
export type TradesChannel = { readonly name: 'trades'; readonly market: string }
export type TickerChannel = { readonly name: 'ticker'; readonly market: string }
/** Phase, mark price, and what an auction would trade. */
export type MarketChannel = { readonly name: 'market'; readonly market: string }
export type CandlesChannel = {
  readonly name: 'candles'
  readonly market: string
  readonly interval: Interval
}
/** Without `account`: the caller's own, as in REST. */
export type OrdersChannel = { readonly name: 'orders'; readonly account?: number }
export type FillsChannel = { readonly name: 'fills'; readonly account?: number }
export type BalancesChannel = { readonly name: 'balances'; readonly account?: number }

/** What a bot of one's own logs, plots and notes, and how it changes. */
export type BotChannel = { readonly name: 'bot'; readonly id: string }

export type PrivateChannel = OrdersChannel | FillsChannel | BalancesChannel
export type PublicChannel =
  | (BookChannel | TradesChannel | TickerChannel)
  | (CandlesChannel | MarketChannel)
export type Channel = PublicChannel | PrivateChannel | BotChannel

/** Size "0" removes a level; number = previous + 1 in a delta. */
export type BookMessage = Book & {
  readonly channel: 'book'
  readonly type: 'snapshot' | 'delta'
}
export type TradesMessage = {
  readonly channel: 'trades'
  readonly market: string
  readonly trade: Trade
}
export type TickerMessage = {
  readonly channel: 'ticker'
  readonly market: string
  readonly ticker: Ticker
}
export type MarketMessage = MarketPhase & {
  readonly channel: 'market'
  readonly market: string
  readonly at: number
}
export type CandlesMessage = {
  readonly channel: 'candles'
  readonly market: string
  readonly interval: Interval
  readonly candle: Candle
}
/** The numbers of an account are gap-free over its three channels together. */
type Numbered = { readonly account: number; readonly accountSeq: number; readonly at: number }
export type OrdersMessage = Numbered & { readonly channel: 'orders'; readonly order: Order }
export type FillsMessage = Numbered & { readonly channel: 'fills'; readonly fill: Fill }
export type BalancesMessage = Numbered & { readonly channel: 'balances'; readonly balance: Balance }

/** How it stands, then every change and line; lines before are asked for by number. */
export type BotMessage = { readonly channel: 'bot'; readonly id: string } & (
  | { readonly type: 'log'; readonly line: BotLogLine }
  | { readonly type: 'state'; readonly bot: DeployedBot }
  /** Points that follow, or take the place of the last ones; null: its charts begin anew. */
  | { readonly type: 'plot'; readonly plot: BotPlot | null }
  | { readonly type: 'note'; readonly note: BotLogLine }
)

type MessageOf = {
  readonly bot: BotMessage
  readonly book: BookMessage
  readonly trades: TradesMessage
  readonly ticker: TickerMessage
  readonly candles: CandlesMessage
  readonly market: MarketMessage
  readonly orders: OrdersMessage
  readonly fills: FillsMessage
  readonly balances: BalancesMessage
}
export type ChannelMessage<C extends Channel> = MessageOf[C['name']]
export type AnyMessage = MessageOf[keyof MessageOf]

export type Resumed = {
  readonly account: number
  readonly accountSeq: number
  /** false: messages before accountSeq were missed, or none were asked for. */
  readonly resumed: boolean
}
export type Reply =
  | {
      readonly id: string | null
      readonly ok: true
      readonly accounts?: readonly Resumed[]
      /** Of an order message, one a command. */
      readonly results?: readonly EntryResult[]
    }
  | {
      readonly id: string | null
      readonly ok: false
      readonly code: string
      readonly message: string
    }

export function isPrivate(channel: Channel): channel is PrivateChannel {
  return channel.name === 'orders' || channel.name === 'fills' || channel.name === 'balances'
}

/** What tells one subscription from another. */
export function channelKey(channel: Channel): string {
  if (isPrivate(channel)) return `${channel.name}:${channel.account ?? ''}`
  if (channel.name === 'bot') return `bot:${channel.id}`
  const key = `${channel.name}:${channel.market}`
  return channel.name === 'candles' ? `${key}:${channel.interval}` : key
}

/** The subscriptions that a message may belong to: by its account, or the caller's own. */
export function keyOfMessage(message: AnyMessage): readonly string[] {
  if ('accountSeq' in message) {
    return [`${message.channel}:${message.account}`, `${message.channel}:`]
  }
  if (message.channel === 'bot') return [`bot:${message.id}`]
  const key = `${message.channel}:${message.market}`
  return [message.channel === 'candles' ? `${key}:${message.interval}` : key]
}
