// Book: asks above, bids below, sizes cumulated as bars, the pool's ladder beside in one scale.
//
// Rows are as many as fit. A click on a price fills the ticket; own orders have a mark.

import { useComputed, useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import { type BookRow, bookRows } from '../model/book-rows.ts'
import { decimalsOf, fixed, grouped } from '../model/numbers.ts'
import { ladderOf } from '../model/pool-ladder.ts'
import { PoolCell } from './pool-cell.tsx'
import { Spread } from './spread.tsx'
import { useFittingRows } from './use-fitting-rows.ts'

const GROUPS = [1, 10, 100, 1_000]
/** What the middle takes, in rows. */
const SPREAD_ROWS = 2.35

export function Book() {
  const { listing, data } = useApp()
  const ticks = useSignal(1)
  const market = listing.market.value
  return (
    <section class="panel book" aria-label="Order book">
      <div class="panel-head">
        <h2>Book</h2>
        <label class="grouping">
          <span class="hidden-label">Group by price</span>
          <select
            value={ticks.value}
            onChange={(event) => {
              ticks.value = Number(event.currentTarget.value)
            }}
          >
            {GROUPS.map((group) => (
              <option key={group} value={group}>
                {stepText(market?.tickSize ?? '1', group)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="book-columns" aria-hidden="true">
        <span>Price ({market?.quote})</span>
        <span>Size ({market?.base})</span>
        <span>Total</span>
        {data.pools.value.some(({ ladder }) => ladder) && (
          <span class="pool-name">
            {data.pools.value.length > 1 ? 'Pools total' : 'Pool total'}
          </span>
        )}
      </div>
      <BookSides ticks={ticks.value} />
    </section>
  )
}

function BookSides({ ticks }: { readonly ticks: number }) {
  const { data, listing, portfolio } = useApp()
  const element = useRef<HTMLDivElement>(null)
  const rows = useFittingRows(element, 24)
  const depth = Math.max(1, Math.floor((rows - SPREAD_ROWS) / 2))
  const own = useComputed(() => {
    const mine = portfolio.open.value.filter(({ market }) => market === listing.current.value)
    return new Set(mine.map(({ price }) => price ?? ''))
  })
  const market = listing.market.value
  const sides = data.book.value
  if (market === undefined || sides === null) {
    return <div class="book-sides skeleton" ref={element} role="status" aria-label="Loading" />
  }
  const shared = { tickSize: market.tickSize, ticks, depth, own: own.value }
  const asks = bookRows(sides.asks, { ...shared, side: 'asks' })
  const bids = bookRows(sides.bids, { ...shared, side: 'bids' })
  const ladder = ladderOf(data.pools.value, [...asks, ...bids])
  const deepest = Math.max(asks.at(-1)?.total ?? 0, bids.at(-1)?.total ?? 0, ladder.deepest)
  const digits = decimalsOf(market.lotSize)
  const row = (side: 'asks' | 'bids') => (level: BookRow, index: number) => (
    <Row key={level.price} {...{ side, level, digits, deepest }} isBest={index === 0}>
      {ladder.isKnown && <PoolCell {...{ side, deepest, digits }} depth={ladder.at(level.price)} />}
    </Row>
  )
  return (
    <div class="book-sides" ref={element}>
      <div class="book-side asks">{asks.map(row('asks')).reverse()}</div>
      <Spread bid={sides.bids[0]?.[0]} ask={sides.asks[0]?.[0]} />
      <div class="book-side bids">{bids.map(row('bids'))}</div>
      {asks.length + bids.length === 0 && (
        <p class="empty">The book is empty. Place a limit order to open it.</p>
      )}
    </div>
  )
}

type RowProps = {
  readonly side: 'asks' | 'bids'
  readonly level: BookRow
  readonly digits: number
  readonly deepest: number
  readonly isBest: boolean
  readonly children: preact.ComponentChildren
}

function Row({ side, level, digits, deepest, isBest, children }: RowProps) {
  const { ticket, screen } = useApp()
  const { price, size, total, isOwn } = level
  const name = side === 'asks' ? 'Ask' : 'Bid'
  const share = deepest > 0 ? (total / deepest) * 100 : 0
  return (
    <button
      type="button"
      class={`book-row ${side} ${isOwn ? 'own' : ''}`}
      tabIndex={isBest ? 0 : -1}
      aria-label={`${name} ${grouped(price)}, size ${fixed(size, digits)}${isOwn ? ', yours' : ''}`}
      style={{ '--share': `${share.toFixed(1)}%` }}
      onClick={() => {
        ticket.take(price)
        screen.value = screen.peek() === 'book' ? 'ticket' : screen.peek()
      }}
    >
      <span class="book-price">{grouped(price)}</span>
      <span>{fixed(size, digits)}</span>
      <span class="book-total">{fixed(total, digits)}</span>
      {children}
    </button>
  )
}

function stepText(tickSize: string, group: number): string {
  return (Number(tickSize) * group).toFixed(Math.max(0, decimalsOf(tickSize) - Math.log10(group)))
}
