// Trades: the last trades of the market, newest first, in the colour of who took.

import { useRef } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import { clockText, grouped } from '../model/numbers.ts'
import { useFittingRows } from './use-fitting-rows.ts'

export function Trades() {
  const { data, listing } = useApp()
  const element = useRef<HTMLDivElement>(null)
  const rows = useFittingRows(element, 16)
  const market = listing.market.value
  const trades = data.trades.value
  return (
    <section class="panel trades" aria-label="Trades">
      <div class="panel-head">
        <h2>Trades</h2>
      </div>
      <div class="trade-columns" aria-hidden="true">
        <span>Price ({market?.quote})</span>
        <span>Size ({market?.base})</span>
        <span>Time</span>
      </div>
      <div class={`trade-rows ${trades === null ? 'skeleton' : ''}`} ref={element}>
        {trades?.slice(0, Math.floor(rows)).map(({ id, price, size, takerSide, at }) => (
          <div class="trade-row" key={id}>
            <span class={takerSide === 'buy' ? 'up' : 'down'}>{grouped(price)}</span>
            <span>{grouped(size)}</span>
            <span class="muted">{clockText(at)}</span>
          </div>
        ))}
        {trades?.length === 0 && <p class="empty">No trades yet.</p>}
      </div>
    </section>
  )
}
