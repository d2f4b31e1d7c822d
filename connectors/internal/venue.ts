// The internal venue: our own platform as a bot sees it, over the public API and nothing else.
//
// Market data comes from a feed that bots share, orders go through the bot's own key. Quotes are
// made from the local book, without asking anybody.

import type { Instrument, Trading, Venue } from '../venue.ts'
import { quoteFromBook } from './book-quote.ts'
import type { MarketFeed } from './market-feed.ts'

export const INTERNAL = 'internal'

export type InternalVenueDeps = {
  readonly feed: MarketFeed
  /** Microseconds. */
  readonly now: () => number
  /** Without it the venue is read-only. */
  readonly trading?: Trading
}

/** A venue over a feed that somebody else keeps; closing it leaves the feed running. */
export function createInternalVenue({ feed, now, trading }: InternalVenueDeps): Venue {
  const ends = new Set<() => void>()
  const instruments = onceRead(feed)
  return {
    name: INTERNAL,
    instruments,
    subscribe(symbol, listener) {
      const end = feed.subscribe(symbol, listener)
      ends.add(end)
      return () => {
        ends.delete(end)
        end()
      }
    },
    async quote(request) {
      const instrument = (await instruments()).find(({ symbol }) => symbol === request.symbol)
      if (instrument === undefined) return { kind: 'unavailable', reason: 'market.unknown' }
      const takerFee = Number(instrument.takerFee)
      return quoteFromBook({ request, book: feed.book(request.symbol), takerFee, now: now() })
    },
    history: (request) => feed.history(request),
    trading,
    async close() {
      for (const end of ends) end()
      ends.clear()
    },
  }
}

function onceRead(feed: MarketFeed): () => Promise<readonly Instrument[]> {
  let known: readonly Instrument[] | undefined
  return async () => {
    known ??= await feed.instruments()
    return known
  }
}
