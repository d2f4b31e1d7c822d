// Market switch: the market's name as a button that opens a list to search in.
//
// It works without a mouse: the slash key opens it, Enter takes the first that is found, Escape
// gives the focus back.

import { signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import type { Market } from '../model/listing.ts'
import { grouped } from '../model/numbers.ts'
import { MARKET_BUTTON } from './use-shortcuts.ts'

export function MarketSwitch() {
  const { listing } = useApp()
  const isOpen = useSignal(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = (): void => {
    isOpen.value = false
    button.current?.focus()
  }
  return (
    <div class="market-switch">
      <button
        type="button"
        id={MARKET_BUTTON}
        ref={button}
        class="market-button"
        aria-haspopup="dialog"
        aria-expanded={isOpen.value}
        title="Choose a market ( / )"
        onClick={() => {
          isOpen.value = !isOpen.value
        }}
      >
        {listing.current.value ?? '…'}
        <span class="caret" aria-hidden="true" />
      </button>
      {isOpen.value && <MarketList close={close} />}
    </div>
  )
}

function MarketList({ close }: { readonly close: () => void }) {
  const { listing, client } = useApp()
  const search = useSignal('')
  const prices = useRef(signal<ReadonlyMap<string, string | null>>(new Map())).current
  const field = useRef<HTMLInputElement>(null)
  const found = listing.markets.value.filter(({ symbol }) =>
    symbol.toLowerCase().includes(search.value.trim().toLowerCase()),
  )
  const choose = (symbol: string | undefined): void => {
    if (symbol !== undefined) listing.choose(symbol)
    close()
  }
  useEffect(() => {
    field.current?.focus()
    for (const { symbol } of listing.markets.peek()) {
      void client.ticker(symbol).then((outcome) => {
        if (outcome.kind !== 'done') return
        prices.value = new Map(prices.peek()).set(symbol, outcome.value.last)
      })
    }
  }, [client, listing, prices])
  return (
    <div
      class="popover market-list"
      role="dialog"
      aria-label="Markets"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close()
        if (event.key === 'Enter' && event.target === field.current) choose(found[0]?.symbol)
      }}
    >
      <input
        ref={field}
        class="field"
        type="search"
        placeholder="Find a market"
        aria-label="Find a market"
        value={search.value}
        onInput={(event) => {
          search.value = event.currentTarget.value
        }}
      />
      <ul>
        {found.map((market) => (
          <MarketRow
            {...{ market, choose }}
            key={market.symbol}
            last={prices.value.get(market.symbol)}
          />
        ))}
        {found.length === 0 && <li class="empty">No market has this name.</li>}
      </ul>
    </div>
  )
}

type RowProps = {
  readonly market: Market
  readonly last: string | null | undefined
  readonly choose: (symbol: string) => void
}

function MarketRow({ market, last, choose }: RowProps) {
  const { listing } = useApp()
  return (
    <li>
      <button
        type="button"
        class="market-row"
        aria-current={listing.current.value === market.symbol}
        onClick={() => choose(market.symbol)}
      >
        <span>{market.symbol}</span>
        <span class="muted">{market.pools.length > 0 ? 'book + pool' : market.kind}</span>
        <span class="number">{grouped(last)}</span>
      </button>
    </li>
  )
}
