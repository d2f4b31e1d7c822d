// Book quote: what a market order would give against the local book, taker fee included.
//
// An estimate for decisions, without any promise; floats are right here. A book that is not deep
// enough is said to be so and never answered in part.

import type { Quote, QuoteRequest } from '../venue.ts'
import type { LocalBook } from './market-feed.ts'

export type BookQuoteInput = {
  readonly request: QuoteRequest
  readonly book: LocalBook | undefined
  /** As a ratio. */
  readonly takerFee: number
  readonly now: number
}

export function quoteFromBook({ request, book, takerFee, now }: BookQuoteInput): Quote {
  if (book === undefined) return { kind: 'unavailable', reason: 'the book is not known' }
  const { side, quantity } = request
  let left = Number(quantity.amount)
  if (!(left > 0)) return { kind: 'unavailable', reason: 'the quantity is not a number above 0' }
  const [sign, levels] = side === 'buy' ? [1, book.asks] : [-1, book.bids]
  const sum = { base: 0, quote: 0 }
  for (const level of levels) {
    const price = Number(level.price) * (1 + sign * takerFee)
    const wanted = quantity.in === 'base' ? left : left / price
    const base = Math.min(Number(level.size), wanted)
    sum.base += base
    sum.quote += base * price
    left -= quantity.in === 'base' ? base : base * price
    if (left <= 1e-12) return { kind: 'quote', ...text(sum), at: now }
  }
  return { kind: 'unavailable', reason: 'the book is not deep enough' }
}

function text({ base, quote }: { readonly base: number; readonly quote: number }) {
  return { base: base.toFixed(8), quote: quote.toFixed(8) }
}
