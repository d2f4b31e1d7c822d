// Pool cell: the pool's depth at one row of the book. A colour that differs from the row's side is
// where book and pool cross, and an arbitrage lives.

import { fixed } from '../model/numbers.ts'
import type { PoolDepth } from '../model/pool-depth.ts'

type Props = { readonly depth: PoolDepth; readonly deepest: number; readonly digits: number }

export function PoolCell({ depth, deepest, digits }: Props) {
  const share = deepest > 0 ? (depth.size / deepest) * 100 : 0
  return (
    <span class={`pool-cell ${depth.side}`} style={{ '--share': `${share.toFixed(1)}%` }}>
      {depth.side === 'none' ? '' : fixed(depth.size, Math.min(digits, 4))}
    </span>
  )
}
