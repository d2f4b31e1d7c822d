// Live book: a market's whole book, kept by snapshot and deltas, with gaps found and mended.
//
// A delta's number is the one before plus 1. Anything else means that something is missing: the
// book says nothing until a fresh snapshot is there. Sizes are texts as the server sent them;
// prices are ordered by value.

import type { Stream } from './stream.ts'
import type { BookMessage } from './stream-messages.ts'

export type LiveBook = {
  /** Of the last change; 0 while there is no snapshot. */
  number(): number
  /** [price, size], the best first; null while the book is not known. */
  levels(side: 'bids' | 'asks', depth: number): readonly (readonly [string, string])[] | null
  /** How often a gap was found. */
  gaps(): number
  close(): void
}

export type LiveBookOptions = {
  readonly stream: Stream
  readonly market: string
  readonly onChange?: () => void
}

type Side = Map<string, string>

export function createLiveBook({ stream, market, onChange }: LiveBookOptions): LiveBook {
  const channel = { name: 'book', market } as const
  const sides: Record<'bids' | 'asks', Side> = { bids: new Map(), asks: new Map() }
  let [number, gaps] = [0, 0]
  let isKnown = false
  const onMessage = (message: BookMessage): void => {
    if (message.type === 'snapshot') {
      for (const name of SIDES) sides[name] = new Map(message[name])
      isKnown = true
    } else if (!isKnown || message.number !== number + 1) {
      // Deltas that were on their way before the new snapshot do not count as another gap.
      if (isKnown) {
        gaps += 1
        stream.renew(channel)
      }
      isKnown = false
      return
    } else {
      for (const name of SIDES) for (const level of message[name]) change(sides[name], level)
    }
    number = message.number
    onChange?.()
  }
  const stop = stream.subscribe(channel, {
    onMessage,
    onReady: () => {
      isKnown = false
    },
  })
  return {
    number: () => (isKnown ? number : 0),
    levels: (name, depth) => {
      if (!isKnown) return null
      const direction = name === 'bids' ? -1 : 1
      const sorted = [...sides[name]].sort((a, b) => direction * (Number(a[0]) - Number(b[0])))
      return sorted.slice(0, depth)
    },
    gaps: () => gaps,
    close: stop,
  }
}

const SIDES = ['bids', 'asks'] as const

function change(side: Side, [price, size]: readonly [string, string]): void {
  if (size === '0') side.delete(price)
  else side.set(price, size)
}
