// Account feed: what happens to an account's orders, fills and balances, as it happens.
//
// Messages are numbered by account without gaps. After a cut the stream asks for what it missed;
// when the platform no longer has it, the listener hears `missed` and must read everything anew.

import type { Stream } from '#client/stream.ts'
import type { Balance, Fill, Order } from '../venue.ts'
import { toFill, toOrder } from './order-shapes.ts'

export type AccountChange =
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'fill'; readonly fill: Fill }
  /** Of the assets that changed. */
  | { readonly kind: 'balances'; readonly balances: readonly Balance[] }
  /** What happened before is not known: ask. Also told at the beginning. */
  | { readonly kind: 'missed' }

export type AccountFeedOptions = {
  readonly stream: Stream
  readonly account?: number
  readonly listener: (change: AccountChange) => void
}

/** Answers how to end it. */
export function watchAccount({ stream, account, listener }: AccountFeedOptions): () => void {
  const of = account === undefined ? {} : { account }
  const onReady = (how: 'fresh' | 'resumed') => {
    if (how === 'fresh') listener({ kind: 'missed' })
  }
  const ends = [
    stream.subscribe(
      { name: 'fills', ...of },
      { onMessage: ({ fill }) => listener({ kind: 'fill', fill: toFill(fill) }) },
    ),
    stream.subscribe(
      { name: 'orders', ...of },
      { onMessage: ({ order }) => listener({ kind: 'order', order: toOrder(order) }), onReady },
    ),
    stream.subscribe(
      { name: 'balances', ...of },
      {
        onMessage: ({ balance: { asset, available, held } }) => {
          listener({ kind: 'balances', balances: [{ asset, available, held }] })
        },
      },
    ),
  ]
  return () => {
    for (const end of ends) end()
  }
}
