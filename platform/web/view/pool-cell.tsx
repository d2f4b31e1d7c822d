// Pool cell: the pool's depth at one row of the book, marked where the pool pays more for it, or
// asks less, than the book with its fee paid: the gap an arbitrage lives on.

import { fixed } from '../model/numbers.ts'
import type { PoolDepth } from '../model/pool-depth.ts'

type Props = {
  readonly side: 'asks' | 'bids'
  readonly depth: PoolDepth
  readonly deepest: number
  readonly digits: number
}

export function PoolCell({ side, depth, deepest, digits }: Props) {
  const share = deepest > 0 ? (depth.size / deepest) * 100 : 0
  const crosses = depth.beats && depth.side === (side === 'asks' ? 'buys' : 'sells')
  return (
    <span
      class={`pool-cell ${crosses ? 'crosses' : ''}`}
      style={{ '--share': `${share.toFixed(1)}%` }}
    >
      {depth.side === 'none' ? '' : fixed(depth.size, Math.min(digits, 4))}
    </span>
  )
}
