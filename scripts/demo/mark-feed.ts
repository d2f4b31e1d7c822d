// Mark feed: the reference prices as mark prices of their markets, once a second.
//
// The process that runs the bots says where each series stands; the price there, to the nearest
// tick, is a command of the exchange's own. A market that refuses it (delisted, or an engine that
// knows no marks) is told once and left alone; what was not done, or perhaps not, is said again.

import { asUnit, type PriceTicks } from '#kernel/amount.ts'
import type { Sequencer } from '#sequencer/port.ts'
import type { Listing } from '#views/listing.ts'
import type { MarketPrice } from './prices.ts'

type MarkFeedDeps = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly listing: Pick<Listing, 'marketBySymbol'>
  readonly prices: readonly Pick<MarketPrice, 'market' | 'series'>[]
}

/** Takes the position of every series, in bars. */
export function createMarkFeed({ sequencer, listing, prices }: MarkFeedDeps) {
  const refused = new Set<string>()
  const told = new Map<string, number>()
  const tell = async (symbol: string, price: number): Promise<void> => {
    const market = listing.marketBySymbol(symbol)
    if (market === undefined || refused.has(symbol)) return
    const ticks = Math.round((price * 10 ** market.priceScale) / market.tickUnits)
    if (told.get(symbol) === ticks) return
    told.set(symbol, ticks)
    const mark = { kind: 'setMark', market: market.id, price: asUnit<PriceTicks>(ticks) } as const
    const { code } = await sequencer.submit(mark)
    if (code === null) return
    if (code !== 'capacity.exhausted' && code !== 'unknown') refused.add(symbol)
    // A later price may have been told in the meantime: that one stands.
    else if (told.get(symbol) === ticks) told.delete(symbol)
  }
  return (positions: Readonly<Record<string, number>>): Promise<unknown> =>
    Promise.all(
      prices.map(({ market, series }) => {
        const position = positions[market]
        return position === undefined ? undefined : tell(market, series.priceAt(position))
      }),
    )
}
