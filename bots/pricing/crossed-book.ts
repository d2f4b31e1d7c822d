// Crossed book: what trading a book against itself gains, where its best bid is above its best ask.
//
// The book of all pools together does that when two pools differ by more than their fees, which its
// prices have inside. Levels are counted at their average price, so a part of one gains at least
// what is said here.

import type { Book } from '../market.ts'

export type Crossing = {
  /** Quote coins that go in, and by how much more come out. */
  readonly spent: number
  readonly gain: number
}

/** Undefined for a book that is not crossed. */
export function crossingOf({ bids, asks }: Book, spentMax: number): Crossing | undefined {
  let [spent, gain, atBid, atAsk] = [0, 0, 0, 0]
  let [bidLeft, askLeft] = [Number(bids[0]?.size), Number(asks[0]?.size)]
  for (;;) {
    const [bid, ask] = [Number(bids[atBid]?.price), Number(asks[atAsk]?.price)]
    const room = (spentMax - spent) / ask
    if (!(bid > ask) || !(room > 0)) break
    const base = Math.min(bidLeft, askLeft, room)
    spent += base * ask
    gain += base * (bid - ask)
    bidLeft -= base
    askLeft -= base
    if (bidLeft <= 0) bidLeft = Number(bids[++atBid]?.size)
    if (askLeft <= 0) askLeft = Number(asks[++atAsk]?.size)
  }
  return gain > 0 ? { spent, gain } : undefined
}
