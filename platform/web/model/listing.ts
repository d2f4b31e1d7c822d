// Listing: the markets and assets there are, and the market that is looked at.
//
// The chosen market stands in the address (#BTC-USDC), so that a link and the back button work.
// Terms of a market (rules, fees, whether it is traded) change while one looks: the list is read
// again now and then, and of the market that is looked at whoever asks for its pools tells it.

import { computed, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Connection } from './connection.ts'
import type { ItemOf } from './item-of.ts'
import { withNews } from './market-news.ts'

export type ListingDeps = {
  readonly client: Client
  readonly storage: Storage
  readonly connection: Pick<Connection, 'every'>
}
export type Listing = ReturnType<typeof createListing>

export type Market = ItemOf<Client['markets']>
export type Asset = ItemOf<Client['assets']>

const MARKET = 'crossbook.market'
const RETRY_MS = 2_000
const NOW_AND_THEN_MS = 30_000

export function createListing({ client, storage, connection }: ListingDeps) {
  const markets = signal<readonly Market[]>([])
  const assets = signal<readonly Asset[]>([])
  const wanted = signal(location.hash.slice(1) || (storage.getItem(MARKET) ?? ''))
  const load = async (): Promise<void> => {
    const [known, listed] = await Promise.all([client.assets(), client.markets()])
    if (known.kind !== 'done' || listed.kind !== 'done') {
      setTimeout(() => void load(), RETRY_MS)
      return
    }
    assets.value = known.value.items
    markets.value = listed.value.items
  }
  void load()
  connection.every(NOW_AND_THEN_MS, async () => {
    if (markets.peek().length === 0) return
    const listed = await client.markets()
    if (listed.kind === 'done') markets.value = withNews(markets.peek(), listed.value.items)
  })
  addEventListener('hashchange', () => {
    wanted.value = location.hash.slice(1)
    storage.setItem(MARKET, wanted.value)
  })
  const chosen = computed(
    () => markets.value.find(({ symbol }) => symbol === wanted.value) ?? markets.value[0],
  )
  return {
    ...{ markets, assets },
    market: chosen,
    /** undefined until the list is there. */
    current: computed(() => chosen.value?.symbol),
    /** A market as it was told just now. */
    learn: (market: Market): void => {
      const known = markets.peek()
      const rows = known.map((row) => (row.symbol === market.symbol ? market : row))
      markets.value = withNews(known, rows)
    },
    choose: (symbol: string): void => {
      location.hash = symbol
    },
    scaleOf: (asset: string): number =>
      assets.value.find(({ symbol }) => symbol === asset)?.scale ?? 0,
  }
}
