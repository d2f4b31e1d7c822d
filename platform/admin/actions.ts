// Actions: what two people may do, each as one command of the journal.
//
// A row says what an action takes and which command it becomes. Listing an asset or a market stands
// here, what may change once it is there in market-actions.ts. An asset that is listed so exists in
// the ledger only: a token for it needs a custody that knows its contract.

import { Type } from 'typebox'
import { type Amount, asUnit, type FeeRate } from '#kernel/amount.ts'
import { accept, refuse } from '#kernel/result.ts'
import { closed } from '#platform/http/port.ts'
import type { ActionKind } from './action-kind.ts'
import { MARKET_ACTIONS } from './market-actions.ts'

const SYMBOL_CHARS_MAX = 24
const SCALE_MAX = 8
const RATE_MAX = 100_000

const Whole = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const Rate = Type.Integer({ minimum: 0, maximum: RATE_MAX, description: 'Millionths' })

const AssetSymbol = Type.String({ pattern: '^[A-Z0-9]{2,10}$', maxLength: SYMBOL_CHARS_MAX })
const LEDGER_ONLY = -1

const ListAssetParams = closed({
  symbol: AssetSymbol,
  scale: Type.Integer({ minimum: 0, maximum: SCALE_MAX }),
})

const listAsset: ActionKind<typeof ListAssetParams> = {
  params: ListAssetParams,
  command: ({ symbol, scale }) =>
    accept({ kind: 'listAsset', symbol, scale, chainDecimals: LEDGER_ONLY }),
  isDone: ({ symbol }, listing) => listing.assetBySymbol(symbol) !== undefined,
}

const ListMarketParams = closed({
  base: AssetSymbol,
  quote: AssetSymbol,
  priceScale: Type.Integer({ minimum: 0, maximum: SCALE_MAX }),
  tickUnits: Whole,
  lotUnits: Whole,
  minNotional: Whole,
  makerRate: Rate,
  takerRate: Rate,
})

const listMarket: ActionKind<typeof ListMarketParams> = {
  params: ListMarketParams,
  command: (params, listing) => {
    const { base: baseSymbol, quote: quoteSymbol, minNotional, makerRate, takerRate } = params
    const { priceScale, tickUnits, lotUnits } = params
    const base = listing.assetBySymbol(baseSymbol)
    const quote = listing.assetBySymbol(quoteSymbol)
    if (base === undefined || quote === undefined) return refuse('asset.unknown')
    return accept({
      ...{ kind: 'listMarket', marketKind: 'spot', symbol: symbolOf(params) },
      ...{ base: base.id, quote: quote.id, priceScale, tickUnits, lotUnits },
      minNotional: asUnit<Amount>(minNotional),
      makerRate: asUnit<FeeRate>(makerRate),
      takerRate: asUnit<FeeRate>(takerRate),
    })
  },
  isDone: (params, listing) => listing.marketBySymbol(symbolOf(params)) !== undefined,
}

function symbolOf({ base, quote }: { readonly base: string; readonly quote: string }): string {
  return `${base}-${quote}`
}

/** By the name that a proposal says. */
export const ACTIONS = {
  'asset.list': listAsset,
  'market.list': listMarket,
  ...MARKET_ACTIONS,
} as const
