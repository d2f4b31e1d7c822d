// Spread: the last price between the sides, the spread, and how far the pool's price is from the
// middle of the book.

import { useApp } from '../app-context.ts'
import { decimalsOf, fixed, UNKNOWN } from '../model/numbers.ts'
import { Price } from './price.tsx'

type Props = { readonly bid: string | undefined; readonly ask: string | undefined }

export function Spread({ bid, ask }: Props) {
  const { data, listing } = useApp()
  const digits = decimalsOf(listing.market.value?.tickSize ?? '')
  const middle = bid !== undefined && ask !== undefined ? (Number(bid) + Number(ask)) / 2 : null
  const width = middle === null ? null : Number(ask) - Number(bid)
  const pool = data.pools.value[0]?.price ?? null
  return (
    <div class="spread">
      <div class="spread-line">
        <Price value={data.ticker.value?.last ?? null} label="Last" />
        <span title="Best ask less best bid">
          <span class="muted">spread</span>{' '}
          {width === null ? UNKNOWN : `${fixed(width, digits)} · ${bpsText(width, middle)}`}
        </span>
      </div>
      {pool !== null && (
        <div class="spread-line">
          <span class="pool-name">pool {fixed(Number(pool), digits)}</span>
          <span title="Pool price less the middle of the book">
            <span class="muted">distance</span>{' '}
            {middle === null ? UNKNOWN : bpsText(Number(pool) - middle, middle)}
          </span>
        </div>
      )}
    </div>
  )
}

function bpsText(difference: number, middle: number | null): string {
  if (middle === null) return UNKNOWN
  const bps = (difference / middle) * 10_000
  return `${bps < 0 ? '−' : ''}${Math.abs(bps).toFixed(1)} bps`
}
