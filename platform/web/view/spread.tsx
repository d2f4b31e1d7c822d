// Spread: the last price between the sides, the spread, and how far a pool's price is from the
// middle of the book: of several pools the one that is furthest, with its fee to tell it by.

import { useApp } from '../app-context.ts'
import type { Pool } from '../model/market-data.ts'
import { decimalsOf, fixed, UNKNOWN } from '../model/numbers.ts'
import { Price } from './price.tsx'

type Props = { readonly bid: string | undefined; readonly ask: string | undefined }

export function Spread({ bid, ask }: Props) {
  const { data, listing } = useApp()
  const digits = decimalsOf(listing.market.value?.tickSize ?? '')
  const middle = bid !== undefined && ask !== undefined ? (Number(bid) + Number(ask)) / 2 : null
  const width = middle === null ? null : Number(ask) - Number(bid)
  const pools = data.pools.value.filter(({ price }) => price !== null)
  const away = ({ price }: Pool) => Math.abs(Number(price) - (middle ?? 0))
  const [pool] = pools.toSorted((a, b) => away(b) - away(a))
  return (
    <div class="spread">
      <div class="spread-line">
        <Price value={data.ticker.value?.last ?? null} label="Last" />
        <span title="Best ask less best bid">
          <span class="muted">spread</span>{' '}
          {width === null ? UNKNOWN : `${fixed(width, digits)} · ${bpsText(width, middle)}`}
        </span>
      </div>
      {pool !== undefined && (
        <div class="spread-line" title={pools.map((one) => poolText(one, digits)).join('\n')}>
          <span class="pool-name">
            pool {fixed(Number(pool.price), digits)}
            {pools.length > 1 && <span class="muted"> {feeText(pool)}</span>}
          </span>
          <span title="Pool price less the middle of the book">
            <span class="muted">distance</span>{' '}
            {middle === null ? UNKNOWN : bpsText(Number(pool.price) - middle, middle)}
          </span>
        </div>
      )}
    </div>
  )
}

/** '0.05 %' */
function feeText({ feeBps }: Pool): string {
  return `${(feeBps / 100).toFixed(2)} %`
}

function poolText(pool: Pool, digits: number): string {
  return `${pool.venue} ${feeText(pool)}: ${fixed(Number(pool.price), digits)}`
}

function bpsText(difference: number, middle: number | null): string {
  if (middle === null) return UNKNOWN
  const bps = (difference / middle) * 10_000
  return `${bps < 0 ? '−' : ''}${Math.abs(bps).toFixed(1)} bps`
}
