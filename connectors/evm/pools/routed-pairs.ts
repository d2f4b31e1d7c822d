// Routed pairs: every two assets that some route connects, as markets over all pools together.
//
// A pair of assets that pools trade directly has the name of their market, ETH-USDC; of two assets
// that only a longer route connects, the one that a pool named first is the base: BTC-ETH.

import { type AssetPair, type PoolMarket, turned } from './market.ts'
import { HOPS_MAX } from './routing.ts'

export type RoutedPair = AssetPair & {
  /** That trade the two directly, each seen from the pair's base. */
  readonly pools: readonly PoolMarket[]
}

export function routedPairs(markets: readonly PoolMarket[]): readonly RoutedPair[] {
  const pairs = new Map<string, RoutedPair>()
  for (const pool of markets) {
    const known = pairs.get(nameOf(pool)) ?? pairs.get(nameOf(turned(pool)))
    const own = known?.base === pool.quote ? turned(pool) : pool
    pairs.set(nameOf(own), pairOf(own, [...(known?.pools ?? []), own]))
  }
  for (const [from, to] of farAssets([...pairs.values()])) {
    pairs.set(nameOf({ base: from.base, quote: to.base }), {
      market: nameOf({ base: from.base, quote: to.base }),
      ...{ base: from.base, baseToken: from.baseToken },
      ...{ quote: to.base, quoteToken: to.baseToken, pools: [] },
    })
  }
  return [...pairs.values()]
}

type Asset = Pick<AssetPair, 'base' | 'baseToken'>

/** Every two assets that no pool trades directly and a route does. */
function farAssets(pairs: readonly RoutedPair[]): [Asset, Asset][] {
  const assets = new Map<string, Asset>()
  for (const { base, baseToken, quote, quoteToken } of pairs) {
    if (!assets.has(base)) assets.set(base, { base, baseToken })
    if (!assets.has(quote)) assets.set(quote, { base: quote, baseToken: quoteToken })
  }
  const all = [...assets.values()]
  return all.flatMap((from, at) => {
    const hops = hopsFrom(from.base, pairs)
    return all.slice(at + 1).flatMap((to): [Asset, Asset][] => {
      return (hops.get(to.base) ?? 0) > 1 ? [[from, to]] : []
    })
  })
}

/** How many pools away each asset is that a route can reach. */
function hopsFrom(asset: string, pairs: readonly RoutedPair[]): ReadonlyMap<string, number> {
  const hops = new Map([[asset, 0]])
  for (let hop = 1; hop <= HOPS_MAX; hop++) {
    for (const { base, quote } of pairs) {
      for (const [from, to] of [
        [base, quote],
        [quote, base],
      ] as const) {
        if (hops.get(from) === hop - 1 && !hops.has(to)) hops.set(to, hop)
      }
    }
  }
  return hops
}

function pairOf(pool: PoolMarket, pools: readonly PoolMarket[]): RoutedPair {
  const { base, quote, baseToken, quoteToken } = pool
  return { market: nameOf(pool), base, quote, baseToken, quoteToken, pools }
}

function nameOf({ base, quote }: Pick<AssetPair, 'base' | 'quote'>): string {
  return `${base}-${quote}`
}
