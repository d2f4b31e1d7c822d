// Listeners: who wants to hear of every change, for the stream.
//
// They are called synchronously inside a release and must be quick: take what they need, send
// later. A kind of change that nobody listens to costs one comparison.

import type { AccountId, MarketId } from '#kernel/ids.ts'
import type { TradeRow } from '../history-rows.ts'
import type { Level } from './book.ts'
import type { PrivateChannel, PrivateMessage } from './message-slots.ts'

export type BookChange = {
  readonly market: MarketId
  /** Previous number + 1. */
  readonly number: number
  /**
   * Levels with their new sizes in lots, 0 removes one: one level, or one of each side by an
   * auction's fill, or none by a change that only hidden lots feel.
   */
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
  readonly at: number
}

export type LiveListener = {
  readonly book?: (change: BookChange) => void
  /** Ticker and running candles of the market have changed, too: read them when needed. */
  readonly trade?: (trade: TradeRow) => void
  /** A market was listed: its channels exist from now on. */
  readonly market?: (market: MarketId) => void
  /** Phase, indicative price, mark price, rules or fees of a market have changed: read them. */
  readonly state?: (market: MarketId, at: number) => void
  readonly message?: (message: PrivateMessage) => void
  /** Whose messages it hears; without it those of all. A message is made when somebody wants it. */
  readonly wants?: Wants
}

type Wants = (account: AccountId, channel: PrivateChannel) => boolean
type Told = Required<Omit<LiveListener, 'wants' | 'message'>> & {
  readonly message: { readonly wants: Wants; readonly hear: (message: PrivateMessage) => void }
}

type Lists = { readonly [Kind in keyof Told]: Told[Kind][] }

export type Listeners = Lists & { add(listener: LiveListener): () => void }

export function createListeners(): Listeners {
  const lists: Lists = { book: [], trade: [], market: [], state: [], message: [] }
  const add = (listener: LiveListener): (() => void) => {
    const { book, trade, market, state, message: hear, wants = always } = listener
    const stops = [
      join(lists.book, book),
      join(lists.trade, trade),
      join(lists.market, market),
      join(lists.state, state),
      join(lists.message, hear === undefined ? undefined : { wants, hear }),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }
  return { add, ...lists }
}

function always(): boolean {
  return true
}

function join<T>(list: T[], one: T | undefined): () => void {
  if (one !== undefined) list.push(one)
  return () => {
    const place = one === undefined ? -1 : list.indexOf(one)
    if (place >= 0) list.splice(place, 1)
  }
}
