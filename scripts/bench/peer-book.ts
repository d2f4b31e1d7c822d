// Peer book: nodejs-order-book, the order book of npm, fed with the same workload.
//
// It is installed on first use into a folder of its own, which git ignores: nothing of Crossbook
// depends on it.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { CANCEL, MARKET, type Workload } from './workload.ts'

const FOLDER = new URL('./peers/', import.meta.url)

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
  if (!existsSync(new URL('node_modules/nodejs-order-book/', FOLDER))) {
    const args = [
      'install',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--prefix',
      FOLDER.pathname,
    ]
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const require = createRequire(new URL('package.json', FOLDER))
  const { OrderBook } = require('nodejs-order-book')
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
