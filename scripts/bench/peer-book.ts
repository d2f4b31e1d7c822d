// Peer book: nodejs-order-book, the order book of npm, fed with the same workload.

import { requirePeer } from './peers.ts'
import { CANCEL, MARKET, type Workload } from './workload.ts'

type Side = 'buy' | 'sell'
type Order = { id: string; side: Side; price: number; size: number }
export type PeerBook = {
  limit(order: Order): unknown
  market(order: { side: Side; size: number }): unknown
  cancel(id: string): unknown
  depth(): [[number, number][], [number, number][]]
}

/** A factory of empty books; installs the package when it is not there. */
export function loadPeerBook(): () => PeerBook {
  const { OrderBook } = requirePeer('nodejs-order-book')
  return () => new OrderBook()
}

/** Ids of its orders, made beforehand so that making them is not measured. */
export function peerIds(workload: Workload): readonly string[] {
  return Array.from({ length: workload.count }, (_, i) => `o${i}`)
}

/** Runs commands [from, to) of the workload. */
export function runPeer(
  book: PeerBook,
  workload: Workload,
  ids: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const { kind, side, price, size, target } = workload
  for (let i = from; i < to; i += 1) {
    if (kind[i] === CANCEL) {
      book.cancel(ids[target[i] ?? 0] ?? '')
      continue
    }
    const order = { side: side[i] === 0 ? 'buy' : 'sell', size: size[i] ?? 0 } as const
    if (kind[i] === MARKET) book.market(order)
    else book.limit({ id: ids[i] ?? '', price: price[i] ?? 0, ...order })
  }
}
