// Accounting: what a bot has earned, in USDC at mid prices, after fees and gas.
//
// Every fill, fee, gas and cost changes how much of an asset the bot has gained; profit is the
// value of these changes now, so coins it was given at the start are not counted as earned. Equity
// is the value of everything it holds; a wallet that several venues trade from counts once. Floats
// are right here: these figures decide nothing. Positions are by the pair of assets, so that what
// was bought on one pool and sold on another is none.

import type { Balance, Fill } from '#connectors/venue.ts'

export type Figures = {
  readonly equity: number
  readonly pnl: number
  readonly fees: number
  readonly gas: number
}

export type Accounting = {
  fill(fill: Fill): void
  /** Gas of what had no effect, fees of transfers. */
  cost(cost: {
    readonly kind: 'fees' | 'gas'
    readonly asset: string
    readonly amount: string
  }): void
  /** Of a venue, or of the wallet that it shares with others. */
  balances(wallet: string, balances: readonly Balance[]): void
  figures(): Figures
  /** Base coins bought less sold, on every market of these two assets. */
  position(symbol: string): number
  saved(): {
    readonly figures: Readonly<Record<string, number>>
    readonly positions: Readonly<Record<string, number>>
  }
}

export type AccountingDeps = {
  /** In USDC; undefined while nobody knows. */
  readonly priceOf: (asset: string) => number | undefined
  readonly saved: ReturnType<Accounting['saved']> | undefined
}

const GAINED = 'gained '

export function createAccounting({ priceOf, saved }: AccountingDeps): Accounting {
  const sums = new Map(Object.entries(saved?.figures ?? {}))
  const positions = new Map(Object.entries(saved?.positions ?? {}))
  const holdings = new Map<string, number>()

  const add = (map: Map<string, number>, key: string, amount: number) =>
    void map.set(key, (map.get(key) ?? 0) + amount)
  const worth = (asset: string, amount: number) => amount * (priceOf(asset) ?? 0)

  function charge(kind: 'fees' | 'gas', asset: string, amount: number): void {
    add(sums, GAINED + asset, -amount)
    add(sums, kind, worth(asset, amount))
  }

  return {
    fill({ symbol, side, base, quote, fee, gas }) {
      const [baseAsset = '', quoteAsset = ''] = symbol.split('-')
      const sign = side === 'buy' ? 1 : -1
      add(sums, GAINED + baseAsset, sign * Number(base))
      add(sums, GAINED + quoteAsset, -sign * Number(quote))
      add(positions, pairOf(symbol), sign * Number(base))
      charge('fees', fee.asset, Number(fee.amount))
      if (gas !== undefined) charge('gas', gas.asset, Number(gas.amount))
    },
    cost: ({ kind, asset, amount }) => charge(kind, asset, Number(amount)),
    balances(wallet, balances) {
      for (const { asset, available, held } of balances) {
        holdings.set(`${wallet} ${asset}`, Number(available) + Number(held))
      }
    },
    figures() {
      let equity = 0
      for (const [key, amount] of holdings) equity += worth(assetOf(key), amount)
      let pnl = 0
      for (const [key, amount] of sums) {
        if (key.startsWith(GAINED)) pnl += worth(key.slice(GAINED.length), amount)
      }
      return { equity, pnl, fees: sums.get('fees') ?? 0, gas: sums.get('gas') ?? 0 }
    },
    position: (symbol) => positions.get(pairOf(symbol)) ?? 0,
    saved: () => ({
      figures: Object.fromEntries(sums),
      positions: Object.fromEntries(positions),
    }),
  }
}

/** Of a pool of V3 the symbol has a fee behind its assets. */
export function pairOf(symbol: string): string {
  return symbol.split('-', 2).join('-')
}

/** 'wallet ETH' and 'wallet native:ETH' are both ETH. */
function assetOf(key: string): string {
  const name = key.slice(key.indexOf(' ') + 1)
  return name.startsWith('native:') ? name.slice('native:'.length) : name
}
