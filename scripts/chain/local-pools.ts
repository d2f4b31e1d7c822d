// The pools of a chain for people: two markets, each in Uniswap V2 and in two fees of V3.
//
// `npm run chain` and the package entry for Hardhat projects open the same ones, so that what was
// tried against one holds for the other.

export const UNIT = { BTC: 10n ** 8n, ETH: 10n ** 18n, USDC: 10n ** 6n } as const

export const POOLS = [
  {
    market: 'BTC-USDC',
    base: 'BTC',
    quote: 'USDC',
    baseAmount: 20n * UNIT.BTC,
    quoteAmount: 2_000_000n * UNIT.USDC,
  },
  {
    market: 'ETH-USDC',
    base: 'ETH',
    quote: 'USDC',
    baseAmount: 500n * UNIT.ETH,
    quoteAmount: 2_000_000n * UNIT.USDC,
  },
]

/** The fees of V3 that are traded most; the others are enabled and have no pool. */
const V3_FEES = [500, 3_000] as const

export const V3_POOLS = POOLS.flatMap((pool) => V3_FEES.map((fee) => ({ ...pool, fee })))

/** What everybody gets who shall trade: test tokens, beside the ETH for gas. */
export function pocketMoney(to: string) {
  return [
    { asset: 'USDC', to, amount: 1_000_000n * UNIT.USDC },
    { asset: 'BTC', to, amount: 10n * UNIT.BTC },
  ]
}
