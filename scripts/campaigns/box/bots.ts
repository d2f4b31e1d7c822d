// The bots of the campaign: every strategy of the box with parameters that keep it busy.
//
// Bars of a second and short averages, so that trends come and go within minutes; sizes that a
// customer has from the faucet. The demo itself runs market-making and arbitrage.

export type BoxBot = {
  readonly strategy: string
  readonly params: Readonly<Record<string, unknown>>
  /** It trades on the chain, too. */
  readonly onChain?: true
  /** It acts whatever the market does. */
  readonly mustTrade?: true
}

const BTC = 'internal:BTC-USDC'
const ETH = 'internal:ETH-USDC'
const SECONDS = { interval: '1s', maxQuote: 1_000 }

export const BOX_BOTS: readonly BoxBot[] = [
  {
    strategy: 'ema-cross',
    params: { ...SECONDS, market: BTC, fast: 3, slow: 6, atrBars: 3 },
  },
  {
    strategy: 'rsi-reversion',
    params: {
      ...{ ...SECONDS, market: ETH, period: 3, oversold: 35, recovered: 55, trend: 20 },
      ...{ maxBars: 20, atrBars: 3 },
    },
  },
  {
    strategy: 'bollinger-breakout',
    params: { ...SECONDS, market: BTC, period: 6, squeezeAtr: 3, freshBars: 20 },
  },
  {
    strategy: 'donchian-trend',
    params: { ...SECONDS, market: ETH, entry: 8, exit: 4, atrBars: 3 },
  },
  {
    strategy: 'grid',
    params: { market: ETH, halfWidthPercent: 1, cells: 10, cellQuote: 50, stopPercent: 5 },
    mustTrade: true,
  },
  {
    strategy: 'dca',
    params: { market: BTC, amount: 20, every: '5s', times: 1_000 },
    mustTrade: true,
  },
  {
    strategy: 'twap',
    params: { market: ETH, size: 0.5, over: '4m', slices: 48 },
    mustTrade: true,
  },
  {
    strategy: 'pure-market-making',
    params: { market: BTC, reference: BTC, spreadBps: 3, stepBps: 3 },
    mustTrade: true,
  },
  {
    strategy: 'avellaneda-stoikov',
    params: { market: ETH, reference: ETH, interval: '1s', sigmaBars: 10, depthBps: 3 },
    mustTrade: true,
  },
  {
    strategy: 'cross-venue-making',
    params: { book: ETH, orderQuote: 600, edgeBps: 2, gasQuote: 0.7 },
    onChain: true,
    mustTrade: true,
  },
]
